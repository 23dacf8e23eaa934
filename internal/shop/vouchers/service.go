package vouchers

import (
	"log/slog"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/secret"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/routers"
	"gerai/internal/store"
)

// Options are what the use cases of vouchers need.
type Options struct {
	Store    *store.Store
	Hotspot  hotspot.Driver
	Cache    cache.Cache
	Clock    clock.Clock
	Keys     secret.Keys
	Log      *slog.Logger
	Limits   ledger.Limits
	Patience time.Duration
	Verifier *clock.Verifier
	Instance string
}

// Service holds the use cases of vouchers.
type Service struct {
	Options
	ledger  *ledger.Ledger
	alerts  *alerts.Service
	routers *routers.Service
	usages  usages
	rosters rosters
	watched watched
	marks   marks
	hosts   hostLists
}

// New returns the use cases of vouchers.
func New(o Options, ledger *ledger.Ledger, alerts *alerts.Service, routers *routers.Service) *Service {
	return &Service{Options: o, ledger: ledger, alerts: alerts, routers: routers}
}
