package stock

import (
	"io"
	"time"

	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
)

// Options are what the use cases of stock need.
type Options struct {
	Store   *store.Store
	Hotspot hotspot.Driver
	Clock   clock.Clock
	Random  io.Reader
	Zone    *time.Location
}

// Service holds the use cases of stock.
type Service struct {
	Options
	ledger   *ledger.Ledger
	vouchers *vouchers.Service
}

// New returns the use cases of stock.
func New(o Options, ledger *ledger.Ledger, vouchers *vouchers.Service) *Service {
	return &Service{Options: o, ledger: ledger, vouchers: vouchers}
}
