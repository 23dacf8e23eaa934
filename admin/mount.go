package admin

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/alerts"
	"gerai/admin/backups"
	"gerai/admin/catalogue"
	"gerai/admin/counter"
	"gerai/admin/orders"
	"gerai/admin/reconciliation"
	"gerai/admin/refunds"
	"gerai/admin/reports"
	"gerai/admin/routers"
	"gerai/admin/setup"
	"gerai/admin/staff"
	"gerai/admin/stock"
	"gerai/admin/vouchers"
	"gerai/admin/web"
)

// routes are all that need a session, in the order in which addresses are compared.
var routes = slices.Concat(staff.Routes, alerts.Routes, routers.Routes, orders.Routes, counter.Routes, refunds.Routes, stock.Routes, vouchers.Routes, reports.Routes, reconciliation.Routes, backups.Routes, catalogue.Routes, catalogue.PromotionRoutes, setup.Routes)

// Mount puts the panel on the server.
func Mount(d *web.Handler, r fiber.Router) {
	d.Serves(routes)
	g := d.Group(r)
	d.Installable(g)
	for _, x := range staff.PublicRoutes {
		web.Add(g, x, d.Public(x))
	}
	for _, x := range routes {
		web.Add(g, x, d.Authorized(x))
	}
	g.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
}
