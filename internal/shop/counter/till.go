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

// Bounds of the reason of a move by hand, in characters.
const (
	shortestTillReason = 3
	longestTillReason  = 200
)

// TillIn is cash that a person puts into their till, or takes out of it, without a sale.
type TillIn struct {
	ShiftID string
	Out     bool
	Amount  money.Rupiah
	Reason  string
	Nonce   string // one per shown form
	Actor   actor.Actor
}

// MoveTill records it in the actor's open shift; the same form again changes nothing. It is
// part of what the till should hold and of the shift's report; cash out from the amount on that
// needs a second person is told of by an alert. Errors: Invalid at "amount" (also "shift.short", for
// more than there is) and "reason", NotFound "shift.not_found", also for another person's,
// Conflict "shift.closed", and "order.nonce_reused" for the same form with something else in it.
func (s *Service) MoveTill(ctx context.Context, in TillIn) error {
	reason := strings.TrimSpace(in.Reason)
	n := utf8.RuneCountInString(reason)
	switch {
	case !ledger.ValidNonce(in.Nonce):
		return fault.AtField("nonce", "order.form_stale")
	case in.Amount <= 0 || in.Amount > money.Max:
		return fault.AtField("amount", "counter.amount_form")
	case n < shortestTillReason || n > longestTillReason || !ledger.Plain(reason):
		return fault.AtField("reason", "counter.till_reason")
	}
	err := s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		shift, err := tx.Shift(ctx, in.ShiftID)
		if err == nil {
			err = order.MayCloseShift(shift.StaffID, shift.ClosedAt, in.Actor.ID)
		}
		if err != nil {
			return err
		}
		if open, err := tx.LockShift(ctx, shift.ID); err != nil || !open {
			return cmp.Or[error](err, fault.New(fault.Conflict, "shift.closed"))
		}
		sums, err := tx.TillSums(ctx, shift.ID)
		if err != nil {
			return err
		}
		before := ledger.Expected(shift, sums)
		move := store.TillMove{Source: "hand:" + in.Nonce, ShiftID: shift.ID, Kind: store.TillIn, Amount: in.Amount, Reason: reason}
		if in.Out {
			move.Kind, move.Amount = store.TillOut, -in.Amount
		}
		fresh, err := tx.MoveTill(ctx, move)
		if err != nil || !fresh {
			return cmp.Or(err, sameMove(ctx, tx, move))
		}
		if before+move.Amount < 0 {
			return fault.AtField("amount", "shift.short")
		}
		if err := tellOfCashOut(ctx, tx, move, sums, in.Actor); err != nil {
			return err
		}
		tx.Audit("till."+move.Kind, "shift:"+shift.ID, map[string]any{"amount": int64(in.Amount), "reason": reason, "before": int64(before), "after": int64(before + move.Amount)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("move cash of shift %s: %w", in.ShiftID, err)
	}
	return nil
}

// sameMove says whether a form that was recorded before is sent again as it was. Errors:
// Conflict "order.nonce_reused".
func sameMove(ctx context.Context, tx *store.Tx, m store.TillMove) error {
	was, _, err := tx.TillMove(ctx, m.Source)
	if err == nil && (was.ShiftID != m.ShiftID || was.Kind != m.Kind || was.Amount != m.Amount || was.Reason != m.Reason) {
		err = fault.New(fault.Conflict, "order.nonce_reused")
	}
	return err
}

// tellOfCashOut opens an alert once what was taken out of a till by hand in one shift reaches the
// amount from which on a refund needs a second person: in parts it is the same cash.
func tellOfCashOut(ctx context.Context, tx *store.Tx, move store.TillMove, before []store.TillSum, by actor.Actor) error {
	if move.Kind != store.TillOut {
		return nil
	}
	rules, err := tx.CounterRules(ctx)
	if err != nil {
		return err
	}
	out := -move.Amount
	for _, s := range before {
		if s.Kind == store.TillOut {
			out -= s.Amount
		}
	}
	if out <= rules.SecondAbove {
		return nil
	}
	detail := by.Name + " " + out.String()
	if fresh, err := tx.OpenAlert(ctx, "till_out", move.ShiftID, detail); err != nil || fresh {
		return err
	}
	return tx.RetellAlert(ctx, "till_out", move.ShiftID, detail)
}
