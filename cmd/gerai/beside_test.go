package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/secret"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/testenv"
	"gerai/test/proc"
)

const shopFile = `
brand: {name: Toko, tax_percent: 11}
sites:
  - {id: a, slug: toko, name: Toko Satu, plans: [{id: satu, name: 1 Jam, price: 5.000}]}
`

// Every command that keeps the books works while a shop serves the same SQLite
// file, and the shop shows at once what it changed.
func TestCommandsBesideARunningShop(t *testing.T) {
	dir := t.TempDir()
	path := proc.Binary(t, t.TempDir())
	sim, err := xenditsim.New(xenditsim.Options{APIKey: "xnd_development_abcdefghij", CallbackToken: "callback-token-0123456789"})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(sim.Handler())
	t.Cleanup(func() { api.Close(); _ = sim.Close() })
	environ := append(os.Environ(), "GERAI_DATABASE=sqlite:"+filepath.Join(dir, "gerai.db"), "GERAI_SECRET_KEY="+secret.Generate(), "GERAI_BASE_URL=http://shop.example",
		"GERAI_XENDIT_KEY=xnd_development_abcdefghij", "GERAI_XENDIT_CALLBACK_TOKEN=callback-token-0123456789", "GERAI_XENDIT_URL="+api.URL, "GERAI_LOG_LEVEL=info")
	addr := proc.Reserve(t)
	environ = append(environ, "GERAI_ADDR="+addr)
	tool := func(stdin string, args ...string) (int, string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := exec.CommandContext(ctx, path, args...)
		c.Env, c.Dir, c.Stdin = environ, dir, strings.NewReader(stdin)
		out, err := c.CombinedOutput()
		if err != nil && c.ProcessState == nil {
			t.Fatal(err)
		}
		return c.ProcessState.ExitCode(), string(out)
	}
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(shopFile), 0o600); err != nil {
		t.Fatal(err)
	}
	shop := serveReady(t, path, dir, addr, environ)
	for _, c := range []struct {
		stdin, line string
		want        []string
	}{
		{"", "migrate", []string{"schema: 0 steps"}},
		{"", "import catalogue shop.yaml", []string{"1 plan"}},
		{"kopi manis pagi hari\n", "staff add ani", []string{"added ani"}},
		{"", "staff list", []string{"ani"}},
		{"", "audit verify", []string{"rows are sound"}},
		{"", "audit export", []string{"staff.add"}},
		{"", "reports rebuild", []string{"summed up"}},
		{"", "doctor", []string{"ok    running shop", "ok    database", "ok    schema", "ok    audit trail", "ok    report sums", "ok    alerts readable", "ok    routers readable", "ok    gateway"}},
	} {
		if code, out := tool(c.stdin, strings.Fields(c.line)...); code != 0 {
			t.Errorf("%s: exit %d: %s", c.line, code, out)
		} else {
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("%s does not say %q: %s", c.line, want, out)
				}
			}
		}
	}
	if body := page(t, "http://"+addr+"/h/toko"); !strings.Contains(body, "Rp5.000") {
		t.Fatalf("the page has no price:\n%s", body)
	}
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(strings.Replace(shopFile, "5.000", "Rp7.500", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := tool("", "import", "catalogue", "shop.yaml"); code != 0 {
		t.Fatal(out)
	}
	testenv.Eventually(t, 10*time.Second, func() (bool, string) {
		return strings.Contains(page(t, "http://"+addr+"/h/toko"), "Rp7.500"), "the page shows the old price"
	})
	// After kill -9 the same works without a shop, and a second shop does not start beside one.
	if err := shop.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = shop.Wait()
	if code, out := tool("", "doctor"); code != 0 || strings.Contains(out, "running shop") {
		t.Errorf("exit %d: %s", code, out)
	}
	serveReady(t, path, dir, addr, environ)
	if code, out := tool("", "serve"); code != exitConfig || !strings.Contains(out, "another gerai") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func page(t *testing.T, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		return ""
	}
	return b.String()
}

// printed is what a program has printed so far.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps a part.
func (s *printed) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String is all of it.
func (s *printed) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serveReady starts "gerai serve" in a folder, waits until it answers at its address, and ends it with the test.
func serveReady(t *testing.T, path, dir, addr string, environ []string) *exec.Cmd {
	t.Helper()
	c := exec.Command(path, "serve")
	var log printed
	c.Env, c.Dir, c.Stderr, c.Stdout = environ, dir, &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	testenv.Eventually(t, 30*time.Second, func() (bool, string) { return page(t, "http://"+addr+"/readyz") != "", "not ready: " + log.String() })
	return c
}
