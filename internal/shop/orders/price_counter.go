package orders

import (
	"context"
	"errors"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// AtCounter is what a plan costs anyone at the counter: under the best promotion that needs no
// code and does not ask who buys.
func (s *Service) AtCounter(site catalog.Site, plan catalog.Plan, promotions []catalog.Promotion) order.Item {
	item := plan.Item(site)
	for _, p := range catalog.Open(promotions, s.Purchase(site, plan, payments.Cash)) {
		if p.Personal() {
			continue
		}
		item, _ = p.On(item)
		break
	}
	return item
}

// staffClient begins the client of an account; network addresses begin otherwise.
const staffClient = "staff:"

// StaffClient is the client that an account of the counter counts as.
func StaffClient(id string) string { return staffClient + id }

// Placed gives back what asking about the customer took: they bought.
func (p Priced) Placed() { p.placed() }

// PriceAtCounter says what a plan costs the customer of a form of the counter, who may have
// named a code, if that is what the form showed. Client is StaffClient of the account that sells,
// which asks within a bound of its own about customers who buy nothing: after a sale, call Placed. Errors:
// Invalid at "promo", Limited "limit.promotion", Conflict "order.terms_changed".
func (s *Service) PriceAtCounter(ctx context.Context, in PlaceIn, site catalog.Site, plan catalog.Plan, method payments.Method) (Priced, error) {
	priced, err := s.price(ctx, in, site, plan, method, true)
	if err != nil {
		return priced, err
	}
	if priced.Code != nil && !errors.Is(priced.Code, catalog.ErrPromotionBetter) {
		return priced, priced.Code
	}
	all, err := s.Promotions(ctx)
	if err != nil {
		return priced, err
	}
	priced.Shown = s.AtCounter(site, plan, all)
	return priced, priced.agreed(in.Terms)
}

// UsePromotion takes the use that an order which was just begun needs, and keeps whose it is.
// gone: the promotion ended, changed or was used up since the order was priced.
func (s *Service) UsePromotion(ctx context.Context, tx *store.Tx, o order.Order, p Priced) (gone bool, err error) {
	last, err := s.takePromotion(ctx, tx, p, "")
	if errors.Is(err, errPromotionGone) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if last {
		tx.AfterCommit(func() { ledger.CatalogueChanged(ctx, s.Cache) })
	}
	return false, s.keepPromotion(ctx, tx, o, p)
}
