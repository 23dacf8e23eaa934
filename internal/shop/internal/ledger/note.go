package ledger

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/store"
)

// LongestNote bounds a note about an order, in characters.
const LongestNote = 1000

// Seen records in the audit trail that hidden data was shown: "credentials" or "phone"
// of an order, or the "link" to its page.
func (s *Ledger) Seen(ctx context.Context, by actor.Actor, id order.ID, what string) error {
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("order.reveal", "order:"+string(id), map[string]any{"what": what})
		return nil
	})
}
