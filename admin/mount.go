package admin

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// routes are all that need a session, in the order in which addresses are compared.
var routes = slices.Concat(staffRoutes, alertsRoutes, routersRoutes, ordersRoutes, counterRoutes, refundsRoutes, stockRoutes, vouchersRoutes, reportsRoutes)

// Mount puts the panel on the server.
func Mount(d *Handler, r fiber.Router) {
	g := d.group(r)
	for _, x := range publicRoutes {
		add(g, x, d.public(x))
	}
	for _, x := range routes {
		add(g, x, d.authorized(x))
	}
	g.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
}
