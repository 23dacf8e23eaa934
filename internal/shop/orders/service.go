package orders

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments"
)

// Options are what the use cases of orders need.
type Options struct {
	RefundEvent func(context.Context, jobs.Job, store.WebhookEvent) error
	// Remake makes an order again that a paid charge tells of and the books have lost. why
	// says, where there is none, why not: the code of a fault, "" where none is expected.
	Remake     func(context.Context, payments.Charge) (id order.ID, why string, err error)
	Store      *store.Store
	Gateway    payments.Gateway
	Calls      *GatewayCalls // what is known of the gateway's answers
	Cache      cache.Cache
	Clock      clock.Clock
	Keys       secret.Keys
	Log        *slog.Logger
	Limits     ledger.Limits
	BaseURL    string
	Zone       *time.Location
	OrderTTL   time.Duration
	VAMinimum  money.Rupiah
	PayerName  string
	RefundDays int
	Instance   string
	Live       func() bool
}

// Service holds the use cases of orders.
type Service struct {
	Options
	ledger    *ledger.Ledger
	vouchers  *vouchers.Service
	viewCache viewCache
	readings  atomic.Uint64 // of views, see View.Reading
}

// New returns the use cases of orders.
func New(o Options, ledger *ledger.Ledger, vouchers *vouchers.Service) *Service {
	return &Service{Options: o, ledger: ledger, vouchers: vouchers, viewCache: newViewCache(o.Clock)}
}

// Views are the pages of orders that are kept for a moment.
func (s *Service) Views() interface{ Drop(order.ID) } { return s.viewCache }
