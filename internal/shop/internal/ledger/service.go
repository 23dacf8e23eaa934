package ledger

import (
	"context"
	"io"
	"log/slog"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/order"
	"gerai/internal/store"
)

// Options are what the use cases of ledger need.
type Options struct {
	Views        interface{ Drop(order.ID) }
	CorrectTimes func(context.Context) error
	// Held, where set, reports that nothing may end whatever the clock says: a shop that was
	// restored from a backup does not know yet all that was paid for.
	Held func() bool
	// Workers, where set, begin jobs of this process without a claim.
	Workers  Workers
	Store    *store.Store
	Cache    cache.Cache
	Clock    clock.Clock
	Random   io.Reader
	Log      *slog.Logger
	Zone     *time.Location
	OrderTTL time.Duration
	Verifier *clock.Verifier
	Live     func() bool
}

// Ledger holds the use cases of ledger.
type Ledger struct {
	Options
}

// New returns the use cases of ledger.
func New(o Options) *Ledger {
	return &Ledger{Options: o}
}
