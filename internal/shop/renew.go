package shop

import (
	"context"

	"gerai/internal/fault"
	"gerai/internal/order"
)

// Renew places a new order like an expired, unpaid one: same plan, same
// method, today's price. nonce makes it repeatable. Errors as of Place, and
// Conflict "order.not_expired".
func (s *Shop) Renew(ctx context.Context, token order.Token, nonce, client string) (order.Order, error) {
	old, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return order.Order{}, err
	}
	if old.Status != order.Expired || old.Attention != order.NoReason {
		return order.Order{}, fault.New(fault.Conflict, "order.not_expired")
	}
	site, err := s.Store.Site(ctx, old.SiteID)
	if err != nil {
		return order.Order{}, err
	}
	last, err := s.Store.Attempt(ctx, old.ID, 1)
	if err != nil {
		return order.Order{}, err
	}
	return s.Place(ctx, PlaceIn{SiteSlug: site.Slug, PlanID: old.Item.PlanID, Method: string(last.Method), Phone: old.Phone,
		Nonce: nonce, Lang: old.Lang, Hints: old.Hints, Client: client})
}
