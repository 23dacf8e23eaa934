package refunds

import (
	"context"
	"errors"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// payoutShift is the actor's open shift, if the refund is cash of the counter and the till has
// enough for it; "" for money that goes back another way. Errors: Conflict "shift.closed" and
// "shift.short".
func (s *Service) payoutShift(ctx context.Context, tx *store.Tx, f order.Refund, by actor.Actor) (string, error) {
	cash, err := paidInCash(ctx, tx, f)
	if err != nil || !cash {
		return "", err
	}
	shift, err := s.ledger.OpenShift(ctx, tx, by)
	if err != nil {
		return "", err
	}
	return shift.ID, enough(ctx, tx, shift, f)
}

// errShort: the till holds less than is to be paid out.
var errShort = fault.New(fault.Conflict, "shift.short")

// enough reports whether a till holds what a refund takes. Errors: Conflict "shift.short".
func enough(ctx context.Context, tx *store.Tx, shift store.Shift, f order.Refund) error {
	sums, err := tx.TillSums(ctx, shift.ID)
	if err == nil && ledger.Expected(shift, sums) < f.Amount {
		err = errShort
	}
	return err
}

// takeOut ends a refund with cash out of a till.
func takeOut(ctx context.Context, tx *store.Tx, code order.Code, shift store.Shift, f *order.Refund, why string) error {
	if _, err := tx.MoveTill(ctx, store.TillMove{Source: "refund:" + f.ID, ShiftID: shift.ID, Kind: store.TillRefund, Amount: -f.Amount, OrderID: f.OrderID, Code: code}); err != nil {
		return err
	}
	tx.Audit("refund.done", refundSubject(*f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "how": "cash", "shift": shift.ID, "staff": shift.StaffName, "reason": why})
	f.State, f.DoneAt, f.ClosedAt, f.Failure = order.RefundDone, tx.Now(), tx.Now(), ""
	return nil
}

// atOnce is how long cash of a refund may leave its till without another step: later there may be
// no one at the till who hands it out.
const atOnce = 2 * time.Minute

// payNow ends a refund that was approved to be paid out of a till at once. done is false where
// that was too long ago, the shift was closed meanwhile or its till is short: then it is work
// for a person. The refund was asked for and approved with one form, so that DueAt is when.
func payNow(ctx context.Context, tx *store.Tx, code order.Code, f *order.Refund) (done bool, err error) {
	if f.PayoutShift == "" || tx.Now().Sub(f.DueAt) > atOnce {
		return false, nil
	}
	if open, err := tx.LockShift(ctx, f.PayoutShift); err != nil || !open {
		return false, err
	}
	shift, err := tx.Shift(ctx, f.PayoutShift)
	if err != nil {
		return false, err
	}
	switch err := enough(ctx, tx, shift, *f); {
	case errors.Is(err, errShort):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, takeOut(ctx, tx, code, shift, f, f.Why)
}

// RefundAtOnce requests a refund and, where the same account may approve it, approves it with
// the same form; cash leaves the account's till as soon as the voucher is off, with payOut. The
// same form again goes on where it stopped. approved is false where another account has to
// approve. Errors as of RequestRefund and ApproveRefund.
func (s *Service) RefundAtOnce(ctx context.Context, in RefundIn, payOut bool) (f order.Refund, approved bool, err error) {
	if f, err = s.RequestRefund(ctx, in); err != nil || f.State != order.RefundRequested {
		return f, err == nil, err
	}
	switch err := s.MayApprove(ctx, in.Actor, f); {
	case errors.Is(err, order.ErrSecondPerson):
		return f, false, nil
	case err != nil:
		return f, false, err
	}
	err = s.ApproveRefund(ctx, DecideIn{ID: f.ID, Typed: in.Typed, Reason: in.Reason, PayOut: payOut, Actor: in.Actor})
	if errors.Is(err, order.ErrSecondPerson) { // another part of the sale was first
		return f, false, nil
	}
	return f, err == nil, err
}
