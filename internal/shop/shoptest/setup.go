package shoptest

import (
	"time"

	"gerai/internal/catalog"
	"gerai/internal/config"
	"gerai/internal/shop/setup"
	"gerai/payments"
	"gerai/payments/xendit"
)

// Empty is a shop without a site, a router and a plan; the simulated routers are there.
func Empty(s *settings) {
	s.catalog = func(c *catalog.Catalogue) { *c = catalog.Catalogue{Brand: catalog.DefaultBrand} }
}

// setupSettings are those of a process without keys in its environment. The shop's own gateway
// stays the one of the harness until UsePanelKeys.
func (k *Harness) setupSettings() setup.Settings {
	k.panelKeys = payments.NewConnection("xendit")
	return setup.Settings{Connection: k.panelKeys, CheckKey: config.CheckXenditKey, CheckTokens: config.CallbackTokensOf, LiveKey: config.LiveKey, GatewayURL: config.XenditURL, OwnURL: config.XenditURL,
		Connect: func(key string, tokens []string) (payments.Account, error) {
			return xendit.New(xendit.Options{Key: key, BaseURL: k.API.URL, CallbackTokens: tokens, Timeout: 2 * time.Second, Log: k.Shop.Log, Clock: k.Clock})
		}}
}

// UsePanelKeys has the shop call the gateway with the keys that were typed in the panel, and no
// gateway as long as there are none.
func (k *Harness) UsePanelKeys() *payments.Connection {
	k.UseGateway(k.panelKeys)
	return k.panelKeys
}
