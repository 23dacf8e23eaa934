package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// overHTTPS refuses forms of a page that was opened over http, such as at the
// machine's own address: the browser keeps none of the cookies that are for https
// only, so that nothing could be done there, and the reason would not be told.
func (d *Handler) overHTTPS(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodPost || !d.SecureCookies || !strings.HasPrefix(c.Get(fiber.HeaderOrigin), "http://") {
		return c.Next()
	}
	httpx.Log(c).Warn("a form of the panel came over http; the panel works at the base URL only", "client", httpx.ClientIP(c), "address", d.BaseURL+Root)
	httpx.NoStore(c)
	return errWrongAddress
}
