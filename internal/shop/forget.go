package shop

import (
	"context"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
)

// Forget erases the phone number and the device hints of an order at the
// customer's wish; asking again changes nothing. What is left is the record of
// a sale without a person. A pass loses its device a day after it was given,
// by itself. Errors: NotFound, Conflict "order.still_open" while somebody may
// have to reach the customer: until the order is over and no money is owed
// either way.
func (s *Shop) Forget(ctx context.Context, token order.Token) error {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return err
	}
	_, _, err = s.change(ctx, actorCustomer, o.ID, func(tx *store.Tx, now *order.Order) (string, bool, error) {
		refunds, err := tx.Refunds(ctx, now.ID)
		if err != nil {
			return "", false, err
		}
		if !isOver(*now, refunds) {
			return "", false, fault.New(fault.Conflict, "order.still_open")
		}
		if now.Phone == "" && now.Hints == (order.Hints{}) {
			return "", false, nil
		}
		now.Phone, now.Hints = "", order.Hints{}
		return "order.forget", true, nil
	})
	return err
}

// isOver reports whether nobody waits for anything: no delivery, no money.
func isOver(o order.Order, refunds []order.Refund) bool {
	if o.Status == order.Pending || o.Status == order.Paid || o.Attention != order.NoReason {
		return false
	}
	for _, r := range refunds {
		if r.DoneAt.IsZero() {
			return false
		}
	}
	return true
}
