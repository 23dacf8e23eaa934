package storefront

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
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

// wifiCode is the code that joins the hotspot's open Wi-Fi.
func (d *Handler) wifiCode(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	if site.Portal.SSID == "" {
		return fiber.ErrNotFound
	}
	return d.sendCode(c, wifi(site.Portal.SSID))
}

// shopCode is the code that opens the hotspot's shop.
func (d *Handler) shopCode(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	return d.sendCode(c, shopURL(d.BaseURL, site))
}

func (d *Handler) sendCode(c *fiber.Ctx, payload string) error {
	png, err := d.imageCache.image("sign "+payload, func() ([]byte, error) { return picture.Sign(payload) })
	if err != nil {
		return err
	}
	return httpx.SendCached(c, httpx.NewCached("image/png", png), codeLife)
}

var wifiEscapes = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, `:`, `\:`, `"`, `\"`)

// wifi is the text phones join an open network by.
func wifi(ssid string) string { return "WIFI:T:nopass;S:" + wifiEscapes.Replace(ssid) + ";;" }

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
