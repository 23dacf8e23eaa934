package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// formLimit bounds a posted form in bytes; the longest honest one is far below.
const formLimit = 16 << 10

// Mount puts every route of the shop on the server. HEAD works wherever GET
// does.
func (d *Door) Mount(r fiber.Router) {
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
	r.Post("/h/:site/orders", own, small, d.place)
	r.Post("/o/:token/check", own, small, d.check)
	r.Post("/o/:token/method", own, small, d.method)
	r.Post("/o/:token/connect", own, small, d.connect)
	r.Post("/o/:token/pass", own, small, d.pass)
	r.Post("/o/:token/move", own, small, d.move)
	r.Post("/o/:token/extend", own, small, d.extend)
	r.Post("/o/:token/renew", own, small, d.renew)
	r.Post("/o/:token/forget", own, small, d.forget)
	r.Post("/klaim", own, small, d.claim)
}
