package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// demo is one running gerai-demo.
type demo struct {
	Shop string                                        `json:"shop_url"`
	Sim  string                                        `json:"sim_url"`
	Boss string                                        `json:"admin_user"`
	Word string                                        `json:"admin_password"`
	API  []struct{ Name, Addr, User, Password string } `json:"routers"`
	cmd  *exec.Cmd
	log  *os.File
}

var (
	shared     *demo
	errShared  error
	sharedOnce sync.Once
)

// common is the demo of all cases that leave its gateway and routers alone.
func common(t testing.TB) *demo {
	t.Helper()
	sharedOnce.Do(func() { shared, errShared = startDemo("--addr", "127.0.0.1:0", "--sim-addr", "127.0.0.1:0") })
	if errShared != nil {
		t.Fatal(errShared)
	}
	return shared
}

// own starts a demo for one case.
func own(t testing.TB, args ...string) *demo {
	t.Helper()
	d, err := startDemo(append([]string{"--addr", "127.0.0.1:0", "--sim-addr", "127.0.0.1:0"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.finish(t) })
	return d
}

func startDemo(args ...string) (*demo, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	d := &demo{cmd: exec.Command(path, append(args, "--routeros-addr", "127.0.0.1:0")...)}
	if d.log, err = os.CreateTemp(scratch, "demo-*.log"); err != nil {
		return nil, err
	}
	d.cmd.Stderr = d.log
	d.cmd.Env = append(os.Environ(), "TMPDIR="+scratch) // a kill leaves its folder behind
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	if err := d.ready(out); err != nil {
		d.kill()
		return nil, fmt.Errorf("%w\n%s", err, d.told())
	}
	return d, nil
}

func (d *demo) ready(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		text, found := strings.CutPrefix(lines.Text(), "ready ")
		if !found {
			continue
		}
		go func() { _, _ = io.Copy(io.Discard, out) }() // nothing more is said
		return json.Unmarshal([]byte(text), d)
	}
	return fmt.Errorf("the demo ended without a ready line (%v)", lines.Err())
}

// kill ends the process as a power cut would; doing it twice does no harm.
func (d *demo) kill() {
	_ = d.cmd.Process.Signal(syscall.SIGKILL) // it may be gone already
	_ = d.cmd.Wait()
}

// again starts the demo again after a kill, on the same ports.
func (d *demo) again(t testing.TB, dir string, args ...string) *demo {
	t.Helper()
	d.kill()
	next, err := startDemo(append([]string{"--dir", dir, "--addr", strings.TrimPrefix(d.Shop, "http://"), "--sim-addr", strings.TrimPrefix(d.Sim, "http://")}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { next.finish(t) })
	return next
}

func (d *demo) finish(t testing.TB) {
	d.kill()
	if t.Failed() {
		t.Logf("log of the demo:\n%s", d.told())
	}
}

// told is the end of its log.
func (d *demo) told() string {
	text, err := os.ReadFile(filepath.Clean(d.log.Name()))
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}

var client = &http.Client{Timeout: 20 * time.Second}

// ask calls the controls or the shop and decodes the answer into out, if any.
func ask(t testing.TB, method, address string, in, out any) int {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if out != nil && res.StatusCode == http.StatusOK {
		if err := json.NewDecoder(res.Body).Decode(out); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode
}

// pay pays an attempt of an order, at the bank.
func (d *demo) pay(t testing.TB, reference string, amount int) {
	t.Helper()
	in := map[string]any{"reference_id": reference}
	if amount > 0 {
		in["amount"] = amount
	}
	if status := ask(t, http.MethodPost, d.Sim+"/_sim/pay", in, nil); status != http.StatusOK {
		t.Fatalf("paying %s: %d", reference, status)
	}
}

// charge is what the gateway holds of one attempt.
type charge struct {
	ID        string `json:"payment_request_id"`
	Reference string `json:"reference_id"`
	Amount    int    `json:"amount"`
	VA        string `json:"va_number"`
}

// charges are the attempts of the order, or all of them.
func (d *demo) charges(t testing.TB, order string) (out []charge) {
	t.Helper()
	var all []charge
	ask(t, http.MethodGet, d.Sim+"/_sim/payments", nil, &all)
	for _, c := range all {
		if strings.HasPrefix(c.Reference, order) {
			out = append(out, c)
		}
	}
	return out
}

// gateway sets the gateway's faults, routers those of every named router.
func (d *demo) gateway(t testing.TB, faults map[string]any) {
	t.Helper()
	if status := ask(t, http.MethodPut, d.Sim+"/_sim/faults", faults, nil); status != http.StatusOK {
		t.Fatalf("faults: %d", status)
	}
}

func (d *demo) router(t testing.TB, name string, faults map[string]any) {
	t.Helper()
	if status := ask(t, http.MethodPut, d.Sim+"/_sim/routers/"+name+"/faults", faults, nil); status != http.StatusOK {
		t.Fatalf("faults of %s: %d", name, status)
	}
}

// api gives a router one command, as another tool would.
func (d *demo) api(t testing.TB, router string, words ...string) {
	t.Helper()
	for _, r := range d.API {
		if r.Name != router {
			continue
		}
		conn, err := net.DialTimeout("tcp", r.Addr, 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		in := bufio.NewReader(conn)
		for _, sentence := range [][]string{{"/login", "=name=" + r.User, "=password=" + r.Password}, words} {
			var out []byte
			for _, word := range sentence {
				out = append(append(out, byte(len(word))), word...)
			}
			if _, err := conn.Write(append(out, 0)); err != nil {
				t.Fatal(err)
			}
			if said, err := in.ReadString(0); err != nil || !strings.Contains(said, "!done") {
				t.Fatalf("%s: %q (%v)", sentence[0], said, err)
			}
		}
		return
	}
	t.Fatalf("no router %s", router)
}

// routers of the demo, by name.
var routers = []string{"pojok-1", "melati-a", "melati-b"}

// users are the vouchers that the routers hold for an order.
func (d *demo) users(t testing.TB, order string) (out []map[string]string) {
	t.Helper()
	for _, name := range routers {
		for _, row := range d.rows(t, name, "ip/hotspot/user") {
			if strings.HasSuffix(row["comment"], "-gerai."+order) {
				out = append(out, row)
			}
		}
	}
	return out
}

func (d *demo) rows(t testing.TB, router, menu string) (rows []map[string]string) {
	t.Helper()
	if status := ask(t, http.MethodGet, d.Sim+"/_sim/routers/"+url.PathEscape(router)+"/"+menu, nil, &rows); status != http.StatusOK {
		t.Fatalf("%s of %s: %d", menu, router, status)
	}
	return rows
}

// status is what the shop tells programs about an order.
type status struct {
	Order, Status, Method string
	Flags                 []string
	Voucher               *struct{ Username, Password string }
}
