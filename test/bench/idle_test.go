package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"
)

// idlers is how many connections a stranger holds without asking.
const idlers = 1000

// TestBenchIdle measures the page under idle connections alone.
func TestBenchIdle(t *testing.T) {
	if os.Getenv("GERAI_BENCH_IDLE") != "1" {
		t.Skip("left out: GERAI_BENCH_IDLE asks for it")
	}
	alone(t, idleConnections, engines(t)[0])
}

// idleConnections compares the plan page with and without a thousand connections
// that have asked once and stay open, in turns on one server.
func idleConnections(t *testing.T, p *page, _ engine) {
	d := start(t, anyPorts...)
	address := d.Shop + "/h/kopi-pojok"
	under := func() float64 {
		held := hold(t, address, idlers)
		defer func() {
			for _, c := range held {
				_ = c.Close()
			}
		}()
		n := throughput(address, p.hammer)
		if open := still(held); open != idlers {
			t.Errorf("%d of %d connections were open at the end", open, idlers)
		}
		return n
	}
	var with, without []float64
	for range 3 {
		with, without = append(with, under()), append(without, throughput(address, p.hammer))
	}
	m, k := median(with), median(without)
	p.row("plan page per second under 1,000 idle connections", ">= 0.9x control", fmt.Sprintf("%.0f", m), fmt.Sprintf("%.0f", k),
		fmt.Sprintf("%.2fx the same page of the same server without them; all 1,000 from one address, none is closed", m/k))
}

// hold opens connections, each of which has been answered once.
func hold(t *testing.T, address string, n int) (out []net.Conn) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		c, err := net.DialTimeout("tcp", u.Host, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", u.Host); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		out = append(out, c)
	}
	return out
}

// still counts the connections that the server has not closed.
func still(held []net.Conn) (open int) {
	for _, c := range held {
		_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); err != nil && os.IsTimeout(err) {
			open++
		}
	}
	return open
}
