package shop

import (
	"context"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
)

// register connects what runs against the order of the areas: an area that is
// lower calls one that is higher. Hooks of one event run in the order given here.
func (s *Shop) register() {
	s.ledger.Views = s.Orders.Views()
	s.ledger.CorrectTimes = s.Vouchers.CorrectTimes
	s.Alerts.AlertAcknowledged = s.Reports.DropDashboards
	s.Routers.RouterBack = []func(context.Context, catalog.Router, hotspot.Health) error{
		s.Vouchers.FreeStopped,
		s.Vouchers.SweepPasses,
	}
	s.Orders.RefundEvent = s.Refunds.RefundNews
}

// HoldEndings has nothing end, be kept out or be removed while held says so: a shop that was
// restored from a backup does not know all that was paid for. It is set before the shop works.
func (s *Shop) HoldEndings(held func() bool) { s.ledger.Held = held }
