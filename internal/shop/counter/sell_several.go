package counter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/store"
	"gerai/payments/counter"
)

// sale is what a form of the counter sells: an item for each voucher, and the money for all.
type sale struct {
	priced orders.Priced
	items  []order.Item
	taken  counter.Taken
}

// Total is what a sale costs.
func total(items []order.Item) (sum money.Rupiah) {
	for _, i := range items {
		sum += i.Due()
	}
	return sum
}

// Quote says what a form would sell and for how much; nothing is stored. Errors as of Sell.
func (s *Service) Quote(ctx context.Context, in SellIn) ([]order.Item, error) {
	site, plan, err := s.checkSale(ctx, &in)
	if err != nil {
		return nil, err
	}
	_, items, err := s.itemsOf(ctx, in, site, plan)
	return items, err
}

// itemsOf prices the vouchers of a form: the promotion that is best for the customer, then what
// staff take off, divided among them.
func (s *Service) itemsOf(ctx context.Context, in SellIn, site catalog.Site, plan catalog.Plan) (orders.Priced, []order.Item, error) {
	priced, err := s.orders.PriceAtCounter(ctx, orders.PlaceIn{Phone: in.Phone, Promo: in.Promo, Terms: in.Terms, Client: orders.StaffClient(in.Actor.ID)}, site, plan, in.Method)
	if err != nil {
		return priced, nil, err
	}
	rules, err := s.Store.CounterRules(ctx)
	if err != nil {
		return priced, nil, err
	}
	off, err := in.Allowance.Of(priced.Item.Due()*money.Rupiah(in.Quantity), in.Quantity, rules.MostDiscount)
	if err != nil {
		return priced, nil, err
	}
	items := make([]order.Item, in.Quantity)
	for i, part := range order.Share(off, in.Quantity) {
		items[i] = priced.Item
		if items[i].Allowance = part; part > 0 {
			items[i].AllowanceReason = in.Allowance.Tidy()
		}
	}
	return priced, items, nil
}

func (s *Service) priceSale(ctx context.Context, in SellIn, site catalog.Site, plan catalog.Plan) (sale, error) {
	var out sale
	var err error
	if out.priced, out.items, err = s.itemsOf(ctx, in, site, plan); err != nil {
		return out, err
	}
	out.taken, err = counter.Take(counter.Tender{Method: in.Method, Due: total(out.items), Given: in.Given, Reference: in.Reference})
	return out, err
}

// partKey is the key of one voucher of a sale: the form's for the first.
func partKey(nonce string, i int) string {
	if i == 0 {
		return nonce
	}
	sum := sha256.Sum256([]byte(nonce + "/" + strconv.Itoa(i)))
	return hex.EncodeToString(sum[:16])
}

// insertSale writes all vouchers of a sale in one transaction and returns the first order.
func (s *Service) insertSale(ctx context.Context, in SellIn, site catalog.Site, plan catalog.Plan, sold sale) (first order.Order, err error) {
	drawn := make([]order.Order, in.Quantity)
	for i := range drawn {
		if drawn[i], err = s.orders.DrawOrder(orders.PlaceIn{Phone: in.Phone, Nonce: partKey(in.Nonce, i), Lang: "id"}, site, plan); err != nil {
			return first, err
		}
		drawn[i].Item, drawn[i].Total = sold.items[i], sold.items[i].Due()
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		for i := range drawn {
			if err := s.insertPart(ctx, tx, in, site, plan, sold, &drawn[i], i); err != nil {
				return err
			}
		}
		return nil
	})
	return drawn[0], err
}

func (s *Service) insertPart(ctx context.Context, tx *store.Tx, in SellIn, site catalog.Site, plan catalog.Plan, sold sale, o *order.Order, i int) error {
	if err := orders.KeepStock(ctx, tx, site, plan); err != nil {
		return err
	}
	if err := ledger.FreeOfStock(ctx, tx, o.Username); err != nil {
		return err
	}
	if err := s.ledger.Begin(ctx, tx, o); err != nil {
		return err
	}
	gone, err := s.orders.UsePromotion(ctx, tx, *o, sold.priced)
	switch {
	case err != nil:
		return err
	case gone && i > 0:
		return fault.AtField("quantity", "counter.promotion_quantity")
	case gone:
		return orders.ErrTermsChanged
	}
	about := map[string]any{"code": string(o.Code), "site": site.ID, "plan": plan.ID, "total": int64(o.Total), "method": string(in.Method)}
	if o.Item.Promotion.ID != "" {
		about["promotion"], about["discount"] = o.Item.Promotion.ID, int64(o.Item.Discount)
	}
	if o.Item.Allowance > 0 {
		about["allowance"], about["reason"] = int64(o.Item.Allowance), o.Item.AllowanceReason
	}
	if in.Quantity > 1 {
		about["quantity"], about["no"] = in.Quantity, i+1
	}
	tx.Audit("order.place", "order:"+string(o.ID), about)
	// The change of cash goes with the first voucher.
	part, saleKey := counter.Taken{Method: sold.taken.Method, Amount: o.Total, Given: o.Total, Reference: sold.taken.Reference}, ""
	if i == 0 {
		part.Given += sold.taken.Change()
	}
	if in.Quantity > 1 {
		saleKey = in.Nonce
	}
	if err := s.recordCounterPayment(ctx, tx, o, part, partKey(in.Nonce, i), saleKey, in.Actor); err != nil {
		return err
	}
	_, err = s.ledger.DeriveAndSave(ctx, tx, o, "order.sell")
	return err
}
