package ledger

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/store"
)

// AlertSubject is what an alert about a message names: its order, or the message where no order is known.
func AlertSubject(ev store.WebhookEvent, id order.ID) string {
	if id != "" {
		return string(id)
	}
	return ev.ID
}

// Alert opens one alert in a transaction of its own.
func (s *Ledger) Alert(ctx context.Context, kind, subject, detail string) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		_, err := tx.OpenAlert(ctx, kind, subject, detail)
		return err
	})
}

// CloseAlert closes an alert in a transaction of its own; one that is not open stays as it is.
func (s *Ledger) CloseAlert(ctx context.Context, kind, subject string) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		_, err := tx.CloseAlert(ctx, kind, subject)
		return err
	})
}
