package storefront

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
)

// shopCode is the code that opens the hotspot's shop.
func (d *Handler) shopCode(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	return d.sendCode(c, shopURL(d.BaseURL, site))
}

// plainFit is what a code of version 4 with error correction Q holds of any
// text, in bytes. In capitals it holds 67.
const plainFit = 46

// shopURL is the address inside the code. A long one is written in capitals, which codes
// keep in two thirds of the space: scheme and host know no difference, and neither do our
// own paths.
func shopURL(baseURL string, site catalog.Site) string {
	u := baseURL + "/h/" + site.Slug
	if len(u) > plainFit && !strings.Contains(typed(baseURL), "/") {
		return strings.ToUpper(u)
	}
	return u
}
