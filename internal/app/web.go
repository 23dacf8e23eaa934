package app

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin"
	"gerai/admin/web"
	"gerai/internal/admission"
	"gerai/internal/httpx"
	"gerai/payments/webhook"
	"gerai/storefront"
)

// mount builds the server and mounts every handler on it. It needs a migrated
// database.
func (a *App) mount() error {
	customers := storefront.New(storefront.Options{Shop: a.Shop, Store: a.Store, Bus: a.Cache, Streams: a.streams, Clock: a.clock, Random: a.random,
		Log: a.log, Zone: a.Config.Zone, BaseURL: a.Shop.BaseURL, Live: a.Gateway.Live})
	a.closers = append(a.closers, customers.Close)
	panel := web.New(web.Options{Shop: a.Shop, Accounts: a.Accounts, Store: a.Store, Bus: a.Cache, Streams: a.streams, Clock: a.clock, Keys: a.Config.Keys,
		Log: a.log, Zone: a.Config.Zone, BaseURL: a.Shop.BaseURL, Live: a.Gateway.Live})
	a.metrics.Registry.MustRegister(newAdmissionNumbers(map[string]*admission.Control{"orders": customers.Acts, "reports": panel.Computing, "exports": panel.Exporting}))
	var alive func() context.Context
	if a.database != nil {
		alive = a.database.Alive
	}
	a.web = httpx.NewServer(httpx.Options{
		Alive: alive, AliveExempt: []string{"/healthz", "/readyz", "/metrics", "/assets/"},
		Log: a.log, TrustedProxies: a.Config.TrustedProxies, OnError: errorPages(customers, panel), Metrics: a.metrics, DeadlineOf: storefront.Deadline,
		HTTPS: strings.HasPrefix(a.Shop.BaseURL, "https://"),
		Quiet: []string{"/healthz", "/readyz", "/metrics", "/o/:token/status", "/o/:token/events"},
	})
	a.web.Get("/healthz", a.healthz)
	a.web.Get("/readyz", a.readyz)
	a.web.Get("/metrics", a.metrics.Handler(a.Config.MetricsToken, a.Config.TrustedProxies))
	hook := &webhook.Handler{Verify: a.Gateway, Recorder: a.Shop.Orders, Log: a.log, Count: func(outcome string) { count.webhooks.WithLabelValues(outcome).Inc() }}
	a.web.Post("/webhooks/xendit", hook.Handle)
	customers.Mount(a.web)
	admin.Mount(panel, a.web)
	if a.listener == nil {
		return errors.New("app: Run before Listen")
	}
	return nil
}

// errorPages lets each handler render its own errors.
func errorPages(shop *storefront.Handler, panel *web.Handler) func(*fiber.Ctx, int, error) error {
	return func(c *fiber.Ctx, status int, err error) error {
		if strings.HasPrefix(c.Path(), "/admin") {
			return panel.ErrorPage(c, status, err)
		}
		return shop.ErrorPage(c, status, err)
	}
}
