package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gerai/internal/testenv"
)

// demo is one running gerai-demo.
type demo struct {
	testing.TB
	Shop  string `json:"shop_url"`
	Sim   string `json:"sim_url"`
	Token string `json:"xendit_callback_token"`
	// Env is the configuration of the demo's shop.
	Env map[string]string `json:"env"`
	// The panel's first account.
	User     string `json:"admin_user"`
	Password string `json:"admin_password"`
	Routers  []struct{ Name, Addr, User, Password string }
	cmd      *exec.Cmd
	args     []string
	took     time.Duration // from start to the ready line
}

var binaries string

// build builds both programs as they are shipped.
func build(t testing.TB) {
	t.Helper()
	if binaries != "" {
		return
	}
	dir, err := os.MkdirTemp("", "gerai-bench-")
	if err != nil {
		t.Fatal(err)
	}
	if err := testenv.Build(t.Context(), dir, "gerai/cmd/gerai", "gerai/cmd/gerai-demo"); err != nil {
		t.Fatal(err)
	}
	binaries = dir
}

// start runs a demo on fixed free ports, so that it can be started again.
func start(t testing.TB, args ...string) *demo {
	t.Helper()
	build(t)
	d := &demo{TB: t, args: args}
	d.launch()
	t.Cleanup(d.kill)
	return d
}

func (d *demo) launch() {
	d.Helper()
	began := time.Now()
	d.cmd = exec.Command(filepath.Join(binaries, "gerai-demo"), d.args...)
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		d.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		d.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if text, found := strings.CutPrefix(lines.Text(), "ready "); found {
			d.took = time.Since(began)
			if err := json.Unmarshal([]byte(text), d); err != nil {
				d.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	d.Fatal("no ready line")
}

func (d *demo) kill() {
	_ = d.cmd.Process.Signal(syscall.SIGKILL) // it may be gone already
	_ = d.cmd.Wait()
}

var client = &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

var nonces atomic.Int64

// order buys a plan and returns its path and code. Where the shop is busy it presses the button again, as the busy page does.
func (d *demo) order() (path, code string, err error) {
	form := url.Values{"plan": {"kopi-1hari"}, "method": {"qris"}, "nonce": {fmt.Sprintf("bench-nonce-%d-%d", os.Getpid(), nonces.Add(1))}}
	for end := time.Now().Add(patience); ; {
		res, err := client.PostForm(d.Shop+"/h/kopi-pojok/orders", form)
		if err != nil {
			return "", "", err
		}
		res.Body.Close()
		if res.StatusCode == http.StatusServiceUnavailable && time.Now().Before(end) {
			<-time.After(retryAfter(res))
			continue
		}
		if res.StatusCode != http.StatusSeeOther {
			return "", "", fmt.Errorf("order: %s", res.Status)
		}
		path = res.Header.Get("Location")
		s, err := d.status(path)
		return path, s.Order, err
	}
}

// retryAfter is how long an answer tells a client to wait.
func retryAfter(res *http.Response) time.Duration {
	n, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil {
		return time.Second
	}
	return time.Duration(n) * time.Second
}

type status struct {
	Order, Status string
	Voucher       *struct{ Username string }
}

func (d *demo) status(path string) (status, error) {
	var s status
	res, err := client.Get(d.Shop + path + "/status")
	if err != nil {
		return s, err
	}
	defer res.Body.Close()
	return s, json.NewDecoder(res.Body).Decode(&s)
}

func (d *demo) pay(code string) error {
	res, err := client.Post(d.Sim+"/_sim/pay", "application/json", strings.NewReader(`{"reference_id":"`+code+`-1"}`))
	if err != nil {
		return err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("pay: %s", res.Status)
	}
	return nil
}

func (d *demo) put(path, body string) {
	d.Helper()
	req, err := http.NewRequest(http.MethodPut, d.Sim+path, strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	res.Body.Close()
}

// voucher waits until the credentials are shown and returns how long it took.
func (d *demo) voucher(path string, pace, limit time.Duration) (time.Duration, error) {
	began := time.Now()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for time.Since(began) < limit {
		if s, err := d.status(path); err == nil && s.Voucher != nil {
			return time.Since(began), nil
		}
		<-tick.C
	}
	return 0, fmt.Errorf("%s: no voucher within %s", path, limit)
}
