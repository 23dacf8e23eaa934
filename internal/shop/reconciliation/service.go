package reconciliation

import (
	"log/slog"
	"time"

	"gerai/internal/clock"
	"gerai/internal/report"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/reports"
	"gerai/internal/store"
	"gerai/payments"
)

// Options are what the use cases of reconciliation need. Gateway may be nil or
// have no account: then the books stand alone.
type Options struct {
	Store   *store.Store
	Gateway payments.Gateway
	Clock   clock.Clock
	Log     *slog.Logger
	Zone    *time.Location
	Live    func() bool
}

// Service holds the use cases of reconciliation.
type Service struct {
	Options
	ledger  *ledger.Ledger
	alerts  *alerts.Service
	orders  *orders.Service
	reports *reports.Service
}

// New returns the use cases of reconciliation.
func New(o Options, l *ledger.Ledger, a *alerts.Service, ord *orders.Service, r *reports.Service) *Service {
	return &Service{Options: o, ledger: l, alerts: a, orders: ord, reports: r}
}

// gateway is the name of the gateway whose list is read, "" without one.
func (s *Service) gateway() string {
	if !payments.Online(s.Gateway) {
		return ""
	}
	return s.Gateway.Name()
}

// today is the day it is now in the operator's time zone.
func (s *Service) today() report.Day { return report.DayOf(s.Clock.Now(), s.Zone) }
