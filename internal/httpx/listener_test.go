package httpx

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A client that asks and asks and never reads holds a connection only until
// our patience ends.
func TestAClientThatNeverReadsIsLetGo(t *testing.T) {
	page := strings.Repeat("x", 100<<10)
	app := NewServer(Options{})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString(page) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	impatient := Bound(ln, Bounds{}).(*listener)
	impatient.patience = 100 * time.Millisecond
	go func() { served <- app.Listener(impatient) }()
	client, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := io.WriteString(client, strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 500)); err != nil {
		t.Fatal(err)
	}
	until(t, "the connection is open", func() bool { return app.Server().GetOpenConnectionsCount() == 1 })
	until(t, "it is closed again", func() bool { return app.Server().GetOpenConnectionsCount() == 0 })
	if err := app.ShutdownWithTimeout(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Fatal(err)
	}
}
