package counter

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// OpenShift opens a person's till with the cash that lies in it. Errors:
// Invalid at "opening", Conflict "shift.open" when one is open.
func (s *Service) OpenShift(ctx context.Context, by actor.Actor, opening money.Rupiah) error {
	if opening < 0 || opening > money.Max {
		return fault.AtField("opening", "counter.amount_form")
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		shift := store.Shift{ID: tx.NewID(), StaffID: by.ID, OpenedAt: tx.Now(), Opening: opening}
		if fresh, err := tx.InsertShift(ctx, shift); err != nil || !fresh {
			return cmp.Or[error](err, fault.New(fault.Conflict, "shift.open"))
		}
		tx.Audit("shift.open", "shift:"+shift.ID, map[string]any{"opening": int64(opening)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("open shift of %s: %w", by.ID, err)
	}
	return nil
}

// CloseShift ends a shift with what was counted and returns it with what was expected.
// It cannot be opened again, so a difference needs a note: that catches a mistyped
// amount. Errors: Invalid at "counted" and "note" ("shift.differs"), NotFound
// "shift.not_found", also for another person's, Conflict "shift.closed".
func (s *Service) CloseShift(ctx context.Context, by actor.Actor, id string, counted money.Rupiah, note string) (store.Shift, error) {
	if counted < 0 || counted > money.Max {
		return store.Shift{}, fault.AtField("counted", "counter.amount_form")
	}
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > ledger.LongestNote || !ledger.Plain(note) {
		return store.Shift{}, fault.AtField("note", "note.form")
	}
	var shift store.Shift
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		var err error
		if shift, err = tx.Shift(ctx, id); err != nil {
			return err
		}
		if err := order.MayCloseShift(shift.StaffID, shift.ClosedAt, by.ID); err != nil {
			return err
		}
		// Locked before it is added up: a sale that is being written comes first.
		open, err := tx.LockShift(ctx, id)
		if err != nil {
			return err
		}
		if !open {
			return fault.New(fault.Conflict, "shift.closed")
		}
		sums, err := tx.TillSums(ctx, id)
		if err != nil {
			return err
		}
		shift.ClosedAt, shift.Counted, shift.Expected, shift.Note = tx.Now(), counted, ledger.Expected(shift, sums), note
		if counted != shift.Expected && note == "" {
			return fault.AtField("note", "shift.differs")
		}
		tx.Audit("shift.close", "shift:"+id, map[string]any{"counted": int64(counted), "expected": int64(shift.Expected), "difference": int64(counted - shift.Expected)})
		_, err = tx.CloseShift(ctx, shift)
		return err
	})
	if err != nil {
		return shift, fmt.Errorf("close shift %s: %w", id, err)
	}
	return shift, nil
}
