package storefront

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/payments"
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
	var h order.Hints
	if len(c.Request().URI().QueryString()) > 0 {
		h = hints(query(c))
	}
	if h == (order.Hints{}) {
		return d.keptPlans(c, site, root)
	}
	sold, err := d.catalogueCache.offer(c.UserContext(), site.ID, func(ctx context.Context) (offer, error) { return d.offer(ctx, site) })
	if err != nil {
		return err
	}
	page, err := d.plansPage(c, site, root, h, sold)
	if err != nil {
		return err
	}
	page.Unpaid = d.Shop.Orders.HasPending(c.UserContext(), site.ID, h)
	return send(c, fiber.StatusOK, page.Theme, page)
}

// offer is what a hotspot sells at the moment.
type offer struct {
	plans []templates.PlanCard
	away  bool      // no router of the hotspot answers,
	seen  time.Time // since then
	codes bool      // there are promotions that need a code
	until time.Time // when a promotion begins or ends, zero where none does for a while
}

func (d *Handler) offer(ctx context.Context, site catalog.Site) (o offer, err error) {
	plans, err := d.Store.Plans(ctx, site.ID)
	if err != nil {
		return o, err
	}
	promotions, err := d.Shop.Orders.Promotions(ctx)
	if err != nil {
		return o, err
	}
	rules, err := d.Shop.Orders.MethodRules(ctx, site.ID)
	if err != nil {
		return o, err
	}
	for _, p := range plans {
		if p.Hidden {
			continue
		}
		card := d.card(site, p, promotions, rules, &o)
		if card.SoldOut, err = d.Shop.Orders.SoldOut(ctx, site, p); err != nil {
			return o, err
		}
		o.plans = append(o.plans, card)
	}
	o.away, o.seen, err = d.Shop.Orders.RouterAway(ctx, site)
	return o, err
}

// card is a plan with what it costs, and notes in the offer when that changes.
func (d *Handler) card(site catalog.Site, p catalog.Plan, promotions []catalog.Promotion, rules []catalog.MethodRule, o *offer) templates.PlanCard {
	card := templates.PlanCard{Plan: p}
	prices, dearer := d.Shop.Orders.Prices(site, p, promotions, rules)
	for _, r := range dearer {
		card.Dearer = append(card.Dearer, templates.MethodMinimum{Method: r.Method, Minimum: r.Minimum})
	}
	for _, price := range prices {
		card.Methods = append(card.Methods, price.Method)
		card.Prices = append(card.Prices, templates.MethodPrice(price))
	}
	b := d.Shop.Orders.Purchase(site, p, payments.QRIS)
	card.Hinted = catalog.Hinted(promotions, b)
	for _, x := range promotions {
		if !x.Sells(site.ID, p.ID) {
			continue
		}
		o.codes = o.codes || x.Code != ""
		if next := x.Changes(b.At, catalogueLife, b.Zone); !next.IsZero() && (o.until.IsZero() || next.Before(o.until)) {
			o.until = next
		}
	}
	return card
}

// plansPage is the page with a new nonce.
func (d *Handler) plansPage(c *fiber.Ctx, site catalog.Site, root bool, h order.Hints, o offer) (templates.PlansPage, error) {
	path := "/h/" + site.Slug
	if root {
		path = "/"
	}
	base, err := d.base(c, path)
	if err != nil {
		return templates.PlansPage{}, err
	}
	base.Zone, base.Hints = site.Zone(d.Zone), h
	page := templates.PlansPage{Base: base, Site: site, Plans: o.plans, Away: o.away, Seen: o.seen, Codes: o.codes}
	page.Nonce, err = newNonce(d.Random, base.Now)
	return page, err
}

// keptPlans answers visitors without hints, who all see the same page but for
// the nonce. Their browser may show its own copy again for as long as the
// nonce is young; no shared cache may keep it.
func (d *Handler) keptPlans(c *fiber.Ctx, site catalog.Site, root bool) error {
	page, err := d.catalogueCache.page(c.UserContext(), pageKey{site.Slug, lang(c), root}, func() (*precompressed, error) {
		sold, err := d.offer(c.UserContext(), site)
		if err != nil {
			return nil, err
		}
		page, err := d.plansPage(c, site, root, order.Hints{}, sold)
		if err != nil {
			return nil, err
		}
		html, err := templates.Render(page)
		if err != nil {
			return nil, err
		}
		kept, err := precompress(html, page.Nonce)
		if err == nil {
			kept.policy, kept.until = policy(page.Theme.StyleHash), sold.until
		}
		return kept, err
	})
	if err != nil {
		return err
	}
	return d.sendPlans(c, page)
}

// sendPlans completes a kept plan page with a nonce, unless the browser holds it with one
// that is young.
func (d *Handler) sendPlans(c *fiber.Ctx, page *precompressed) (err error) {
	now := d.Clock.Now()
	nonce, held := "", false
	if known := c.Request().Header.Peek(fiber.HeaderIfNoneMatch); len(known) > 0 {
		nonce, held = heldForm(string(known), page.tag, now)
	}
	if !held {
		if nonce, err = newNonce(d.Random, now); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderETag, `W/"`+page.tag+"."+nonce+`"`)
	if held {
		httpx.SetCSP(c, page.policy)
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
		c.Status(fiber.StatusNotModified)
		return nil
	}
	page.send(c, nonce)
	return nil
}
