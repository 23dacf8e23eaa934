package shoptest

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
)

// Promote makes a promotion.
func (k *Harness) Promote(p catalog.Promotion) catalog.Promotion {
	k.Helper()
	if p.Name == "" {
		p.Name = "Promo"
	}
	p, err := k.Shop.Catalogue.CreatePromotion(context.Background(), actor.Named("test"), nil, p, k.NextNonce())
	k.Must(err)
	return p
}

// checkPromotions compares what promotions say of their uses with the orders under them: each
// order that holds a use is counted once, and nothing else.
func (k *Harness) checkPromotions(ctx context.Context, all []order.Order) {
	k.Helper()
	promotions, err := k.Store.Promotions(ctx)
	k.Must(err)
	for _, p := range promotions {
		want := catalog.Promotion{}
		for _, o := range all {
			if o.Item.Promotion.ID != p.ID {
				continue
			}
			if o.Item.Due() != o.Total || o.Item.Discount <= 0 || o.Total < 0 {
				k.Errorf("I9: order %s of %s costs %s less %s", o.Code, o.Total, o.Item.Price, o.Item.Discount)
			}
			if o.HoldsPromotion() {
				want.Used++
			}
			if o.SoldPromoted() {
				want.Paid++
				want.Given += o.Item.Discount
			}
		}
		if p.Used != want.Used || p.Paid != want.Paid || p.Given != want.Given {
			k.Errorf("I9: promotion %s counts %d, %d paid, %s given; its orders are %d, %d, %s", p.ID, p.Used, p.Paid, p.Given, want.Used, want.Paid, want.Given)
		}
	}
}
