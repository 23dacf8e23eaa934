package orders

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Cancel closes an unpaid order and keeps the reason in the audit trail. Money that
// arrives later goes to the operator's queue. Errors: Invalid at "reason", Conflict
// "order.not_pending".
func (s *Service) Cancel(ctx context.Context, by actor.Actor, id order.ID, why string) error {
	why, err := ledger.Reason(why)
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, by, "order.cancel", id, func(tx *store.Tx, o *order.Order) error {
		if o.Status == order.Cancelled {
			return ledger.ErrUnchanged
		}
		if err := order.MayCancel(*o); err != nil {
			return err
		}
		o.CancelledAt = tx.Now()
		attempts, err := tx.Attempts(ctx, id)
		if err != nil {
			return err
		}
		for _, a := range attempts {
			if a.State == order.Open || a.State == order.Creating {
				if err := s.Supersede(ctx, tx, a); err != nil {
					return err
				}
			}
		}
		tx.Audit("order.reason", "order:"+string(id), map[string]any{"act": "cancel", "reason": why})
		return nil
	})
	return err
}
