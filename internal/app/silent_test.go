package app_test

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// wire stands between the shop and its database server and can stop passing
// bytes on, as a paused server, a full switch or a dead host does.
type wire struct {
	mu   sync.Mutex
	pass chan struct{} // closed while bytes pass
}

func (w *wire) set(pass bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if pass {
		close(w.pass)
		return
	}
	w.pass = make(chan struct{})
}

func (w *wire) open() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass
}

func (w *wire) copy(to, from net.Conn, end <-chan struct{}) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		select {
		case <-w.open():
		case <-end:
			return
		}
		if _, e := to.Write(b[:n]); err != nil || e != nil {
			return
		}
	}
}

// between returns the database's URL through a wire.
func between(t *testing.T, database string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w, end := &wire{pass: make(chan struct{})}, make(chan struct{})
	w.set(true)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", server)
			if err != nil {
				in.Close()
				continue
			}
			all.Go(func() { w.copy(out, in, end) })
			all.Go(func() { w.copy(in, out, end) })
		}
	})
	t.Cleanup(func() { close(end); l.Close(); all.Wait() })
	u.Host = l.Addr().String()
	return w, u.String()
}

// While the database server is silent, pages say so within seconds and not after
// ten, the numbers of the process stay, and the shop is not ready.
func TestASilentDatabaseServer(t *testing.T) {
	w, database := between(t, storetest.Postgres(t))
	base, _ := serve(t, settings(t, "GERAI_DATABASE="+database, "GERAI_METRICS_TOKEN=only-for-prometheus"))
	for _, path := range []string{"/readyz", "/", "/klaim", "/admin/login"} {
		if status, body := get(t, base+path); status != 200 {
			t.Fatalf("%s: %d %s", path, status, body)
		}
	}
	if _, body := get(t, base+"/metrics", "Authorization", "Bearer only-for-prometheus"); !strings.Contains(body, "gerai_database_up 1") || !strings.Contains(body, "gerai_open_alerts 0") {
		t.Error("metrics lack the shop's own")
	}
	w.set(false)
	impatient := &http.Client{Timeout: 8 * time.Second}
	said := func(path string, header ...string) (status int, retry, body string) {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := impatient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header.Get("Retry-After"), string(b)
	}
	// The first one waits when the server falls silent, the others come later.
	for _, path := range []string{"/o/0123456789abcdef0123456789abcdef01234567", "/h/satu", "/admin/login", "/admin", "/h/satu?lang=en"} {
		if status, retry, body := said(path); status != 503 || retry == "" || !strings.Contains(body, "Pesanan dan uang Anda aman") && !strings.Contains(body, "safe") {
			t.Errorf("%s: %d, retry %q\n%s", path, status, retry, body)
		}
	}
	if status, _, body := said("/readyz"); status != 503 || !strings.Contains(body, "database") {
		t.Errorf("readyz: %d %s", status, body)
	}
	if status, _, body := said("/healthz"); status != 200 {
		t.Errorf("healthz: %d %s", status, body)
	}
	status, _, body := said("/metrics", "Authorization", "Bearer only-for-prometheus")
	if status != 200 || !strings.Contains(body, "go_goroutines") || !strings.Contains(body, "gerai_database_up 0") || strings.Contains(body, "gerai_open_alerts") {
		t.Errorf("metrics: %d\n%.300s", status, body)
	}
	w.set(true)
	testenv.Eventually(t, 20*time.Second, func() (bool, string) {
		ready, body := get(t, base+"/readyz")
		page, _ := get(t, base+"/")
		return ready == 200 && page == 200, body
	})
}
