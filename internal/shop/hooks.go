package shop

import (
	"context"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
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
	s.Orders.Remake = s.Backups.Remake
	s.ledger.Held = s.Backups.Recovering
}

// StartJobsAt has jobs that are due when they are queued begin at once, where the workers have
// a place free. It is called before the shop is used.
func (s *Shop) StartJobsAt(workers interface {
	Reserve(queue string) (jobs.Place, bool)
}) {
	s.ledger.Workers = workers
}
