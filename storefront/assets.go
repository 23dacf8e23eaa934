package storefront

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// forEver is how long a browser may keep what is named by its content.
const forEver = 365 * 24 * time.Hour

var assets = func() map[string]httpx.Cached {
	out := map[string]httpx.Cached{}
	for _, a := range templates.Assets() {
		out[a.Path] = httpx.NewCached(a.Type, a.Body)
	}
	return out
}()

// asset serves script and icon.
func (d *Handler) asset(c *fiber.Ctx) error {
	a, found := assets[c.Path()]
	if !found {
		return fiber.ErrNotFound
	}
	return httpx.SendCached(c, a, forEver)
}
