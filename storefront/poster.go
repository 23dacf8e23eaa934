package storefront

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/picture"
	"gerai/templates"
)

// poster is what hangs at the hotspot: join the Wi-Fi, then buy. Its address
// lives as long as the hotspot does, so it can be printed again at any time.
func (d *Handler) poster(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	base, err := d.base(c, "/h/"+site.Slug+"/poster")
	if err != nil {
		return err
	}
	page := templates.PosterPage{Base: base, Paper: templates.ParsePaper(c.Query("size"), templates.A4), Site: site,
		Address: typed(d.BaseURL) + "/h/" + site.Slug, Claim: address(d.BaseURL), Prices: c.Query("prices") == "1"}
	page.Query = map[string][]string{"size": {string(page.Paper)}}
	if page.Prices {
		page.Query.Set("prices", "1")
		plans, err := d.Store.Plans(c.UserContext(), site.ID)
		if err != nil {
			return err
		}
		for _, p := range plans {
			if !p.Hidden {
				page.Plans = append(page.Plans, p)
			}
		}
	}
	return sendPaper(c, page.Sheet(), page)
}

// codeLife is how long a browser may show a poster's code again.
const codeLife = time.Minute

func (d *Handler) sendCode(c *fiber.Ctx, payload string) error {
	png, err := d.imageCache.image("sign "+payload, func() ([]byte, error) { return picture.Sign(payload) })
	if err != nil {
		return err
	}
	return httpx.SendCached(c, httpx.NewCached("image/png", png), codeLife)
}
