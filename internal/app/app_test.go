package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

const callbackToken = "callback-token-of-the-test"

func settings(t *testing.T, more ...string) config.Config {
	t.Helper()
	nobody := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(nobody.Close)
	c, err := config.Load(append([]string{"GERAI_ADDR=127.0.0.1:0", "GERAI_BASE_URL=http://127.0.0.1:1", "GERAI_DATABASE=sqlite:" + filepath.Join(t.TempDir(), "gerai.db"),
		"GERAI_SECRET_KEY=" + secret.Generate(), "GERAI_XENDIT_KEY=xnd_development_abcdefghij", "GERAI_XENDIT_CALLBACK_TOKEN=" + callbackToken, "GERAI_XENDIT_URL=" + nobody.URL}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve runs the program; stop asks it to end and waits for it.
func serve(t *testing.T, c config.Config) (base string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.Open(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.Listen(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return "http://" + a.Addr(), stop
}

var client = &http.Client{Timeout: 20 * time.Second}

func get(t *testing.T, url string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestDoorsOfTheProgram(t *testing.T) {
	base, _ := serve(t, settings(t, "GERAI_METRICS_TOKEN=only-for-prometheus"))
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/": 200, "/klaim": 200, "/nowhere": 404, "/h/nowhere": 404, "/o/nothing": 404, "/webhooks/xendit": 405, "/metrics": 401,
		"/ADMIN/login": 404, "/Metrics": 404, "/KLAIM": 404, "/admin/login/": 200} {
		status, body := get(t, base+path)
		if status != want || strings.Contains(body, "gerai_") {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	status, body := get(t, base+"/metrics", "Authorization", "Bearer only-for-prometheus")
	for _, name := range []string{"gerai_open_alerts 0", "gerai_jobs_unfinished", "gerai_unmatched_payments 0"} {
		if status != 200 || !strings.Contains(body, name) {
			t.Errorf("metrics: %d without %s", status, name)
		}
	}
}

// No address unpacks what arrives: it is refused before a token, a session or a
// form is looked at.
func TestNothingThatArrivesIsUnpacked(t *testing.T) {
	base, _ := serve(t, settings(t))
	for _, path := range []string{"/webhooks/xendit", "/admin/login", "/admin/setup", "/klaim", "/h/satu/orders", "/o/token/method", "/nowhere", "/"} {
		for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"} {
			req, err := http.NewRequest(http.MethodPost, base+path, strings.NewReader("\x1f\x8b packed"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", kind)
			req.Header.Set("Content-Encoding", "gzip")
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusUnsupportedMediaType || len(res.Cookies()) != 0 {
				t.Errorf("%s %s: %d, cookies %v", path, kind, res.StatusCode, res.Cookies())
			}
		}
	}
}

// The webhook handler stores what it can verify and answers 2xx only then.
func TestWebhookDoor(t *testing.T) {
	base, _ := serve(t, settings(t))
	event := `{"event":"payment.succeeded","data":{"id":"py-1","reference_id":"NOBODY12-1","amount":5000,"currency":"IDR","status":"SUCCEEDED","payment_request_id":"pr-1"}}`
	for name, c := range map[string]struct {
		token, body string
		min, max    int
	}{
		"no token":    {"", event, 401, 403},
		"wrong token": {"callback-token-of-the-tes", event, 401, 403},
		"right token": {callbackToken, event, 200, 299},
		"too large":   {callbackToken, `{"x":"` + strings.Repeat("a", 70<<10) + `"}`, 413, 413},
		"no JSON":     {callbackToken, `hello`, 400, 499},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequest(http.MethodPost, base+"/webhooks/xendit", strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("X-Callback-Token", c.token)
			req.Header.Set("Webhook-Id", "hook-1")
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode < c.min || res.StatusCode > c.max {
				t.Errorf("answered %d", res.StatusCode)
			}
		})
	}
}

// While a command migrates a SQLite file, no shop starts on it.
func TestMigrationOwnsTheFile(t *testing.T) {
	ctx, c, log := context.Background(), settings(t), slog.New(slog.DiscardHandler)
	open := func() *app.Tool {
		t.Helper()
		tool, err := app.OpenTool(ctx, c, log)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = tool.Close() })
		return tool
	}
	one, two, three := open(), open(), open()
	migrated := make(chan error, 1)
	if err := three.Store.InTx(ctx, actor.Named("test"), func(*store.Tx) error { // holds the migration up
		go func() {
			_, err := one.Migrate(ctx)
			migrated <- err
		}()
		testenv.Eventually(t, 2*time.Second, func() (bool, string) { return two.Store.Owned(), "the file is free while it is migrated" })
		if _, err := app.Open(ctx, c, log); fault.CodeOf(err) != "store.in_use" {
			t.Errorf("a shop during the migration: %v", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-migrated; err != nil {
		t.Fatal(err)
	}
	if two.Store.Owned() {
		t.Error("the file is still owned")
	}
	if steps, err := two.Migrate(ctx); err != nil || steps != 0 {
		t.Error(steps, err)
	}
}

// One process owns a SQLite file, and a taken port or database says so.
func TestTakenPlaces(t *testing.T) {
	c := settings(t)
	base, stop := serve(t, c)
	if _, err := app.Open(context.Background(), c, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "store.in_use") {
		t.Errorf("the same database twice: %v", err)
	}
	second := settings(t)
	second.Addr = strings.TrimPrefix(base, "http://")
	a, err := app.Open(context.Background(), second, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Listen(); err == nil || !strings.Contains(err.Error(), "app.listen") {
		t.Errorf("the same port twice: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	stop()
	// Both are free again at once.
	testenv.Eventually(t, 5*time.Second, func() (bool, string) {
		again, err := app.Open(context.Background(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			return false, err.Error()
		}
		return again.Close() == nil, "close"
	})
}
