package ledger

import (
	"context"
	"slices"

	"gerai/internal/order"
	"gerai/internal/store"
)

// OrderMark precedes the order's code in a user's comment.
const OrderMark = "gerai."

// Serves reports whether a person of the sites works on one; no sites are all.
func Serves(sites []string, siteID string) bool {
	return len(sites) == 0 || slices.Contains(sites, siteID)
}

// Each calls fn for every order of a listing, newest first.
func (s *Ledger) Each(ctx context.Context, f store.OrderFilter, fn func(order.Order) error) error {
	for {
		page, err := s.Store.ListOrders(ctx, f)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, o := range page {
			if err := fn(o); err != nil {
				return err
			}
		}
		last := page[len(page)-1]
		f.Before = store.Cursor{CreatedAt: last.CreatedAt, ID: last.ID}
	}
}
