package app

import (
	"crypto/rand"
	"errors"
	"strings"

	"gerai/internal/httpx"
	"gerai/payments/webhook"
	"gerai/storefront"
)

// mount builds the server and puts every door on it. It needs a migrated
// database.
func (a *App) mount() error {
	shopDoor := storefront.New(storefront.Options{Shop: a.Shop, Store: a.Store, Bus: a.Cache, Streams: a.streams, Clock: a.clock, Random: rand.Reader,
		Log: a.log, Zone: a.Config.Zone, BaseURL: a.Shop.BaseURL, Live: a.Gateway.Live()})
	a.closers = append(a.closers, shopDoor.Close)
	a.web = httpx.NewServer(httpx.Options{
		Log: a.log, TrustedProxies: a.Config.TrustedProxies, OnError: shopDoor.ErrorPage, Metrics: a.metrics,
		HTTPS: strings.HasPrefix(a.Shop.BaseURL, "https://"),
		Quiet: []string{"/healthz", "/readyz", "/metrics", "/o/:token/status", "/o/:token/events"},
	})
	a.web.Get("/healthz", a.healthz)
	a.web.Get("/readyz", a.readyz)
	a.web.Get("/metrics", a.metrics.Handler(a.Config.MetricsToken))
	hook := &webhook.Door{Verify: a.Gateway, Keep: a.Shop, Log: a.log, Count: func(outcome string) { count.webhooks.WithLabelValues(outcome).Inc() }}
	a.web.Post("/webhooks/xendit", hook.Handle)
	shopDoor.Mount(a.web)
	if a.listener == nil {
		return errors.New("app: Run before Listen")
	}
	return nil
}
