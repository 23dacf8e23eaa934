package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gerai/internal/app"
	"gerai/internal/cache"
	"gerai/internal/config"
	"gerai/internal/shop"
)

// pagesPerOrder is how many pages watch one order here; the shop allows eight.
const pagesPerOrder = 4

// TestBenchOpenPages measures open order pages alone.
func TestBenchOpenPages(t *testing.T) {
	if os.Getenv("GERAI_BENCH_OPEN") != "1" {
		t.Skip("left out: GERAI_BENCH_OPEN asks for it")
	}
	openPages(t, &page{})
}

// openPages opens event streams of unpaid orders and looks at the memory and the processor
// time of the program that serves them, which has no simulators in it.
func openPages(t *testing.T, p *page) {
	sim := start(t, anyPorts...)
	for _, n := range []int{2000, 10_000} {
		shop, pid := pagesServer(t, sim, n)
		var paths []string
		for range n / pagesPerOrder {
			path, _, err := shop.order()
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
		<-time.After(5 * time.Second) // charges are made
		before := residentKB(t, pid)
		held := make([]net.Conn, n)
		for i := range held {
			held[i] = openPage(t, strings.TrimPrefix(shop.Shop, "http://"), paths[i%len(paths)], i)
		}
		opened := residentKB(t, pid)
		used := processorTime(t, pid)
		<-time.After(30 * time.Second)
		after, spent := residentKB(t, pid), processorTime(t, pid)-used
		if open := unended(held); open != n {
			t.Errorf("%d of %d pages were open at the end", open, n)
		}
		p.row(fmt.Sprintf("an open order page, %d open", n), "<= 40 KB", fmt.Sprintf("%.1f KB", float64(after-before)/float64(n)), "-",
			fmt.Sprintf("resident set of the program, less what it was before; right after the last was opened %.1f KB. Unpaid orders, %d pages each; %.0f %% of one core while they wait",
				float64(opened-before)/float64(n), pagesPerOrder, 100*spent.Seconds()/30))
		for _, c := range held {
			_ = c.Close()
		}
	}
}

// openPage opens the stream of an order's page from one of the machine's own addresses.
func openPage(t *testing.T, host, path string, i int) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i%16))}, Timeout: 10 * time.Second}
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

func residentKB(t *testing.T, pid int) int {
	t.Helper()
	text := residentAfter(t, pid, 0)
	mb, err := strconv.ParseFloat(strings.TrimSuffix(text, " MB"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return int(mb * 1024)
}

// processorTime is what a process has used.
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+2:]))
	var ticks int
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// pagesServer runs the product with room for so many open pages in a process of its own; it
// takes its charges from the demo's gateway.
func pagesServer(t *testing.T, sim *demo, n int) (*demo, int) {
	t.Helper()
	database := "sqlite:" + t.TempDir() + "/shop.db"
	seedInto(t, database, benchKey, 0, 0)
	addr := free(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestOpenPagesServer$")
	cmd.Env = append(serveEnv(database, benchKey, addr, t.TempDir()), "GERAI_BENCH_OPEN_SERVER="+strconv.Itoa(n))
	for i, e := range cmd.Env {
		switch name, _, _ := strings.Cut(e, "="); name {
		case "GERAI_XENDIT_URL":
			cmd.Env[i] = name + "=" + sim.Env[name]
		case "GERAI_XENDIT_KEY":
			cmd.Env[i] = name + "=" + sim.Env[name]
		}
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // a measurement has nothing to lose
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, found := strings.CutPrefix(lines.Text(), "pages "); found {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &demo{TB: t, Shop: url}, cmd.Process.Pid
		}
	}
	t.Fatal("the server of the open pages does not start")
	return nil, 0
}

// TestOpenPagesServer is not a test: it is the product in a process of its own, with other
// limits.
func TestOpenPagesServer(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("GERAI_BENCH_OPEN_SERVER"))
	if err != nil {
		t.Skip("left out: the server of TestBenchOpenPages")
	}
	c, err := config.Load(slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "GERAI_BENCH_") }))
	if err != nil {
		t.Fatal(err)
	}
	limits := shop.DefaultLimits
	limits.OrdersPerClient = cache.Limit{Count: 1e6, Per: time.Second}
	limits.CreatesPerGateway = limits.OrdersPerClient
	limits.UnpaidPerClient = 1e6
	ctx := context.Background()
	a, err := app.Open(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), app.WithLimits(limits), app.WithOpenPages(n+n/2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.Listen(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("pages http://%s\n", a.Addr())
	if err := a.Run(ctx); err != nil { // ends with its process
		t.Fatal(err)
	}
}
