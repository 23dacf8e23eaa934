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

// longestOverdue bounds the days after which an unconfirmed transfer opens an alert.
const longestOverdue = 365

// SetCounterRules replaces the rules of the counter. Errors: Invalid at
// "second_above" or "overdue_days".
func (s *Service) SetCounterRules(ctx context.Context, by actor.Actor, c store.CounterRules) error {
	if c.SecondAbove < 0 {
		return fault.AtField("second_above", "counter.amount_form")
	}
	if c.OverdueDays < 0 || c.OverdueDays > longestOverdue {
		return fault.AtField("overdue_days", "counter.days")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.CounterRules(ctx)
		if err != nil || before == c {
			return err
		}
		tx.Audit("counter.rules", "settings", map[string]any{"before": before, "after": c})
		return tx.PutCounterRules(ctx, c)
	})
}
