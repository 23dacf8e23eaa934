package storefront

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// formLimit bounds a posted form in bytes; the longest honest one is far below.
const formLimit = 16 << 10

// Mount puts every route of the shop on the server. HEAD works wherever GET
// does.
func (d *Handler) Mount(r fiber.Router) {
	r.Get("/", d.home)
	r.Get("/h/:site", d.plans)
	r.Get("/H/:site", d.plans) // as posters print it: capitals make a coarser code
	r.Get("/h/:site/poster", d.poster)
	r.Get("/h/:site/wifi.png", d.wifiCode)
	r.Get("/h/:site/shop.png", d.shopCode)
	r.Get("/o/:token", d.order)
	r.Get("/o/:token/qr.png", d.qr)
	r.Get("/o/:token/receipt", d.receipt)
	r.Get("/o/:token/status", d.status)
	r.Get("/o/:token/events", d.events)
	r.Get("/klaim", d.claimForm)
	r.Get("/assets/:file", d.asset)
	r.Get("/brand/:file", d.logo)

	// There are no cookies, so a foreign page gains nothing by posting here;
	// refusing it all the same costs nothing. Browsers that name no origin,
	// such as captive windows, are let in.
	own := httpx.SameOrigin(httpx.OriginOptions{Origins: []string{d.BaseURL}, AllowMissing: true})
	small := httpx.BodyMax(formLimit)
	// The address of an action stays in the browser: a reload, a bookmark or the
	// back button opens it by GET, which leads to the page that has its form.
	act := func(path string, page func(*fiber.Ctx) string, do ...fiber.Handler) {
		r.Post(path, append([]fiber.Handler{own, small, repeatable}, do...)...)
		r.Get(path, func(c *fiber.Ctx) error { return see(c, page(c), along(hints(query(c)))...) })
	}
	ofSite := func(c *fiber.Ctx) string { return "/h/" + url.PathEscape(c.Params("site")) }
	ofOrder := func(c *fiber.Ctx) string { return "/o/" + url.PathEscape(c.Params("token")) }
	act("/h/:site/orders", ofSite, d.admitted, d.place)
	act("/o/:token/method", ofOrder, d.admitted, d.method)
	act("/o/:token/extend", ofOrder, d.admitted, d.extend)
	act("/o/:token/renew", ofOrder, d.admitted, d.renew)
	act("/o/:token/forget", ofOrder, d.admitted, d.erase)
	act("/o/:token/pass", ofOrder, d.admitted, d.pass)
	act("/o/:token/move", ofOrder, d.admitted, d.move)
	// What looks for money or delivers what is paid takes no place from new orders, and needs none.
	act("/o/:token/check", ofOrder, d.pollGateway)
	act("/o/:token/connect", ofOrder, d.connect)
	r.Post("/klaim", own, small, repeatable, d.admitted, d.claim)
}
