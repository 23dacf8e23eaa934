package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// times are durations of many calls.
type times []time.Duration

// at is the smallest duration that at least this share of the calls did not exceed (the nearest-rank percentile), 0 without calls.
func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.Sort(s)
	rank := int(math.Ceil(share*float64(len(s)) - 1e-9)) // 0.99*100 is a little more than 99 in binary
	return s[min(len(s), max(1, rank))-1]
}

// hammered is what a closed loop of connections got.
type hammered struct {
	rate float64 // good answers per second
	took times
}

// hammer asks one URL as often as a number of kept connections can for a while, for the packed page, as phones do. It
// speaks HTTP itself: net/http's client costs more than the servers that are measured.
func hammer(address string, connections int, span time.Duration) (h hammered) {
	u, err := url.Parse(address)
	if err != nil {
		return h
	}
	ask := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip\r\n\r\n", u.RequestURI(), u.Host)
	var all sync.WaitGroup
	var mu sync.Mutex
	began := time.Now()
	for range connections {
		all.Go(func() {
			took := askAgain(u.Host, ask, began.Add(span))
			mu.Lock()
			defer mu.Unlock()
			h.took = append(h.took, took...)
		})
	}
	all.Wait()
	h.rate = float64(len(h.took)) / time.Since(began).Seconds()
	return h
}

// throughput is how many good answers per second 16 connections get.
func throughput(address string, span time.Duration) float64 { return hammer(address, 16, span).rate }

// askAgain asks on one connection until the end and returns how long the good answers took.
func askAgain(host string, ask []byte, end time.Time) (took times) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return nil
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 64<<10)
	for {
		began := time.Now()
		if !began.Before(end) {
			return took
		}
		if _, err := c.Write(ask); err != nil {
			return took
		}
		good, err := readAnswer(in)
		if err != nil {
			return took
		}
		if good {
			took = append(took, time.Since(began))
		}
	}
}

var errNoLength = errors.New("an answer without Content-Length")

// readAnswer reads one answer past its body; good is one with status 200.
func readAnswer(in *bufio.Reader) (good bool, err error) {
	length := -1
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return false, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first {
			good = bytes.HasPrefix(line, []byte("HTTP/1.1 200"))
			continue
		}
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return false, err
			}
		}
	}
	if length < 0 {
		return false, errNoLength
	}
	_, err = in.Discard(length)
	return good, err
}

// paced calls fn at a rate for a while, each call in a goroutine of its own,
// and returns how long they took.
func paced(rate int, span time.Duration, fn func(i int) (time.Duration, error)) (times, int) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var took times
	failed := 0
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	n := int(span.Seconds() * float64(rate))
	for i := range n {
		<-tick.C
		all.Add(1)
		go func() {
			defer all.Done()
			d, err := fn(i)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
				return
			}
			took = append(took, d)
		}()
	}
	all.Wait()
	return took, failed
}

// median is the middle value, 0 of none.
func median(of []float64) float64 {
	if len(of) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(of))
	return s[len(s)/2]
}
