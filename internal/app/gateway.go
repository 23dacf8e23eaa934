package app

import (
	"context"
	"time"

	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/shop/setup"
	"gerai/payments"
	"gerai/payments/xendit"
)

// gatewayName is the gateway that is built in.
const gatewayName = "xendit"

// environmentID tells the account of the environment from those of the panel, whose ids are
// drawn.
const environmentID = "environment"

// followEvery is how soon keys that were typed at another process are used by this one.
const followEvery = 2 * time.Second

// connect makes an account of keys. Errors: Config "gateway.config".
func (a *App) connect(key string, tokens []string) (payments.Account, error) {
	return xendit.New(xendit.Options{Key: key, BaseURL: a.Config.XenditURL, CallbackTokens: tokens, Log: a.log, Clock: a.clock,
		Told: func(t time.Time) { a.Verifier.Tell(clock.SourceGateway, t) }})
}

func (a *App) setupSettings() setup.Settings {
	return setup.Settings{Connection: a.Gateway, Connect: a.connect, FromEnvironment: a.Config.XenditKey != "", LiveKey: config.LiveKey, GatewayURL: a.Config.XenditURL, OwnURL: config.XenditURL,
		CheckKey: config.CheckXenditKey, CheckTokens: config.CallbackTokensOf}
}

// followGateway has this process use the keys that are stored. A failure stops nothing: the
// counter sells without a gateway, and the task tries again.
func (a *App) followGateway(ctx context.Context) {
	if err := a.Shop.Setup.Follow(ctx); err != nil {
		a.log.ErrorContext(ctx, "gateway keys not used", "error", err)
	}
}
