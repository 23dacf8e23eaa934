package refunds

import (
	"log/slog"

	"gerai/internal/clock"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments"
)

// Options are what the use cases of refunds need.
type Options struct {
	Store   *store.Store
	Gateway payments.Gateway
	Clock   clock.Clock
	Log     *slog.Logger
}

// Service holds the use cases of refunds.
type Service struct {
	Options
	ledger   *ledger.Ledger
	alerts   *alerts.Service
	vouchers *vouchers.Service
	orders   *orders.Service
}

// New returns the use cases of refunds.
func New(o Options, ledger *ledger.Ledger, alerts *alerts.Service, vouchers *vouchers.Service, orders *orders.Service) *Service {
	return &Service{Options: o, ledger: ledger, alerts: alerts, vouchers: vouchers, orders: orders}
}
