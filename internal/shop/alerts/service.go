package alerts

import (
	"log/slog"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Options are what the use cases of alerts need.
type Options struct {
	AlertAcknowledged func()
	Store             *store.Store
	Clock             clock.Clock
	Log               *slog.Logger
}

// Service holds the use cases of alerts.
type Service struct {
	Options
	ledger *ledger.Ledger
	open   *cache.Memo[string, int]
}

// New returns the use cases of alerts.
func New(o Options, ledger *ledger.Ledger) *Service {
	return &Service{Options: o, ledger: ledger, open: cache.NewMemo[string, int](o.Clock, openLife, maxOpen)}
}
