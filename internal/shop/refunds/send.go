package refunds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// refundPrefix starts our references of refunds.
const refundPrefix = "gerai-refund-"

// GatewayReference is what the gateway knows one of our refunds by.
func GatewayReference(id string) string { return refundPrefix + id }

// OfGatewayReference is the id of the refund that a reference names, "" for none of ours.
func OfGatewayReference(reference string) string {
	id, ours := strings.CutPrefix(reference, refundPrefix)
	if !ours {
		return ""
	}
	return id
}

// RefundStop switches the voucher of an approved refund off on its router, or
// takes back what an extension gave, and only then lets the money go. Doing it
// twice does no harm.
func (s *Service) RefundStop(ctx context.Context, j jobs.Job) error {
	f, err := s.Store.Refund(ctx, j.Subject)
	if err != nil || f.State == order.RefundRejected {
		return err
	}
	if err := s.ledger.HeldBack(ctx, j.Created); err != nil { // it may have been rejected since the backup
		return err
	}
	o, err := s.Store.Order(ctx, f.OrderID)
	if err != nil {
		return err
	}
	if x, longer, err := s.Store.Extension(ctx, o.ID); err != nil || longer {
		return cmp.Or(err, s.revokeExtension(ctx, j, f, o, x))
	}
	if !f.EndsVoucher {
		return nil
	}
	v, found, err := s.Store.Voucher(ctx, o.ID)
	if err != nil || (!f.DisabledAt.IsZero() && !v.State.Living()) {
		return err
	}
	facts := v.Facts()
	if !found {
		v.RouterID, facts = o.RouterID, s.vouchers.FactsOf(o)
	}
	facts.Refunded = true
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return err
	}
	_, err = s.vouchers.Apply(ctx, r, facts)
	if err == nil && !found {
		err = s.vouchers.EvenOut(ctx, o)
	}
	if err != nil {
		return s.vouchers.RouterAway(ctx, j, r, fmt.Errorf("switch off voucher of order %s on router %s: %w", o.ID, r.ID, err))
	}
	if err := s.stopped(ctx, f); err != nil {
		return err
	}
	return s.ledger.RouterSeen(ctx, r)
}

// stopped writes that the voucher is off.
func (s *Service) stopped(ctx context.Context, f order.Refund) error {
	_, _, err := s.ledger.ChangeAs(ctx, actor.Server, f.OrderID, func(tx *store.Tx, o *order.Order) (string, error) {
		now, err := tx.Refund(ctx, f.ID)
		if err != nil {
			return "", err
		}
		v, _, err := tx.Voucher(ctx, o.ID)
		if err != nil {
			return "", err
		}
		ends := v.State.Living()
		if ends {
			from := v.State
			v.State, v.EndedAt = voucher.Disabled, tx.Now()
			if _, err := tx.SaveVoucher(ctx, v, from); err != nil {
				return "", err
			}
			if err := tx.MarkDisabledOnRouter(ctx, []string{v.ID}); err != nil {
				return "", err
			}
			tx.Audit("voucher.disable", "order:"+string(o.ID), map[string]any{"refund": f.ID, "before": from})
		}
		if now.State != order.RefundApproved {
			if !ends {
				return "", ledger.ErrUnchanged
			}
			return "voucher.disable", nil
		}
		now.DisabledAt, now.Failure = tx.Now(), ""
		if _, err := tx.MoveRefund(ctx, now, order.RefundApproved); err != nil {
			return "", err
		}
		return "refund.stopped", s.nextStep(ctx, tx, *o, now)
	})
	return err
}

// RefundSend has the gateway give an approved refund back and watches until it
// arrived. One refund has one idempotency key, and a try whose outcome is
// unknown is looked up before it is repeated. What the gateway cannot do
// becomes work for a person.
func (s *Service) RefundSend(ctx context.Context, j jobs.Job) error {
	f, err := s.Store.Refund(ctx, j.Subject)
	if err != nil {
		return err
	}
	switch {
	case f.State == order.RefundSent:
		return s.watchRefund(ctx, j, f)
	case f.State != order.RefundApproved, f.EndsVoucher && f.DisabledAt.IsZero():
		return nil
	case f.Gateway != s.Gateway.Name():
		return s.byHand(ctx, f, order.RefundApproved, "")
	}
	if f.Failure == "" { // else an earlier try may have gone through: the gateway tells
		if covered, err := s.covered(ctx, f, order.RefundApproved); err != nil || covered {
			return err
		}
	}
	send, cancel := context.WithTimeout(ctx, orders.Creating)
	out, err := s.sendRefund(send, f)
	cancel()
	switch {
	case err == nil:
		return s.refundSent(ctx, f, out)
	case fault.Is(err, fault.Refused), fault.Is(err, fault.NotFound):
		s.Log.WarnContext(ctx, "gateway cannot give back", "refund", f.ID, "error", err)
		return s.byHand(ctx, f, order.RefundApproved, fault.CodeOf(err))
	case fault.MayPass(err):
		if noted := s.refundFailure(ctx, f, fault.CodeOf(err)); noted != nil {
			return noted
		}
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 2*time.Second, 5*time.Minute), Err: err}
	}
	return err
}

// sendRefund looks for a refund that an earlier try may have made, then makes
// one.
func (s *Service) sendRefund(ctx context.Context, f order.Refund) (payments.Refund, error) {
	reference := GatewayReference(f.ID)
	if f.Failure != "" {
		made, err := s.Gateway.RefundsOf(ctx, f.PaymentKey)
		if err != nil {
			return payments.Refund{}, err
		}
		for _, r := range made {
			if r.Reference == reference {
				return r, nil
			}
		}
	}
	return s.Gateway.Refund(ctx, payments.RefundIn{GatewayID: f.PaymentKey, Reference: reference, IdempotencyKey: reference, Amount: f.Amount})
}

// refundFailure keeps the reason for the page and marks that the outcome of a
// try may be unknown.
func (s *Service) refundFailure(ctx context.Context, f order.Refund, code string) error {
	if f.Failure == code {
		return nil
	}
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		f.Failure = code
		_, err := tx.MoveRefund(ctx, f, order.RefundApproved)
		return err
	})
}

func (s *Service) refundSent(ctx context.Context, f order.Refund, out payments.Refund) error {
	sent, err := s.moveRefund(ctx, actor.Server, f.ID, order.RefundApproved, func(tx *store.Tx, _ *order.Order, f *order.Refund) (string, error) {
		f.State, f.GatewayID, f.Failure = order.RefundSent, out.ID, ""
		tx.Audit("refund.send", refundSubject(*f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "gateway_id": out.ID})
		return "refund.send", nil
	})
	if errors.Is(err, order.ErrRefundDecided) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.judgeRefund(ctx, jobs.Job{}, sent, out)
}

// watchRefund asks the gateway whether the money arrived.
func (s *Service) watchRefund(ctx context.Context, j jobs.Job, f order.Refund) error {
	out, err := s.orders.LookupRefund(ctx, f.GatewayID)
	if err != nil {
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 2*time.Second, 10*time.Minute), Err: err}
	}
	return s.judgeRefund(ctx, j, f, out)
}

func (s *Service) judgeRefund(ctx context.Context, j jobs.Job, f order.Refund, out payments.Refund) error {
	switch out.Status {
	case payments.RefundFailed:
		return s.byHand(ctx, f, order.RefundSent, "gateway.refund_failed")
	case payments.RefundPending:
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 3*time.Second, 10*time.Minute), Err: fault.New(fault.Unavailable, "refund.pending")}
	}
	_, err := s.moveRefund(ctx, actor.Server, f.ID, order.RefundSent, func(tx *store.Tx, _ *order.Order, f *order.Refund) (string, error) {
		f.State, f.DoneAt, f.ClosedAt = order.RefundDone, tx.Now(), tx.Now()
		tx.Audit("refund.done", refundSubject(*f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "how": "gateway"})
		return "refund.done", nil
	})
	if errors.Is(err, order.ErrRefundDecided) {
		return nil
	}
	return err
}

// byHand gives a refund to a person, unless its money is gone already.
func (s *Service) byHand(ctx context.Context, f order.Refund, from order.RefundState, code string) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	if covered, err := s.covered(ctx, f, from); err != nil || covered {
		return err
	}
	_, err := s.moveRefund(ctx, actor.Server, f.ID, from, func(tx *store.Tx, o *order.Order, f *order.Refund) (string, error) {
		if done, err := payNow(ctx, tx, o.Code, f); err != nil || done {
			return "refund.done", err
		}
		f.State, f.Failure = order.RefundManual, code
		tx.Audit("refund.manual", refundSubject(*f), map[string]any{"refund": f.ID, "why": code})
		return "refund.manual", nil
	})
	if errors.Is(err, order.ErrRefundDecided) {
		return nil
	}
	return err
}
