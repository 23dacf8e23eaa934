package refunds

import (
	"context"
	"net/http"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments/counter"
)

// DecideIn is a person's decision about one refund.
type DecideIn struct {
	ID     string
	Typed  string // the amount, typed again
	Reason string
	// PayOut, with an approval: cash of the counter leaves the till of the actor's open shift as
	// soon as the voucher is off, without another step.
	PayOut bool
	Actor  actor.Actor
}

// ApproveRefund lets money go back. Above the operator's limit, which counts for
// all that one person got back of an order and of those sold with it, it takes another person than the one
// who asked. Errors: Invalid at "typed" and "reason", Denied
// "refund.second_person", Conflict "refund.decided" and "refund.not_received" for
// money that is not here yet, with PayOut "shift.closed" and "shift.short".
func (s *Service) ApproveRefund(ctx context.Context, in DecideIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	_, err = s.moveRefund(ctx, in.Actor, in.ID, order.RefundRequested, func(tx *store.Tx, o *order.Order, f *order.Refund) (string, error) {
		if err := ledger.ConfirmedAmount(in.Typed, f.Amount); err != nil {
			return "", err
		}
		if f.OrderID == "" { // nothing else would hold money without an order still
			if _, err := tx.LockUnmatched(ctx, f.Gateway, f.PaymentKey); err != nil {
				return "", err
			}
		}
		if err := lockSales(ctx, tx, f.OrderID); err != nil {
			return "", err
		}
		if err := mayApprove(ctx, tx, *f, in.Actor); err != nil {
			return "", err
		}
		if f.EndsVoucher, err = s.endsVoucher(ctx, tx, *o, *f); err != nil {
			return "", err
		}
		if in.PayOut {
			if f.PayoutShift, err = s.payoutShift(ctx, tx, *f, in.Actor); err != nil {
				return "", err
			}
		}
		f.State, f.ApprovedBy = order.RefundApproved, in.Actor.Name
		tx.Audit("refund.approve", refundSubject(*f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "asked_by": f.AskedBy, "reason": why, "ends_voucher": f.EndsVoucher})
		return "refund.approve", s.nextStep(ctx, tx, *o, *f)
	})
	return err
}

// approvalReader reads what decides about an approval, inside a transaction or not.
type approvalReader interface {
	counterReader
	CounterRules(context.Context) (store.CounterRules, error)
	CounterPayments(context.Context, order.ID) ([]store.CounterPayment, error)
	CounterSale(ctx context.Context, saleKey string) ([]store.CounterPayment, error)
	Refunds(context.Context, order.ID) ([]order.Refund, error)
	RefundsOf(ctx context.Context, gateway, key string) ([]order.Refund, error)
}

// MayApprove says why an account cannot approve a refund, or nil. Errors: those of
// ApproveRefund but for its form.
func (s *Service) MayApprove(ctx context.Context, by actor.Actor, f order.Refund) error {
	return mayApprove(ctx, s.Store, f, by)
}

// mayApprove is order.MayApprove with what the books say.
func mayApprove(ctx context.Context, r approvalReader, f order.Refund, by actor.Actor) error {
	a := order.Approval{ActorID: by.ID}
	rules, err := r.CounterRules(ctx)
	if err != nil {
		return err
	}
	if a.Limit = rules.SecondAbove; f.AskedID == by.ID {
		if a.Asked, err = askedFor(ctx, r, f); err != nil {
			return err
		}
	}
	if a.Received, err = received(ctx, r, f.Gateway, f.PaymentKey); err != nil {
		return err
	}
	return order.MayApprove(f, a)
}

// RejectRefund rejects a request of staff; a refund that the rules require cannot be
// rejected. Errors: Invalid at "reason", Conflict "refund.decided" and "refund.owed".
func (s *Service) RejectRefund(ctx context.Context, in DecideIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	_, err = s.moveRefund(ctx, in.Actor, in.ID, order.RefundRequested, func(tx *store.Tx, _ *order.Order, f *order.Refund) (string, error) {
		if err := order.MayReject(*f); err != nil {
			return "", err
		}
		f.State, f.ClosedAt, f.ApprovedBy = order.RefundRejected, tx.Now(), in.Actor.Name
		tx.Audit("refund.reject", refundSubject(*f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "reason": why})
		return "refund.reject", nil
	})
	return err
}

// SkipStop lets the money of an approved refund go although the router has not
// switched the voucher off. Errors: Invalid at "typed" and "reason", Conflict
// "refund.decided".
func (s *Service) SkipStop(ctx context.Context, in DecideIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	_, err = s.moveRefund(ctx, in.Actor, in.ID, order.RefundApproved, func(tx *store.Tx, o *order.Order, f *order.Refund) (string, error) {
		if err := ledger.ConfirmedAmount(in.Typed, f.Amount); err != nil {
			return "", err
		}
		if err := order.MaySkipStop(*f); err != nil {
			return "", err
		}
		f.EndsVoucher = false
		tx.Audit("refund.skip_stop", refundSubject(*f), map[string]any{"refund": f.ID, "reason": why})
		return "refund.skip_stop", s.nextStep(ctx, tx, *o, *f)
	})
	return err
}

// MostProof bounds a proof, in bytes.
const MostProof = 200 << 10

// HandOver ends a refund that a person transferred by hand, with a picture or
// PDF that shows it. Errors: Invalid at "proof", "typed" and "reason", Conflict
// "refund.decided" and "refund.in_cash".
func (s *Service) HandOver(ctx context.Context, in DecideIn, body []byte) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	kind, err := proofType(body)
	if err != nil {
		return err
	}
	_, err = s.moveRefund(ctx, in.Actor, in.ID, order.RefundManual, func(tx *store.Tx, _ *order.Order, f *order.Refund) (string, error) {
		if err := ledger.ConfirmedAmount(in.Typed, f.Amount); err != nil {
			return "", err
		}
		cash, err := paidInCash(ctx, tx, *f)
		if err == nil {
			err = order.MayHandOver(*f, cash)
		}
		if err != nil {
			return "", err
		}
		tx.Audit("refund.done", refundSubject(*f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "how": "transfer", "proof": kind, "reason": why})
		f.State, f.DoneAt, f.ClosedAt, f.Failure = order.RefundDone, tx.Now(), tx.Now(), ""
		return "refund.done", tx.InsertProof(ctx, f.ID, store.Proof{MediaType: kind, Body: body, AddedBy: in.Actor.Name})
	})
	return err
}

// proofType looks at the file itself; what the browser calls it counts for
// nothing.
func proofType(body []byte) (string, error) {
	if len(body) == 0 || len(body) > MostProof {
		return "", fault.AtField("proof", "refund.proof_size")
	}
	switch kind := http.DetectContentType(body); kind {
	case "image/png", "image/jpeg", "application/pdf":
		return kind, nil
	}
	return "", fault.AtField("proof", "refund.proof_type")
}

// PayOut ends a refund of cash with cash out of the open shift's till. Errors:
// Invalid at "typed" and "reason", Conflict "shift.closed", "shift.short",
// "refund.decided" and "refund.not_cash".
func (s *Service) PayOut(ctx context.Context, in DecideIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	_, err = s.moveRefund(ctx, in.Actor, in.ID, order.RefundManual, func(tx *store.Tx, o *order.Order, f *order.Refund) (string, error) {
		if err := ledger.ConfirmedAmount(in.Typed, f.Amount); err != nil {
			return "", err
		}
		cash, err := paidInCash(ctx, tx, *f)
		if err == nil {
			err = order.MayPayOut(*f, cash)
		}
		if err != nil {
			return "", err
		}
		shift, err := s.ledger.OpenShift(ctx, tx, in.Actor)
		if err != nil {
			return "", err
		}
		if err := enough(ctx, tx, shift, *f); err != nil {
			return "", err
		}
		return "refund.done", takeOut(ctx, tx, o.Code, shift, f, why)
	})
	return err
}

func paidInCash(ctx context.Context, r interface {
	Payment(context.Context, string, string) (order.Payment, error)
}, f order.Refund) (bool, error) {
	if f.Gateway != counter.Name {
		return false, nil
	}
	p, err := r.Payment(ctx, f.Gateway, f.PaymentKey)
	return p.InCash(), err
}
