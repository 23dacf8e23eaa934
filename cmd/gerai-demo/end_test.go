package main

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// endsWhileBusy fails when stop takes anywhere near the grace that an orderly
// shutdown would grant an open connection.
func endsWhileBusy(t *testing.T, stop func()) {
	t.Helper()
	over := make(chan struct{})
	go func() { stop(); close(over) }()
	select {
	case <-over:
	case <-time.After(4 * time.Second):
		t.Fatal("it waits for its open connections")
	}
}

// A gateway that is told to end while it keeps a caller waiting, delivers a
// webhook to a shop that hangs, and holds an idle connection, ends at once.
func TestGatewayEndsWithOpenRequests(t *testing.T) {
	hanging, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hanging.Close()
	reached := make(chan struct{}, 1)
	go func() {
		conn, err := hanging.Accept()
		if err == nil {
			reached <- struct{}{}
			_, _ = io.Copy(io.Discard, conn) // until the sender gives up
		}
	}()
	var x ready
	stop := line(t, &x, "sim", "xendit", "--addr", "127.0.0.1:0", "--webhook-url", "http://"+hanging.Addr().String()+"/webhooks/xendit")
	post := func(method, path, body string) {
		req, err := http.NewRequestWithContext(t.Context(), method, x.SimURL+path, strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		req.SetBasicAuth("xnd_development_x", "")
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
		}
	}
	go post(http.MethodPost, "/_sim/webhooks/test", "")
	<-reached
	post(http.MethodPut, "/_sim/faults", `{"api_delay_ms":60000}`)
	go post(http.MethodGet, "/balance", "")
	endsWhileBusy(t, stop)
}

// A router that is told to end while plain and TLS clients are connected, one
// of them in the middle of a hanging command, ends at once.
func TestRouterEndsWithOpenConnections(t *testing.T) {
	var r ready
	stop := line(t, &r, "sim", "routeros", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0")
	word := func(c net.Conn, words ...string) {
		var b []byte
		for _, w := range words {
			b = append(append(b, byte(len(w))), w...)
		}
		if _, err := c.Write(append(b, 0)); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := net.Dial("tcp", r.Routers[0].Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	secure, err := tls.Dial("tcp", r.Routers[0].TLSAddr, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // a certificate of its own
	if err != nil {
		t.Fatal(err)
	}
	defer secure.Close()
	for _, c := range []net.Conn{plain, secure} {
		word(c, "/login", "=name=admin", "=password=")
		if said, err := bufio.NewReader(c).ReadString(0); err != nil || !strings.Contains(said, "!done") {
			t.Fatalf("%q (%v)", said, err)
		}
		word(c, "/ip/hotspot/active/listen", ".tag=1")
	}
	endsWhileBusy(t, stop)
}
