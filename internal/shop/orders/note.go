package orders

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// sameNote is how long the same words of the same person are one note: a form
// that was sent twice.
const sameNote = 10 * time.Minute

// AddNote adds a note to an order. The text is not part of the audit trail, because
// people write names and numbers into notes. Errors: Invalid at "text".
func (s *Service) AddNote(ctx context.Context, by actor.Actor, id order.ID, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > ledger.LongestNote || !ledger.Plain(text) {
		return fault.AtField("text", "note.form")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		notes, err := tx.Notes(ctx, id)
		if err != nil {
			return err
		}
		for _, n := range notes {
			if n.StaffName == by.Name && n.Text == text && clock.Within(n.At, tx.Now(), sameNote) {
				return nil
			}
		}
		tx.Audit("order.note", "order:"+string(id), nil)
		return tx.InsertNote(ctx, store.Note{OrderID: id, StaffName: by.Name, Text: text})
	})
}
