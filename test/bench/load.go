package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// times are durations of many calls.
type times []time.Duration

func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.Sort(s)
	return s[min(len(s)-1, int(share*float64(len(s))))]
}

// throughput asks one URL as often as 16 kept connections can for a while and
// returns good answers per second. It speaks HTTP itself: net/http's client
// costs more than the servers that are measured.
func throughput(address string, span time.Duration) float64 {
	const clients = 16
	u, err := url.Parse(address)
	if err != nil {
		return 0
	}
	ask := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: identity\r\n\r\n", u.RequestURI(), u.Host)
	var all sync.WaitGroup
	var total atomic.Int64
	began := time.Now()
	for range clients {
		all.Go(func() { total.Add(askAgain(u.Host, ask, began.Add(span))) })
	}
	all.Wait()
	return float64(total.Load()) / time.Since(began).Seconds()
}

// askAgain counts the good answers on one connection until the end.
func askAgain(host string, ask []byte, end time.Time) (good int64) {
	c, err := net.Dial("tcp", host)
	if err != nil {
		return 0
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 64<<10)
	for time.Now().Before(end) {
		if _, err := c.Write(ask); err != nil {
			return good
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return good
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return good
		}
		if res.StatusCode == http.StatusOK {
			good++
		}
	}
	return good
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

// median of three rounds, alternating with a control.
func rounds(measured, control func() float64) (m, c float64) {
	var ms, cs []float64
	for range 3 {
		ms = append(ms, measured())
		cs = append(cs, control())
	}
	slices.Sort(ms)
	slices.Sort(cs)
	return ms[1], cs[1]
}
