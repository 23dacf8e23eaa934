package orders

import (
	"context"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// stuckAfter is how long a paid order may wait before a person is told.
const stuckAfter = 2 * time.Minute

// AlertStuck opens an alert for every paid order that has waited too long, and
// puts its work back on the queue in case it was lost: nothing paid is ever
// without a job or a person.
func (s *Service) AlertStuck(ctx context.Context) error {
	return s.ledger.Each(ctx, store.OrderFilter{Status: order.Paid}, func(o order.Order) error {
		now := s.Clock.Now()
		if ledger.DelayedAhead(o, now) {
			_, err := s.ledger.Rederive(ctx, o.ID)
			return err
		}
		if now.Sub(o.ActivateAt) < stuckAfter {
			return nil
		}
		return s.alertStuckOrder(ctx, o)
	})
}

func (s *Service) alertStuckOrder(ctx context.Context, o order.Order) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		now, facts, err := tx.Facts(ctx, o.ID)
		if err != nil || now.Status != order.Paid {
			return err
		}
		if _, err := tx.OpenAlert(ctx, "stuck", string(o.ID), string(now.Attention)); err != nil {
			return err
		}
		if !order.Derive(facts, tx.Now()).Activate {
			return nil
		}
		unfinished, err := tx.HasJob(ctx, jobs.OrderActivate, string(o.ID))
		if err != nil || unfinished {
			return err
		}
		return s.ledger.QueueActivation(ctx, tx, &now)
	})
}
