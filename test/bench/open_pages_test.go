package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"gerai/internal/app"
	"gerai/internal/config"
)

// pagesPerOrder is how many pages watch one order here; the shop allows eight.
const pagesPerOrder = 4

// TestBenchOpenPages measures open order pages alone.
func TestBenchOpenPages(t *testing.T) {
	if os.Getenv("GERAI_BENCH_OPEN") != "1" {
		t.Skip("left out: GERAI_BENCH_OPEN asks for it")
	}
	alone(t, openPageMemory, engines(t)[0])
}

// openPageMemory is what an open page with its event stream takes of the shop: the growth of its resident set by many of them, and
// its processor time while they wait for their payment.
func openPageMemory(t *testing.T, p *page, e engine) {
	for _, n := range p.streams {
		s := setStage(t, e, staged{streams: n + n/2})
		paths := s.unpaid((n + pagesPerOrder - 1) / pagesPerOrder)
		s.calm()
		before := residentNow(t, s.shopPID)
		held := make([]net.Conn, n)
		for i := range held {
			held[i] = openPage(t, strings.TrimPrefix(s.Shop, "http://"), paths[i%len(paths)], i)
		}
		opened, used := residentNow(t, s.shopPID), s.worked()
		began := time.Now()
		<-time.After(30 * time.Second)
		after, spent := residentNow(t, s.shopPID), s.worked().minus(used).shop
		rested := time.Since(began)
		if open := unended(held); open != n {
			t.Errorf("%d of %d pages were open at the end", open, n)
		}
		each := func(mb float64) float64 { return (mb - before) * 1024 / float64(n) }
		p.row(fmt.Sprintf("memory of an open order page, %s open", thousands(n)), "<= 40 KB", fmt.Sprintf("%.1f KB", each(after)), "-",
			fmt.Sprintf("growth of the resident set, %.0f MB before; right after the last was opened %.1f KB. Unpaid orders, %d pages each; %.1f %% of one core while they wait",
				before, each(opened), pagesPerOrder, 100*spent.Seconds()/rested.Seconds()))
		for _, c := range held {
			_ = c.Close()
		}
	}
}

// openPage opens the stream of an order's page from one of the machine's own addresses.
func openPage(t *testing.T, host, path string, i int) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i%addresses))}, Timeout: 10 * time.Second}
	c, err := d.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := fmt.Fprintf(c, "GET %s/events HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: id-ID,id;q=0.9\r\n\r\n", path, host); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	res, err := http.ReadResponse(in, nil)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("page %d: %v %v", i, res, err)
	}
	for { // the first event
		line, err := bufio.NewReader(res.Body).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line != "\n" {
			return c
		}
	}
}

// unended counts the pages whose stream has not ended, whatever it said.
func unended(held []net.Conn) (open int) {
	b := make([]byte, 4<<10)
	for _, c := range held {
		_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := c.Read(b); err == nil || os.IsTimeout(err) {
			open++
		}
	}
	return open
}

// roomy is the task of a shop that allows more open pages than the configuration does.
type roomy struct {
	Env     []string
	Streams int
}

// serveRoomy starts it and returns its process id.
func (s *stage) serveRoomy(addr string, streams int) (pid int) {
	s.Helper()
	var out served
	pid = accompany(s.TB, "shop", roomy{s.envAt(addr, s.TempDir()), streams}, &out)
	s.ready(addr)
	return pid
}

// playShop is the product in a process of its own.
func playShop(task []byte) (any, error) {
	var in roomy
	if err := json.Unmarshal(task, &in); err != nil {
		return nil, err
	}
	c, err := config.Load(in.Env)
	if err != nil {
		return nil, err
	}
	a, err := app.Open(context.Background(), c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), app.WithOpenPages(in.Streams))
	if err != nil {
		return nil, err
	}
	if err := a.Listen(); err != nil {
		return nil, err
	}
	go func() { // ends with the process
		if err := a.Run(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "shop:", err)
			os.Exit(1)
		}
	}()
	return served{"http://" + a.Addr()}, nil
}
