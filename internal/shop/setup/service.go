package setup

import (
	"io"
	"log/slog"
	"sync"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments"
)

// Settings are what a process knows of its gateway. The zero value is a process without one.
type Settings struct {
	// Connection is what the process calls; nil where it calls none.
	Connection *payments.Connection
	// Connect makes an account of keys; nothing is asked of the gateway yet. Errors: Config.
	Connect func(key string, tokens []string) (payments.Account, error)
	// FromEnvironment: the keys are set at the server, and those of the panel are not used.
	FromEnvironment bool
	// CheckKey and CheckTokens say why a key or callback tokens cannot be right, as far as
	// their text tells.
	CheckKey    func(key string) error
	CheckTokens func(text string) ([]string, error)
	// GatewayURL is where the gateway is asked, OwnURL the gateway's own address.
	GatewayURL, OwnURL string
	// LiveKey reports whether a key moves real money.
	LiveKey func(key string) bool
}

// Options are what the use cases of the setup need.
type Options struct {
	Settings
	Store   *store.Store
	Hotspot hotspot.Driver
	Cache   cache.Cache
	Clock   clock.Clock
	Random  io.Reader
	Log     *slog.Logger
	BaseURL string
}

// Service holds the use cases of the setup.
type Service struct {
	Options
	ledger    *ledger.Ledger
	vouchers  *vouchers.Service
	catalogue *catalogue.Service
	following sync.Mutex
}

// New returns the use cases of the setup.
func New(o Options, l *ledger.Ledger, v *vouchers.Service, c *catalogue.Service) *Service {
	return &Service{Options: o, ledger: l, vouchers: v, catalogue: c}
}
