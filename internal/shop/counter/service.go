package counter

import (
	"gerai/internal/clock"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
)

// Options are what the use cases of counter need.
type Options struct {
	Store *store.Store
	Clock clock.Clock
}

// Service holds the use cases of counter.
type Service struct {
	Options
	ledger   *ledger.Ledger
	vouchers *vouchers.Service
	orders   *orders.Service
}

// New returns the use cases of counter.
func New(o Options, ledger *ledger.Ledger, vouchers *vouchers.Service, orders *orders.Service) *Service {
	return &Service{Options: o, ledger: ledger, vouchers: vouchers, orders: orders}
}
