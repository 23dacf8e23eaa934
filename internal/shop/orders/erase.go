package orders

import (
	"context"

	"gerai/internal/actor"
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
	// Anyone may call this as often as they like: what changes nothing takes no transaction.
	all, err := s.Store.Refunds(ctx, o.ID)
	if err == nil {
		err = mayErase(ctx, s.Store, o, all)
	}
	if err != nil || o.Phone == "" && o.Hints == (order.Hints{}) {
		return err
	}
	_, _, err = s.ledger.Change(ctx, actor.Customer, "order.forget", o.ID, func(tx *store.Tx, now *order.Order) error {
		refunds, err := tx.Refunds(ctx, now.ID)
		if err != nil {
			return err
		}
		if err := mayErase(ctx, tx, *now, refunds); err != nil {
			return err
		}
		if !s.ledger.MayKeepOut() {
			return order.ErrStillOpen // a restored shop does not know yet what is due
		}
		if now.Phone == "" && now.Hints == (order.Hints{}) {
			return ledger.ErrUnchanged
		}
		now.Phone, now.Hints = "", order.Hints{}
		return nil
	})
	return err
}

// mayErase is order.MayErase; only an order that staff sold or forced has receivables.
func mayErase(ctx context.Context, r interface {
	CounterPayments(context.Context, order.ID) ([]store.CounterPayment, error)
}, o order.Order, refunds []order.Refund) error {
	if err := order.MayErase(o, refunds, nil); err != nil || (o.SellerID == "" && o.ForcedAt.IsZero()) {
		return err
	}
	taken, err := r.CounterPayments(ctx, o.ID)
	if err != nil {
		return err
	}
	counted := make([]order.Receivable, len(taken))
	for i, c := range taken {
		counted[i] = c.Receivable()
	}
	return order.MayErase(o, refunds, counted)
}
