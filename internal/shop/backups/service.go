package backups

import (
	"context"
	"io"
	"log/slog"
	"time"

	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/secret"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments"
)

// Settings are what the configuration says about backups.
type Settings struct {
	Places     []backup.Place
	Recipients []archive.Recipient // none: not encrypted
	At         backup.TimeOfDay
	WorkDir    string // where copies lie until they are stored; it needs room for two
	// StartShop migrates a restored database, starts a shop on it that reaches nothing
	// outside and takes no work, and returns once it has said that it is ready.
	StartShop func(ctx context.Context, database string) error
	// Told is given the outcome of every run, for metrics.
	Told func(Result, error)
}

// Options are what the use cases of backups need.
type Options struct {
	Settings
	Store  *store.Store
	Clock  clock.Clock
	Random io.Reader
	Keys   secret.Keys
	Log    *slog.Logger
	Zone   *time.Location
	// Gateway is asked what was paid since a backup; nil without one.
	Gateway payments.Gateway
}

// Service holds the use cases of backups.
type Service struct {
	Options
	ledger   *ledger.Ledger
	vouchers *vouchers.Service
	orders   *orders.Service
	refunds  *refunds.Service
	restore  recovering
}

// New returns the use cases of backups.
func New(o Options, l *ledger.Ledger, v *vouchers.Service, ord *orders.Service, ref *refunds.Service) *Service {
	return &Service{Options: o, ledger: l, vouchers: v, orders: ord, refunds: ref}
}

// Configured reports whether there is any place to write to.
func (s *Service) Configured() bool { return len(s.Places) > 0 }

// Encrypted reports whether backups are encrypted.
func (s *Service) Encrypted() bool { return len(s.Recipients) > 0 }

// Bounds of a run's parts.
const (
	copyTime  = time.Hour
	packTime  = time.Hour
	storeTime = 6 * time.Hour // a bucket's own bound depends on the size
	drillTime = 2 * time.Hour
	lookTime  = time.Minute
	// RunTime is the longest that all of it may take.
	RunTime = 10 * time.Hour
)
