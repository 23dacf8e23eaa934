package orders

import (
	"context"

	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/payments"
)

// AgainIn is the form of a page that offers to order the same again.
type AgainIn struct {
	Nonce  string // makes it repeatable
	Terms  string // price and terms that the page showed
	Client string
	Hints  order.Hints // the device that asks
}

// Renew places a new order like one that is over, unpaid or with an ended voucher: same
// plan, same method, today's price. Errors as of Place and of order.MayRenew.
func (s *Service) Renew(ctx context.Context, token order.Token, form AgainIn) (order.Order, error) {
	old, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return order.Order{}, err
	}
	held, err := s.vouchers.Holder(ctx, old)
	if err == nil {
		err = order.MayRenew(old, held.Alive(s.Clock.Now()))
	}
	if err != nil {
		return order.Order{}, err
	}
	in, err := s.again(ctx, old, form)
	if err != nil {
		return order.Order{}, err
	}
	return s.Place(ctx, in)
}

// again fills in the form of an earlier order. The device is the one that asks
// now, else the one that asked then.
func (s *Service) again(ctx context.Context, old order.Order, form AgainIn) (PlaceIn, error) {
	site, err := s.Store.Site(ctx, old.SiteID)
	if err != nil {
		return PlaceIn{}, err
	}
	first, err := s.Store.Attempt(ctx, old.ID, 1)
	if neverCharged(old, err) {
		first.Method, err = payments.QRIS, nil
	}
	if err != nil {
		return PlaceIn{}, err
	}
	h := ledger.CleanHints(form.Hints)
	if h.MAC == "" || h.IP == "" {
		h = old.Hints
	}
	return PlaceIn{SiteSlug: site.Slug, PlanID: old.Item.PlanID, Method: string(first.Method), Phone: old.Phone,
		Nonce: form.Nonce, Terms: form.Terms, Lang: old.Lang, Hints: h, Client: form.Client, Again: true}, nil
}
