package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// line runs a command until it says that it is ready, and reads what it says.
// The command ends with the test, or when stop is called; stop waits for it.
func line(t *testing.T, out any, args ...string) (stop func()) {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	in, w := io.Pipe()
	done := make(chan error, 1)
	c := command()
	c.SetArgs(args)
	c.SetOut(w)
	c.SetErr(io.Discard)
	go func() {
		err := c.ExecuteContext(ctx)
		_ = w.CloseWithError(io.ErrUnexpectedEOF) // ends the reader below
		done <- err
	}()
	stop = sync.OnceFunc(func() {
		end()
		if err := <-done; err != nil {
			t.Errorf("%v: %v", args, err)
		}
	})
	t.Cleanup(stop)
	said, err := bufio.NewReader(in).ReadString('\n')
	text, found := strings.CutPrefix(said, "ready ")
	if err != nil || !found {
		t.Fatalf("%v said %q (%v)", args, said, err)
	}
	if err := json.Unmarshal([]byte(text), out); err != nil {
		t.Fatalf("%v said %q: %v", args, said, err)
	}
	return stop
}

func answersOK(t *testing.T, url string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s: %d", url, res.StatusCode)
	}
}

// Listening on every interface is no address to send a browser to.
func TestReadyLineNamesAddressesToCall(t *testing.T) {
	var r ready
	line(t, &r, "--addr", ":0", "--sim-addr", "0.0.0.0:0", "--routeros-addr", ":0", "--dir", t.TempDir())
	answersOK(t, r.ShopURL+"/readyz")
	answersOK(t, r.SimURL+"/_sim/payments")
	for _, url := range []string{r.ShopURL, r.AdminURL, r.SimURL, r.XenditURL} {
		if !strings.HasPrefix(url, "http://127.0.0.1:") {
			t.Errorf("%s", url)
		}
	}
	for _, router := range r.Routers {
		if !strings.HasPrefix(router.Addr, "127.0.0.1:") || !strings.HasPrefix(router.TLSAddr, "127.0.0.1:") || router.TLSAddr == router.Addr {
			t.Errorf("%s at %s and %s", router.Name, router.Addr, router.TLSAddr)
		}
		conn, err := tls.Dial("tcp", router.TLSAddr, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // only whether TLS is spoken
		if err != nil {
			t.Fatalf("%s: %v", router.Name, err)
		}
		_ = conn.Close()
	}
}

// The ready line is JSON whatever the passwords are.
func TestSimulatorsAlone(t *testing.T) {
	const odd = `50%s "quoted" \u00e9`
	var x ready
	line(t, &x, "sim", "xendit", "--addr", "127.0.0.1:0", "--callback-token", odd)
	if x.CallbackToken != odd {
		t.Errorf("token %q", x.CallbackToken)
	}
	answersOK(t, x.XenditURL+"/_sim/payments")
	var r ready
	line(t, &r, "sim", "routeros", "--addr", "127.0.0.1:0", "--password", odd, "--name", "tes", "--tls-addr", "127.0.0.1:0")
	if len(r.Routers) != 1 || !strings.HasPrefix(r.Routers[0].TLSAddr, "127.0.0.1:") || r.Routers[0].Password != odd || r.Routers[0].Name != "tes" {
		t.Errorf("%+v", r.Routers)
	}
	answersOK(t, r.SimURL+"/_sim/routers")
}

func TestWrongCommandLines(t *testing.T) {
	for _, args := range [][]string{{"now"}, {"100"}, {"--fast", "100", "now"}, {"--fast", "soon"}, {"--fast", "-1"}, {"--fast", "NaN"}, {"--fast", "Inf"}, {"--fast=NaN"}, {"seed", "--orders", "010"}, {"seed", "--orders", "1_000"}, {"seed", "--days", "+5"}, {"seed", "--vouchers", "0x10"}, {"sim", "nothing"}, {"sim", "xendit", "now"}, {"sim", "routeros", "--ros-version", "5.0"}} {
		c := command()
		c.SetArgs(args)
		c.SetOut(io.Discard)
		if err := c.ExecuteContext(t.Context()); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
}
