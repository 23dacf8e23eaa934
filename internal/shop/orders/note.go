package orders

import (
	"context"
	"net/url"
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

const (
	longestFilter = 40
	longestQuery  = 500
)

// KeepFilter remembers a view of the order list for a person. Errors: Invalid
// at "name".
func (s *Service) KeepFilter(ctx context.Context, by actor.Actor, name, query string) error {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > longestFilter || !ledger.Plain(name) {
		return fault.AtField("name", "filter.name")
	}
	if _, err := url.ParseQuery(query); err != nil || len(query) > longestQuery || !ledger.Plain(query) {
		return fault.AtField("name", "filter.name")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		return tx.PutSavedFilter(ctx, store.SavedFilter{StaffID: by.ID, Name: name, Query: query})
	})
}

// DropFilter forgets a person's filter; forgetting twice is no error.
func (s *Service) DropFilter(ctx context.Context, by actor.Actor, id string) error {
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error { return tx.DeleteSavedFilter(ctx, by.ID, id) })
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

// Seen notes in the audit that staff looked at something of an order.
func (s *Service) Seen(ctx context.Context, by actor.Actor, id order.ID, what string) error {
	return s.ledger.Seen(ctx, by, id, what)
}
