package orders

import (
	"context"
	"slices"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Erase removes the phone number and the device hints of an order at the customer's
// request; a second call changes nothing. The record of the sale remains without
// personal data. A pass loses its device a day after it was given in any case. Errors:
// NotFound, Conflict "order.still_open" while staff may have to reach the customer:
// until the order is over and no money is due either way.
func (s *Service) Erase(ctx context.Context, token order.Token) error {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, ledger.ActorCustomer, o.ID, func(tx *store.Tx, now *order.Order) (string, bool, error) {
		refunds, err := tx.Refunds(ctx, now.ID)
		if err != nil {
			return "", false, err
		}
		over, err := isOver(ctx, tx, *now, refunds)
		if err != nil || !over {
			return "", false, ledger.OrElse(err, fault.New(fault.Conflict, "order.still_open"))
		}
		if now.Phone == "" && now.Hints == (order.Hints{}) {
			return "", false, nil
		}
		now.Phone, now.Hints = "", order.Hints{}
		return "order.forget", true, nil
	})
	return err
}

// isOver reports whether nothing of an order is pending: no delivery, no refund, no
// receivable.
func isOver(ctx context.Context, r interface {
	CounterPayments(context.Context, order.ID) ([]store.CounterPayment, error)
}, o order.Order, refunds []order.Refund) (bool, error) {
	if o.Status == order.Pending || o.Status == order.Paid || o.Attention != order.NoReason {
		return false, nil
	}
	for _, f := range refunds {
		if f.DoneAt.IsZero() {
			return false, nil
		}
	}
	if o.SellerID == "" && o.ForcedAt.IsZero() {
		return true, nil
	}
	taken, err := r.CounterPayments(ctx, o.ID)
	return err == nil && !slices.ContainsFunc(taken, func(c store.CounterPayment) bool { return c.ConfirmedAt.IsZero() }), err
}
