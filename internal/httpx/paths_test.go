package httpx

import (
	"bufio"
	"io"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttputil"
)

// target asks for exactly this path, which a client library would clean.
func target(t *testing.T, app *fiber.App, method, path string) (status int, to string) {
	t.Helper()
	app.Handler() // builds the routes
	conn := fasthttputil.NewPipeConns()
	client, server := conn.Conn1(), conn.Conn2()
	served := make(chan struct{})
	go func() { defer close(served); app.Server().ServeConn(server) }() // the answer tells
	if _, err := io.WriteString(client, method+" "+path+" HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(client), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	client.Close()
	<-served
	return res.StatusCode, res.Header.Get("Location")
}

// A proxy in front compares paths letter by letter: an address has one spelling,
// and every other is not found or leads to it.
func TestAnAddressHasOneSpelling(t *testing.T) {
	reached := ""
	app := NewServer(Options{})
	g := app.Group("/admin", func(c *fiber.Ctx) error { reached += "guard "; return c.Next() })
	g.Get("", func(c *fiber.Ctx) error { reached += "panel"; return nil })
	g.All("/login", func(c *fiber.Ctx) error { reached += "login"; return nil })
	app.Get("/h/:site", func(c *fiber.Ctx) error { reached += "site " + c.Params("site"); return nil })
	for _, c := range []struct {
		method, path string
		status       int
		reached, to  string
	}{
		{"GET", "/admin", 200, "guard panel", ""},
		{"GET", "/admin/login", 200, "guard login", ""},
		{"GET", "/h/Satu", 200, "site Satu", ""},
		{"GET", "/ADMIN", 404, "", ""},
		{"GET", "/ADMIN/login", 404, "", ""},
		{"POST", "/Admin/login", 404, "", ""},
		{"GET", "/admin/LOGIN", 404, "guard ", ""},
		{"GET", "/H/satu", 404, "", ""},
		{"GET", "//admin/login", 404, "", ""},
		{"GET", "/admin//login", 404, "guard ", ""},
		{"GET", "/x/../admin/login", 404, "", ""},
		{"GET", "/./admin/login", 404, "", ""},
		{"GET", "/%61dmin/login", 404, "", ""},
		{"GET", "/admin%2Flogin", 404, "guard ", ""},
		{"GET", "/%2e/admin/login", 404, "", ""},
		{"GET", "/admin/login;x=y", 404, "guard ", ""},
		{"GET", "/admin/login%20", 404, "guard ", ""},
		{"GET", "/admin/login%00", 404, "guard ", ""},
		{"GET", "/admin/", 308, "", "/admin"},
		{"GET", "/admin/login/?next=%2Fadmin", 308, "", "/admin/login?next=%2Fadmin"},
		{"HEAD", "/h/satu/", 308, "", "/h/satu"},
		{"POST", "/admin/login/", 404, "guard ", ""},
		{"GET", "//evil.test/", 404, "", ""},
		{"GET", "/\\evil.test/", 404, "", ""},
		{"GET", "/evil.test//", 404, "", ""},
	} {
		reached = ""
		status, to := target(t, app, c.method, c.path)
		if status != c.status || reached != c.reached || to != c.to {
			t.Errorf("%s %s: %d, reached %q, leads to %q", c.method, c.path, status, reached, to)
		}
	}
}
