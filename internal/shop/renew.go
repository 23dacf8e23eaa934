package shop

import (
	"context"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/payments"
)

// Renew places a new order like one that is over, because nobody paid it in
// time or because its voucher has ended: same plan, same method, today's
// price. nonce makes it repeatable, h is the device that asks. Errors as of
// Place, and Conflict "order.not_expired".
func (s *Shop) Renew(ctx context.Context, token order.Token, nonce, client string, h order.Hints) (order.Order, error) {
	old, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return order.Order{}, err
	}
	switch old.Status {
	case order.Expired, order.Refunded, order.Cancelled:
		if old.Status == order.Expired && old.Attention != order.NoReason {
			return order.Order{}, fault.New(fault.Conflict, "order.not_expired")
		}
	case order.Activated:
		held, err := s.holder(ctx, old)
		if err != nil {
			return order.Order{}, err
		}
		if held.alive(s.Clock.Now()) {
			return order.Order{}, fault.New(fault.Conflict, "order.not_expired")
		}
	default:
		return order.Order{}, fault.New(fault.Conflict, "order.not_expired")
	}
	in, err := s.again(ctx, old, nonce, client, h)
	if err != nil {
		return order.Order{}, err
	}
	return s.Place(ctx, in)
}

// again fills in the form of an earlier order. The device is the one that asks
// now, else the one that asked then.
func (s *Shop) again(ctx context.Context, old order.Order, nonce, client string, h order.Hints) (PlaceIn, error) {
	site, err := s.Store.Site(ctx, old.SiteID)
	if err != nil {
		return PlaceIn{}, err
	}
	first, err := s.Store.Attempt(ctx, old.ID, 1)
	if soldAtCounter(old, err) {
		first.Method, err = payments.QRIS, nil
	}
	if err != nil {
		return PlaceIn{}, err
	}
	if h = cleanHints(h); h.MAC == "" || h.IP == "" {
		h = old.Hints
	}
	return PlaceIn{SiteSlug: site.Slug, PlanID: old.Item.PlanID, Method: string(first.Method), Phone: old.Phone,
		Nonce: nonce, Lang: old.Lang, Hints: h, Client: client}, nil
}
