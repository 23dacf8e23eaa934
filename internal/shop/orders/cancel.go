package orders

import (
	"context"

	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Cancel closes an unpaid order and keeps the reason in the audit trail. Money that
// arrives later goes to the operator's queue. Errors: Invalid at "reason", Conflict
// "order.not_pending".
func (s *Service) Cancel(ctx context.Context, actor string, id order.ID, why string) error {
	why, err := ledger.Reason(why)
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, actor, id, func(tx *store.Tx, o *order.Order) (string, bool, error) {
		if o.Status == order.Cancelled {
			return "", false, nil
		}
		if err := order.MayCancel(*o); err != nil {
			return "", false, err
		}
		o.CancelledAt = tx.Now()
		attempts, err := tx.Attempts(ctx, id)
		if err != nil {
			return "", false, err
		}
		for _, a := range attempts {
			if a.State == order.Open || a.State == order.Creating {
				if err := s.Supersede(ctx, tx, a); err != nil {
					return "", false, err
				}
			}
		}
		tx.Audit("order.reason", "order:"+string(id), map[string]any{"act": "cancel", "reason": why})
		return "order.cancel", true, nil
	})
	return err
}
