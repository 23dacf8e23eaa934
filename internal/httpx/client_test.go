package httpx

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// Behind a proxy that is not configured, all customers share one client's limits: the
// operator is warned, once.
func TestAnUnknownProxyIsNoticed(t *testing.T) {
	const told = "GERAI_TRUSTED_PROXIES"
	for name, c := range map[string]struct {
		proxies []netip.Prefix
		header  string
		want    int
	}{
		"not named": {nil, "203.0.113.7", 1},
		"named":     {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "203.0.113.7", 0},
		"no proxy":  {nil, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			log := &record{}
			app := NewServer(Options{Log: slog.New(slog.NewTextHandler(log, nil)), TrustedProxies: c.proxies})
			app.Get("/", func(c *fiber.Ctx) error { return nil })
			addr := listen(t, app, nil)
			for range 2 {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr, nil)
				if err != nil {
					t.Fatal(err)
				}
				if c.header != "" {
					req.Header.Set("X-Forwarded-For", c.header)
				}
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
			}
			http.DefaultClient.CloseIdleConnections()
			if got := strings.Count(log.String(), told); got != c.want {
				t.Errorf("told %d times, want %d:\n%s", got, c.want, log)
			}
		})
	}
}
