package httpx

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

func unzip(t *testing.T, res *http.Response) string {
	t.Helper()
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPagesArePacked(t *testing.T) {
	page := strings.Repeat("<p>halaman</p>", 100)
	send := func(kind, body string, header ...string) fiber.Handler {
		return func(c *fiber.Ctx) error {
			c.Set("Content-Type", kind)
			for i := 0; i < len(header); i += 2 {
				c.Set(header[i], header[i+1])
			}
			return c.SendString(body)
		}
	}
	app := NewServer(Options{OnError: func(c *fiber.Ctx, _ int, _ error) error { return send("text/html", page)(c) }})
	app.Get("/page", send("text/html; charset=utf-8", page, "ETag", `"x"`))
	app.Get("/json", send("application/json", page))
	app.Get("/small", send("text/html", "<p>"))
	app.Get("/png", send("image/png", page))
	app.Get("/packed", send("text/html", page, "Content-Encoding", "br"))
	app.Get("/never", send("text/html", page, "Cache-Control", "no-transform"))
	for _, c := range []struct {
		path, accept string
		packed       bool
	}{
		{"/page", "gzip", true}, {"/page", "br, gzip;q=0.5", true}, {"/page", "*", true}, {"/page", "", false}, {"/page", "identity", false},
		{"/page", "gzip;q=0", false}, {"/page", "*;q=0", false}, {"/page", "gzip;q=0, *", false}, {"/json", "gzip", true}, {"/missing", "gzip", true},
		{"/small", "gzip", false}, {"/png", "gzip", false}, {"/packed", "gzip", false}, {"/never", "gzip", false},
	} {
		res := get(t, app, c.path, "Accept-Encoding: "+c.accept)
		packed := res.Header.Get("Content-Encoding") == "gzip"
		if packed != c.packed {
			t.Errorf("%s for %q: packed %v", c.path, c.accept, packed)
			continue
		}
		body := page
		if packed {
			if body = unzip(t, res); res.ContentLength >= int64(len(page)) {
				t.Errorf("%s did not shrink", c.path)
			}
		}
		if body != page {
			t.Errorf("%s: content changed", c.path)
		}
		if varies := res.Header.Get("Vary") != ""; c.path == "/page" && !varies || c.path == "/png" && varies {
			t.Errorf("%s: Vary is %q", c.path, res.Header.Get("Vary"))
		}
		if tag := res.Header.Get("ETag"); c.path == "/page" && (tag == `W/"x"`) != packed {
			t.Errorf("tag %q, packed %v", tag, packed)
		}
	}
	off := NewServer(Options{GzipLevel: -1})
	off.Get("/page", send("text/html", page))
	if get(t, off, "/page", "Accept-Encoding: gzip").Header.Get("Content-Encoding") != "" {
		t.Error("packed although switched off")
	}
}

func TestCachedAnswers(t *testing.T) {
	style := NewCached("text/css", bytes.Repeat([]byte("a{color:red}"), 100))
	picture := NewCached("image/png", []byte("\x89PNG"))
	empty := NewCached("text/plain", nil)
	if style.Gzip == nil || picture.Gzip != nil || empty.Gzip != nil || NewCached("text/css", []byte("b")).ETag == style.ETag {
		t.Fatal("packing or naming is wrong")
	}
	app := NewServer(Options{})
	app.Get("/style", func(c *fiber.Ctx) error { return SendCached(c, style, 365*24*time.Hour) })
	app.Get("/picture", func(c *fiber.Ctx) error { return SendCached(c, picture, time.Minute) })
	app.Get("/empty", func(c *fiber.Ctx) error { return SendCached(c, empty, 0) })

	plain := get(t, app, "/style")
	if text(t, plain) != string(style.Body) || plain.Header.Get("ETag") != style.ETag || plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || plain.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v", plain.Header)
	}
	packed := get(t, app, "/style", "Accept-Encoding: gzip")
	if packed.Header.Get("ETag") == style.ETag || packed.Header.Get("Content-Type") != "text/css" || unzip(t, packed) != string(style.Body) {
		t.Errorf("%v", packed.Header)
	}
	for _, tag := range []string{style.ETag, packed.Header.Get("ETag"), "W/" + style.ETag, `"other", ` + style.ETag, "*"} {
		res := get(t, app, "/style", "Accept-Encoding: gzip", "If-None-Match: "+tag)
		if body := text(t, res); res.StatusCode != 304 || body != "" || res.Header.Get("ETag") == "" {
			t.Errorf("%s: %d %q", tag, res.StatusCode, body)
		}
	}
	if res := get(t, app, "/style", `If-None-Match: "other"`); res.StatusCode != 200 {
		t.Errorf("%d", res.StatusCode)
	}
	if res := get(t, app, "/picture", "Accept-Encoding: gzip"); text(t, res) != "\x89PNG" || res.Header.Get("Cache-Control") != "public, max-age=60" || res.Header.Get("Vary") != "" {
		t.Errorf("%v", res.Header)
	}
	if res := get(t, app, "/empty"); res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-cache" || text(t, res) != "" {
		t.Errorf("%v", res.Header)
	}
	if res := do(t, app, "HEAD", "/style", ""); res.StatusCode != 200 || res.Header.Get("Content-Length") == "" || text(t, res) != "" {
		t.Errorf("HEAD: %v", res.Header)
	}
}

func TestMetrics(t *testing.T) {
	m, streams := NewMetrics(), NewStreams(1)
	m.WatchStreams(streams)
	app := NewServer(Options{Metrics: m})
	app.Get("/o/:token", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/metrics", m.Handler("a-long-token", nil))
	get(t, app, "/o/SECRET1")
	get(t, app, "/o/SECRET2")
	get(t, app, "/SECRET3")
	if res := do(t, app, http.MethodPut, "/o/SECRET4", ""); res.Header.Get("Allow") == "" {
		t.Error("a wrong method is not told the right ones")
	}
	body := text(t, get(t, app, "/metrics", "Authorization: Bearer a-long-token"))
	for _, want := range []string{
		`gerai_http_requests_total{method="GET",route="/o/:token",status="200"} 2`,
		`gerai_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`gerai_http_requests_total{method="PUT",route="unmatched",status="405"} 1`,
		`gerai_http_request_seconds_count{route="/o/:token"} 2`, "gerai_http_streams_open 0", "go_goroutines ",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(body, "SECRET") {
		t.Error("a path became a label")
	}
	for auth, want := range map[string]int{"": 401, "Bearer wrong": 401, "a-long-token": 401, "Bearer a-long-token": 200} {
		if res := get(t, app, "/metrics", "Authorization: "+auth); res.StatusCode != want {
			t.Errorf("%q: %d", auth, res.StatusCode)
		}
	}
}

// Without a token the numbers are for programs on this machine alone, and for no
// request that a proxy forwards, wherever the proxy is and whatever it sets.
func TestMetricsWithoutAToken(t *testing.T) {
	m := NewMetrics()
	open := func(proxies ...netip.Prefix) (app *fiber.App, addr string) {
		app = NewServer(Options{TrustedProxies: proxies})
		app.Get("/metrics", m.Handler("", proxies))
		return app, listen(t, app, nil)
	}
	app, addr := open()
	if res := get(t, app, "/metrics", "Host: 127.0.0.1"); res.StatusCode != http.StatusForbidden { // from 0.0.0.0
		t.Errorf("from elsewhere: %d", res.StatusCode)
	}
	_, behind := open(netip.MustParsePrefix("127.0.0.0/8"))
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		addr, host, header string
		want               int
	}{
		{addr, addr, "HTTP/1.0", 403}, // as nginx asks that was told nothing but the address
		{addr, addr, "", 200}, {addr, "localhost:" + port, "", 200}, {addr, "LOCALHOST", "", 200}, {addr, "[::1]:" + port, "", 200}, {addr, "127.0.0.1", "", 200},
		{addr, "shop.example", "", 403}, {addr, "192.168.88.2:" + port, "", 403}, {addr, "localhost.shop.example", "", 403},
		{addr, addr, "X-Forwarded-For", 403}, {addr, addr, "x-forwarded-proto", 403}, {addr, addr, "X-Forwarded-Host", 403}, {addr, addr, "X-Real-Ip", 403},
		{addr, addr, "Forwarded", 403}, {addr, addr, "Via", 403}, {addr, addr, "CF-Connecting-IP", 403}, {addr, addr, "True-Client-IP", 403},
		{behind, behind, "", 403}, {behind, "localhost", "", 403}, {behind, behind, "X-Forwarded-For", 403},
	} {
		conn, err := net.Dial("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		request := "GET /metrics HTTP/1.1\r\nHost: " + c.host + "\r\n"
		if c.header == "HTTP/1.0" {
			request = strings.Replace(request, "HTTP/1.1", "HTTP/1.0", 1)
		} else if c.header != "" {
			request += c.header + ": 127.0.0.1\r\n"
		}
		if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		conn.Close()
		if res.StatusCode != c.want {
			t.Errorf("host %s, header %q: %d, want %d", c.host, c.header, res.StatusCode, c.want)
		}
	}
}
