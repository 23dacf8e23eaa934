package ledger

import (
	"context"

	"gerai/internal/order"
	"gerai/internal/store"
)

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

func AlertSubject(ev store.WebhookEvent, id order.ID) string {
	if id != "" {
		return string(id)
	}
	return ev.ID
}

// Alert opens one alert in a transaction of its own.
func (s *Ledger) Alert(ctx context.Context, kind, subject, detail string) error {
	return s.Store.InTx(ctx, ActorServer, func(tx *store.Tx) error {
		_, err := tx.OpenAlert(ctx, kind, subject, detail)
		return err
	})
}

func (s *Ledger) CloseAlert(ctx context.Context, kind, subject string) error {
	return s.Store.InTx(ctx, ActorServer, func(tx *store.Tx) error {
		_, err := tx.CloseAlert(ctx, kind, subject)
		return err
	})
}
