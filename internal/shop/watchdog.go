package shop

import (
	"context"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

// stuckAfter is how long a paid order may wait before a person is told.
const stuckAfter = 2 * time.Minute

// alertStuck opens an alert for every paid order that has waited too long, and
// puts its work back on the queue in case it was lost: nothing paid is ever
// without a job or a person.
func (s *Shop) alertStuck(ctx context.Context) error {
	return s.each(ctx, store.OrderFilter{Status: order.Paid}, func(o order.Order) error {
		now := s.Clock.Now()
		if delayedAhead(o, now) {
			_, err := s.rederive(ctx, o.ID)
			return err
		}
		if now.Sub(o.ActivateAt) < stuckAfter {
			return nil
		}
		return s.alertStuckOrder(ctx, o)
	})
}

// each calls fn for every order of a listing, newest first.
func (s *Shop) each(ctx context.Context, f store.OrderFilter, fn func(order.Order) error) error {
	for {
		page, err := s.Store.ListOrders(ctx, f)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, o := range page {
			if err := fn(o); err != nil {
				return err
			}
		}
		last := page[len(page)-1]
		f.Before = store.Cursor{CreatedAt: last.CreatedAt, ID: last.ID}
	}
}

func (s *Shop) alertStuckOrder(ctx context.Context, o order.Order) error {
	return s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
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
		return s.queueActivation(ctx, tx, &now)
	})
}

// JobDead opens an alert when follow-up work was given up for good.
func (s *Shop) JobDead(ctx context.Context, j jobs.Job, cause error) {
	err := s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		_, err := tx.OpenAlertAbout(ctx, "job_dead", j.ID, j.Subject, string(j.Kind)+" "+j.Subject)
		return err
	})
	if err != nil {
		s.Log.ErrorContext(ctx, "dead job without alert", "job", j.ID, "kind", j.Kind, "subject", j.Subject, "error", err, "cause", cause)
	}
}
