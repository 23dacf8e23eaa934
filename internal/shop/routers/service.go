package routers

import (
	"context"
	"io"
	"log/slog"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Options are what the use cases of routers need.
type Options struct {
	RouterBack []func(context.Context, catalog.Router, hotspot.Health) error
	Store      *store.Store
	Hotspot    hotspot.Driver
	Cache      cache.Cache
	Clock      clock.Clock
	Random     io.Reader
	Log        *slog.Logger
	BaseURL    string
	Verifier   *clock.Verifier
}

// Service holds the use cases of routers.
type Service struct {
	Options
	ledger         *ledger.Ledger
	lists          lists
	trafficSampler trafficSampler
	samples        samples
}

// New returns the use cases of routers.
func New(o Options, ledger *ledger.Ledger) *Service {
	return &Service{Options: o, ledger: ledger}
}
