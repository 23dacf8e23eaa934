package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// deactivateRefunded switches off the user that a refunded order may have got on its router
// by a call whose answer was lost, or that was under way when the money went
// back. An order that has its voucher is not touched here.
func (s *Service) deactivateRefunded(ctx context.Context, j jobs.Job, id order.ID) error {
	o, facts, err := s.Store.Facts(ctx, id)
	if err != nil || o.Status != order.Refunded || facts.Activation != nil || o.RouterID == "" {
		return err
	}
	r, err := s.Store.Router(ctx, o.RouterID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	f := s.FactsOf(o)
	f.Refunded = true
	there, err := s.Hotspot.FindUser(ctx, r.Router, f.Username, f.Mark)
	if err == nil && there {
		_, err = s.Apply(ctx, r, f)
	}
	if err == nil {
		err = s.EvenOut(ctx, o)
	}
	if err == nil {
		return nil
	}
	if fault.MayPass(err) {
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 5*time.Second, 5*time.Minute), Err: err}
	}
	return fmt.Errorf("undo order %s on router %s: %w", o.ID, r.ID, err)
}

// stopIfRefunded catches an activation that was on its way while the refund
// was approved: its user is switched off again.
func (s *Service) stopIfRefunded(ctx context.Context, tx *store.Tx, o order.Order, routerID string) error {
	refunds, err := tx.Refunds(ctx, o.ID)
	if err != nil {
		return err
	}
	for _, f := range refunds {
		if endsVoucher(f) {
			return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.RefundStop, Queue: jobs.RouterQueue(routerID), Subject: f.ID, DueAt: tx.Now()})
		}
	}
	return nil
}
