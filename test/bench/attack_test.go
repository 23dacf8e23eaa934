package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/testenv"
)

const attackers = 4

// guarded is the product itself with its own limits on a demo's data, and a
// gateway simulator that takes 200 ms a call. The load client is its trusted
// proxy, so that one machine can play many addresses.
func guarded(t *testing.T, e engine) *demo {
	dir := t.TempDir()
	d := start(t, append(slices.Clone(e.args(t)), "--dir", dir)...)
	d.kill()
	addr, sim := free(t), free(t)
	env := []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "GERAI_LOG_LEVEL=error", "GERAI_TRUSTED_PROXIES=127.0.0.1", "GERAI_METRICS_TOKEN=bench-of-metrics-token"}
	for name, value := range d.Env {
		switch name {
		case "GERAI_ADDR":
			value = addr
		case "GERAI_BASE_URL":
			value = "http://" + addr
		case "GERAI_XENDIT_URL":
			value = "http://" + sim
		}
		env = append(env, name+"="+value)
	}
	d.Shop, d.Sim = "http://"+addr, "http://"+sim
	for _, c := range [][]string{{"gerai-demo", "sim", "xendit", "--addr", sim}, {"gerai", "serve"}} {
		cmd := exec.Command(filepath.Join(binaries, c[0]), c[1:]...)
		cmd.Env, cmd.Dir = env, dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill() // a measurement has nothing to lose
			_ = cmd.Wait()
		})
	}
	testenv.Eventually(t, time.Minute, func() (bool, string) {
		for _, url := range []string{d.Shop + "/readyz", d.Sim + "/_sim/"} {
			res, err := client.Get(url)
			if err != nil {
				return false, err.Error()
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return false, url + ": " + res.Status
			}
		}
		return true, ""
	})
	d.put("/_sim/faults", `{"api_delay_ms":200}`)
	return d
}

// from asks the shop as a client with an address of its own.
func from(address string, req *http.Request) (*http.Response, error) {
	req.Header.Set("X-Forwarded-For", address)
	return client.Do(req)
}

func postFrom(address, to string, form url.Values) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return from(address, req)
}

// orderFrom places an order and returns the path of its page, or where the shop is busy how long the client is to wait; neither when
// it says that there were too many.
func (d *demo) orderFrom(shop, address, nonce string) (path string, busy time.Duration, err error) {
	res, err := postFrom(address, shop+"/h/kopi-pojok/orders", url.Values{"plan": {"kopi-1hari"}, "method": {"qris"}, "nonce": {nonce}})
	if err != nil {
		return "", 0, err
	}
	res.Body.Close()
	switch res.StatusCode {
	case http.StatusSeeOther:
		path, _, _ = strings.Cut(res.Header.Get("Location"), "?")
		return path, 0, nil
	case http.StatusServiceUnavailable:
		return "", retryAfter(res), nil
	case http.StatusTooManyRequests:
		return "", 0, nil
	}
	return "", 0, fmt.Errorf("order: %s", res.Status)
}

func attackNonce() string { return fmt.Sprintf("bench-attack-%d-%d", os.Getpid(), nonces.Add(1)) }

// buyUnder is a customer who orders and waits for the code, and presses the button of the busy page as often as its script does.
func (d *demo) buyUnder(shop, address string, presses int) error {
	nonce := attackNonce()
	for try := 0; ; try++ {
		path, busy, err := d.orderFrom(shop, address, nonce)
		switch {
		case err != nil:
			return err
		case path != "":
			_, err = d.qr(shop, address, path, 60*time.Second)
			return err
		case busy == 0 || try == presses:
			return errRefused
		}
		<-time.After(busy)
	}
}

// qr waits until an order's page has the picture of a code.
func (d *demo) qr(shop, address, path string, limit time.Duration) (time.Duration, error) {
	began := time.Now()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for time.Since(began) < limit {
		req, err := http.NewRequest(http.MethodGet, shop+path+"/qr.png", nil)
		if err != nil {
			return 0, err
		}
		res, err := from(address, req)
		if err != nil {
			return 0, err
		}
		_, _ = io.Copy(io.Discard, res.Body) // the picture itself is not looked at
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return time.Since(began), nil
		}
		<-tick.C
	}
	return limit, fmt.Errorf("%s: no code within %s", path, limit)
}

// attack orders and switches methods from one address until ctx ends.
func (d *demo) attack(ctx context.Context, shop, address string) (sent int) {
	for ctx.Err() == nil {
		path, _, err := d.orderFrom(shop, address, attackNonce())
		sent++
		if err != nil || path == "" {
			continue
		}
		for _, method := range []string{"va:BCA", "va:BNI", "qris", "va:BRI", "va:BSI"} {
			res, err := postFrom(address, shop+path+"/method", url.Values{"method": {method}})
			if err == nil {
				res.Body.Close()
			}
			sent++
		}
	}
	return sent
}

// underAttack measures how long customers wait for their QR code while four
// addresses order and switch as fast as they can, with the limits of a shop
// that has a test key and a gateway that takes 200 ms, and how long what they
// left behind is worked on afterwards.
func underAttack(t *testing.T, p *page, e engine) {
	d := guarded(t, e)
	shop := d.Shop
	before := d.waiting(shop) // ends of vouchers that the demo sold
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	sent := make([]int, attackers)
	for n := range attackers {
		all.Go(func() { sent[n] = d.attack(ctx, shop, fmt.Sprintf("203.0.113.%d", n+1)) })
	}
	<-time.After(5 * time.Second) // by now every budget that an attack can spend is spent
	var took times
	failed := 0
	for n := range 8 {
		address := fmt.Sprintf("198.51.100.%d", n+1)
		began := time.Now()
		if err := d.buyUnder(shop, address, 3); err != nil {
			fmt.Println("a customer under attack:", err)
			failed++
		} else {
			took = append(took, time.Since(began))
		}
		<-time.After(2 * time.Second)
	}
	stop()
	all.Wait()
	began := time.Now()
	left := d.waiting(shop) - before
	testenv.Eventually(t, 5*time.Minute, func() (bool, string) { n := d.waiting(shop) - before; return n <= 0, fmt.Sprint(n, " jobs wait") })
	total := 0
	for _, n := range sent {
		total += n
	}
	p.row("QR under attack, "+e.name, "<= 2 s, backlog gone within seconds", fmt.Sprintf("p50 %s, slowest %s; %d jobs left, gone after %s", short(took.at(.5)), short(took.at(1)), left, short(time.Since(began))), "-",
		fmt.Sprintf("%d addresses sent %d orders and method switches; %d customers, %d without a code; 30 creations and reads a minute, gateway answers after 200 ms", attackers, total, len(took)+failed, failed))
}

// waiting is how many jobs a shop has not finished.
func (d *demo) waiting(shop string) (n int) {
	req, err := http.NewRequest(http.MethodGet, shop+"/metrics", nil)
	if err != nil {
		d.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bench-of-metrics-token")
	res, err := client.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	for line := range strings.Lines(string(body)) {
		if _, err := fmt.Sscanf(line, "gerai_jobs_unfinished %d", &n); err == nil {
			return n
		}
	}
	d.Fatalf("no gauge of jobs: %s", res.Status)
	return 0
}

// TestBenchAttack measures the QR under attack alone.
func TestBenchAttack(t *testing.T) {
	if os.Getenv("GERAI_BENCH_ATTACK") != "1" {
		t.Skip("left out: GERAI_BENCH_ATTACK asks for it")
	}
	alone(t, underAttack, engines(t)...)
}
