package storefront

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// plans shows what a hotspot sells.
func (d *Handler) plans(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	return d.showPlans(c, site, false)
}

// site finds the hotspot of the address, which may be one that it had
// earlier, in any case.
func (d *Handler) site(c *fiber.Ctx) (catalog.Site, error) {
	site, err := d.catalogueCache.site(c.UserContext(), strings.ToLower(c.Params("site")))
	if err == nil && site.Hidden {
		return site, orders.ErrSiteClosed
	}
	return site, err
}

func (d *Handler) showPlans(c *fiber.Ctx, site catalog.Site, root bool) error {
	h := hints(query(c))
	if h == (order.Hints{}) {
		return d.keptPlans(c, site, root)
	}
	page, err := d.plansPage(c, site, root, h)
	if err != nil {
		return err
	}
	page.Unpaid = d.Shop.Orders.HasPending(c.UserContext(), site.ID, h)
	return send(c, fiber.StatusOK, page.Theme, page)
}

// plansPage is the page with a new nonce.
func (d *Handler) plansPage(c *fiber.Ctx, site catalog.Site, root bool, h order.Hints) (templates.PlansPage, error) {
	path := "/h/" + site.Slug
	if root {
		path = "/"
	}
	base, err := d.base(c, path)
	if err != nil {
		return templates.PlansPage{}, err
	}
	base.Zone, base.Hints = site.Zone(d.Zone), h
	page := templates.PlansPage{Base: base, Site: site}
	plans, err := d.Store.Plans(c.UserContext(), site.ID)
	if err != nil {
		return page, err
	}
	for _, p := range plans {
		if p.Hidden {
			continue
		}
		card := templates.PlanCard{Plan: p, Methods: d.Shop.Orders.OfferedMethods(p.Price)}
		if card.SoldOut, err = d.Shop.Orders.SoldOut(c.UserContext(), site, p); err != nil {
			return page, err
		}
		page.Plans = append(page.Plans, card)
	}
	if page.Away, page.Seen, err = d.Shop.Orders.RouterAway(c.UserContext(), site); err != nil {
		return page, err
	}
	page.Nonce, err = newNonce(d.Random, base.Now)
	return page, err
}

// keptPlans answers visitors without hints, who all see the same page but for
// the nonce. Their browser may show its own copy again for as long as the
// nonce is young; no shared cache may keep it.
func (d *Handler) keptPlans(c *fiber.Ctx, site catalog.Site, root bool) error {
	page, err := d.catalogueCache.page(c.UserContext(), pageKey{site.Slug, lang(c), root}, func() (*precompressed, error) {
		page, err := d.plansPage(c, site, root, order.Hints{})
		if err != nil {
			return nil, err
		}
		html, err := templates.Render(page)
		if err != nil {
			return nil, err
		}
		kept, err := precompress(html, page.Nonce)
		if err == nil {
			kept.styleHash = page.Theme.StyleHash
		}
		return kept, err
	})
	if err != nil {
		return err
	}
	frame(c, page.styleHash)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Vary(fiber.HeaderAcceptEncoding)
	now := d.Clock.Now()
	nonce, held := heldForm(c.Get(fiber.HeaderIfNoneMatch), page.tag, now)
	if !held {
		if nonce, err = newNonce(d.Random, now); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderETag, fmt.Sprintf(`W/"%s.%s"`, page.tag, nonce))
	if held {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	if c.Get(fiber.HeaderAcceptEncoding) != "" && c.AcceptsEncodings("gzip") == "gzip" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(page.gzip(nonce))
		return nil
	}
	c.Response().SetBodyRaw(page.with(nonce))
	return nil
}
