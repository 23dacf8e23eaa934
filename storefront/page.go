package storefront

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// base starts a page: language from the URL, the brand, no query kept.
func (d *Handler) base(c *fiber.Ctx, path string) (templates.Base, error) {
	theme, err := d.catalogueCache.theme(c.UserContext())
	if err != nil {
		return templates.Base{}, err
	}
	return templates.Base{Lang: lang(c), Theme: theme, Zone: d.Zone, Now: d.Clock.Now(), Path: path, Test: !d.Live(), RefundDays: d.Shop.RefundDays}, nil
}

func lang(c *fiber.Ctx) templates.Lang { return templates.ParseLang(c.Query("lang")) }

// send renders a page that belongs to this visitor alone.
func send(c *fiber.Ctx, status int, theme *templates.Theme, p templates.Page) error {
	html, err := templates.Render(p)
	if err != nil {
		return err
	}
	httpx.NoStore(c)
	frame(c, theme.StyleHash)
	return c.Status(status).Send(html)
}

// frame sets what every page of the shop is sent with.
func frame(c *fiber.Ctx, styleHash string) {
	httpx.SetCSP(c, policy(styleHash))
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
}

// policy is the content security policy of a page with that style.
func policy(styleHash string) string { return httpx.CSP([]string{styleHash}, nil) }

// see sends the browser to a page of the shop, by GET, in its language. Pairs
// of name and value become parameters.
func see(c *fiber.Ctx, path string, pairs ...string) error {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if l := lang(c); l != templates.Indonesian {
		q.Set("lang", string(l))
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	httpx.NoStore(c)
	return c.Redirect(path, fiber.StatusSeeOther)
}
