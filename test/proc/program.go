package proc

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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

	"gerai/internal/testenv"
)

// Program is one running gerai.
type Program struct {
	testing.TB
	Addr string
	w    *World
	mu   sync.Mutex
	cmd  *exec.Cmd
	log  *os.File
	done chan struct{}
}

// Start runs a program and waits until it is ready.
func Start(w *World, addr string) *Program {
	w.Helper()
	log, err := os.OpenFile(filepath.Join(w.Dir, "log-"+strings.ReplaceAll(addr, ":", "-")), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	w.must(err)
	p := &Program{TB: w.TB, Addr: addr, w: w, log: log}
	p.Launch()
	p.WaitReady()
	w.Cleanup(func() {
		p.Kill()
		log.Close()
		if w.Failed() {
			if text, err := os.ReadFile(log.Name()); err == nil {
				w.Logf("log of %s:\n%s", addr, tail(string(text), 4000))
			}
		}
	})
	return p
}

func tail(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}

// Launch starts the process again after a kill; it does not wait.
func (p *Program) Launch() {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = exec.Command(Binary(p.TB, os.TempDir()+"/gerai-proc-"+fmt.Sprint(os.Getpid())), "serve")
	p.cmd.Env, p.cmd.Stderr, p.cmd.Stdout = p.w.Env(p.Addr), p.log, p.log
	p.w.must(p.cmd.Start())
	p.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // how it ended is the test's business, by Kill or Stop
		close(done)
	}(p.cmd, p.done)
}

// WaitReady waits until the program can serve customers.
func (p *Program) WaitReady() {
	p.Helper()
	p.mu.Lock()
	done := p.done
	p.mu.Unlock()
	testenv.Eventually(p.TB, 30*time.Second, func() (bool, string) {
		select {
		case <-done: // what answers on its address is another program
			p.Fatalf("the program on %s has ended", p.Addr)
		default:
		}
		res, err := client.Get("http://" + p.Addr + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK, res.Status
	})
}

// Kill ends the process as a power cut would.
func (p *Program) Kill() { p.end(syscall.SIGKILL) }

// Stop asks it to drain and waits.
func (p *Program) Stop() { p.end(syscall.SIGTERM) }

// Signal sends a signal without waiting.
func (p *Program) Signal(s os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.cmd.Process.Signal(s) // it may have ended already
}

func (p *Program) end(s os.Signal) {
	p.Signal(s)
	p.mu.Lock()
	done := p.done
	p.mu.Unlock()
	select {
	case <-done:
	case <-time.After(40 * time.Second):
		p.Fatalf("%s does not end after %s", p.Addr, s)
	}
}

// Order sends one order form and returns the order's path; after an error it is unknown
// whether the order exists, as for a real customer.
func (p *Program) Order(n int, method string) (path string, err error) {
	res, err := client.PostForm("http://"+p.Addr+"/h/kopi/orders", url.Values{"plan": {"sehari"}, "method": {method}, "nonce": {nonce(n)}})
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		body, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return "", fmt.Errorf("%s: %s", res.Status, body)
	}
	return res.Header.Get("Location"), nil
}

// Status is the JSON of an order page.
type Status struct {
	Order   string
	Status  string
	Flags   []string
	Voucher *struct{ Username, Password string }
}

// Status reads an order's status.
func (p *Program) Status(path string) (Status, error) {
	var s Status
	res, err := client.Get("http://" + p.Addr + path + "/status")
	if err != nil {
		return s, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return s, fmt.Errorf("%s", res.Status)
	}
	return s, json.NewDecoder(res.Body).Decode(&s)
}

// Stream opens an order page's event stream and returns the data lines.
func (p *Program) Stream(ctx context.Context, path string) (<-chan string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Addr+path+"/events", nil)
	if err != nil {
		return nil, err
	}
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		return nil, err
	}
	lines := make(chan string, 64)
	go func() {
		defer close(lines)
		defer res.Body.Close()
		buf := make([]byte, 0, 4096)
		chunk := make([]byte, 4096)
		for {
			n, err := res.Body.Read(chunk)
			buf = append(buf, chunk[:n]...)
			for {
				i := strings.IndexByte(string(buf), '\n')
				if i < 0 {
					break
				}
				if line := string(buf[:i]); strings.HasPrefix(line, "data: ") {
					lines <- strings.TrimPrefix(line, "data: ")
				}
				buf = buf[i+1:]
			}
			if err != nil {
				return
			}
		}
	}()
	return lines, nil
}
