package storefront

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/sim/xenditsim"
)

// listen serves the handler on a real port: streams need one.
func listen(t *testing.T, v *visit) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- v.app.Listener(l) }()
	t.Cleanup(func() {
		v.handler.Streams.Close()
		if err := v.app.ShutdownWithTimeout(5 * time.Second); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// follow opens a stream and returns its events as "id data".
func follow(t *testing.T, url string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") || !strings.Contains(res.Header.Get("Cache-Control"), "no-store") {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	out := make(chan string, 16)
	go func() {
		defer close(out)
		var id, name string
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
			case "id":
				id = value
			case "event":
				name = value
			case "data":
				if name == "status" {
					out <- id + " " + value
				}
			}
		}
	}()
	return out
}

func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case e, open := <-events:
		if !open {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(15 * time.Second):
		t.Fatal("no event")
	}
	return ""
}

func TestEvents(t *testing.T) {
	v := open(t)
	url := listen(t, v)
	o := v.Buy("sehari", "qris")
	events := follow(t, url+path(o)+"/events")
	first := next(t, events)
	status := v.get(path(o) + "/status")
	if first != status.Header.Get("ETag")+" "+string(status.body) {
		t.Errorf("%s, want %s", first, status.body)
	}
	v.Pay(o)
	v.RunAll()
	for e := next(t, events); !strings.Contains(e, `"status":"activated"`); e = next(t, events) {
		if strings.Contains(e, o.Password) {
			t.Fatalf("too early: %s", e)
		}
	}
	if got := follow(t, url+path(o)+"/events"); !strings.Contains(next(t, got), o.Password) {
		t.Error("a page opened late is told at once")
	}
}

// TestOpenPageFindsLostMoney: the webhook is lost, the open page's stream makes
// the sweep look early.
func TestOpenPageFindsLostMoney(t *testing.T) {
	v := open(t)
	url := listen(t, v)
	v.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
	o := v.Buy("sehari", "qris")
	events := follow(t, url+path(o)+"/events")
	next(t, events)
	v.Pay(o)
	found := make(chan string, 1)
	go func() {
		for e := range events {
			if strings.Contains(e, `"status":"activated"`) {
				found <- e
			}
		}
	}()
	for second := range 60 {
		v.Advance(time.Second)
		select {
		case <-found:
			return
		case <-time.After(50 * time.Millisecond): // the stream reads every 20 ms here
		}
		if v.Order(o).Status == order.Activated && second > 30 {
			t.Fatal("the stream did not tell")
		}
	}
	t.Fatal("the money was not found within a minute")
}

func TestEventsWithoutAnOrderOrARoom(t *testing.T) {
	v := open(t)
	if a := v.get("/o/" + strings.Repeat("0", 40) + "/events"); a.StatusCode != http.StatusNotFound {
		t.Errorf("%d", a.StatusCode)
	}
	o := v.Buy("sehari", "qris")
	v.handler.Streams.Close()
	if a := v.get(path(o) + "/events"); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
}
