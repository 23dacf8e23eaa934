package orders

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
)

// placeFree writes an order that costs nothing. Errors as of Place.
func (s *Service) placeFree(ctx context.Context, in PlaceIn, site catalog.Site, plan catalog.Plan, priced Priced) (order.Order, error) {
	o, _, err := s.insertOrder(ctx, in, site, plan, priced, payments.Free, false)
	switch {
	case err == nil:
		priced.placed() // the limits of orders hold for it
		return o, nil
	case errors.Is(err, errPromotionGone):
		now, err := s.price(ctx, in, site, plan, payments.QRIS, true)
		if err != nil {
			return order.Order{}, err
		}
		return order.Order{}, ErrTermsChanged.With(&TermsNow{Item: now.Item})
	case errors.Is(err, store.ErrOrderTaken):
		// Two tabs sent the same form at once and the other one was first.
		if again, found, findErr := s.placedBefore(ctx, in, payments.QRIS); found || findErr != nil {
			return again, findErr
		}
	}
	return order.Order{}, fmt.Errorf("place free order at %s: %w", in.SiteSlug, err)
}

// recordFreePayment records a payment of Rp0 for a free order, in the transaction that places it: no
// gateway is asked, and it is delivered like other orders.
func (s *Service) recordFreePayment(ctx context.Context, tx *store.Tx, o *order.Order) error {
	if _, _, err := tx.InsertPayment(ctx, order.PaidByNothing(*o, tx.Now())); err != nil {
		return err
	}
	_, err := s.ledger.DeriveAndSave(ctx, tx, o, "")
	return err
}

// neverCharged reports whether an attempt is missing because no gateway was ever asked: the
// order was paid at the counter from the start, or was free.
func neverCharged(o order.Order, err error) bool {
	return fault.Is(err, fault.NotFound) && (o.SellerID != "" || o.Item.Free())
}
