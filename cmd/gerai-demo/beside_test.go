package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"gerai/internal/testenv"
)

// While a command writes a long history's sums again and again into the same
// SQLite file, every order is placed and every run of the command ends well.
func TestOrdersBesideARebuild(t *testing.T) {
	programs := t.TempDir()
	if err := testenv.Build(t.Context(), programs, "gerai/cmd/gerai"); err != nil {
		t.Fatal(err)
	}
	gerai := filepath.Join(programs, "gerai")
	dir := t.TempDir()
	if err := seed(t.Context(), seedFlags{dir: dir, orders: 6_000, vouchers: 100, days: 365, seed: 2}, io.Discard); err != nil {
		t.Fatal(err)
	}
	var r ready
	line(t, &r, "--addr", "127.0.0.1:0", "--sim-addr", "127.0.0.1:0", "--routeros-addr", "127.0.0.1:0", "--dir", dir)
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	for name, value := range r.Env {
		environ = append(environ, name+"="+value)
	}
	rebuilt := make(chan struct{})
	go func() {
		defer close(rebuilt)
		cmd := exec.Command(gerai, "reports", "rebuild")
		cmd.Env, cmd.Dir = environ, dir
		began := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("rebuild: %v\n%s", err, out)
		}
		t.Logf("rebuilt in %s", time.Since(began))
	}()
	var slowest time.Duration
	orders := 0
	for ended := false; !ended && orders < 60_000; orders++ {
		// Every customer has an address: one address may have only a few open orders.
		client := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(orders>>8), byte(orders|1))}}).DialContext}}
		began := time.Now()
		res, err := client.PostForm(r.ShopURL+"/h/kopi-pojok/orders", url.Values{"plan": {"kopi-1hari"}, "method": {"qris"}, "nonce": {fmt.Sprintf("%032x", orders+1)}})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(io.LimitReader(res.Body, 4000))
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusSeeOther {
			t.Fatalf("order %d: %s %v\n%s", orders, res.Status, err, body)
		}
		slowest = max(slowest, time.Since(began))
		select {
		case <-rebuilt:
			ended = true
		default:
		}
	}
	t.Logf("%d orders, the slowest %s", orders, slowest)
}
