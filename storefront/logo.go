package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// logo serves the operator's logo under its present name only.
func (d *Handler) logo(c *fiber.Ctx) error {
	theme, err := d.catalogueCache.theme(c.UserContext())
	if err != nil {
		return err
	}
	if theme.LogoPath == "" || c.Path() != theme.LogoPath {
		return fiber.ErrNotFound
	}
	return httpx.SendCached(c, httpx.NewCached(theme.Brand.LogoType, theme.Brand.Logo), forEver)
}
