package refunds

import (
	"cmp"
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments/counter"
)

// How money goes back.
//
// requested -> approved -> (voucher off) -> sent   -> done     the gateway did it
//                                        -> manual -> done     a person did it and showed it
// requested -> rejected
//
// Refunds that the rules require (excess, late, cancelled) are queued without a request;
// what a customer asks for is requested by staff. Every step is one guarded update, so
// two parallel requests move it once. A refund of all the money ends the voucher first,
// and money moves only when the router has confirmed that.

// RefundIn asks for money of one payment to go back.
type RefundIn struct {
	Gateway, PaymentKey string
	OrderID             order.ID // "" for money that belongs to no order
	Amount              money.Rupiah
	Typed               string // the amount, typed again
	Reason              string
	Complaint           order.Complaint // what the customer complained of, "" for nothing
	Nonce               string          // one per shown form
	Extensions          bool            // with all of an order's money, that of its extensions
	Actor               actor.Actor
}

// RequestRefund puts money into the refund queue. The same form sent twice asks
// once. Errors: Invalid with the form's field ("refund.too_much" when more
// would go back than came), NotFound "payment.not_found", Conflict
// "refund.not_received" for money that is not here yet.
func (s *Service) RequestRefund(ctx context.Context, in RefundIn) (order.Refund, error) {
	why, err := ledger.Reason(in.Reason)
	switch {
	case err != nil:
		return order.Refund{}, err
	case in.Amount <= 0:
		return order.Refund{}, fault.AtField("amount", "counter.amount_form")
	case !ledger.ValidNonce(in.Nonce):
		return order.Refund{}, fault.AtField("nonce", "order.form_stale")
	}
	if err := in.Complaint.Check(); err != nil {
		return order.Refund{}, err
	}
	if err := ledger.ConfirmedAmount(in.Typed, in.Amount); err != nil {
		return order.Refund{}, err
	}
	in.Reason = why
	var out order.Refund
	if in.OrderID == "" {
		err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) (err error) {
			out, err = s.insertRequest(ctx, tx, order.Order{}, in)
			return err
		})
	} else {
		_, _, err = s.ledger.Change(ctx, in.Actor, "refund.request", in.OrderID, func(tx *store.Tx, o *order.Order) (err error) {
			out, err = s.insertRequest(ctx, tx, *o, in)
			return err
		})
	}
	if err == nil {
		return out, s.requestExtensions(ctx, in, out)
	}
	// The same form came twice at once and the other one was first: what it
	// asked for is what this one saw as too much.
	if f, found, findErr := s.Store.RefundByNonce(ctx, in.Nonce); found || findErr != nil {
		return f, cmp.Or(findErr, s.requestExtensions(ctx, in, f))
	}
	return out, fmt.Errorf("request refund of payment %s: %w", in.PaymentKey, err)
}

func (s *Service) insertRequest(ctx context.Context, tx *store.Tx, o order.Order, in RefundIn) (order.Refund, error) {
	if f, found, err := tx.RefundByNonce(ctx, in.Nonce); err != nil || found {
		return f, err
	}
	p, err := tx.Payment(ctx, in.Gateway, in.PaymentKey)
	if err != nil || p.OrderID != in.OrderID {
		return order.Refund{}, store.ErrPaymentNotFound
	}
	if err := s.refundable(ctx, tx, p, in.Amount); err != nil {
		return order.Refund{}, err
	}
	f := order.Refund{ID: tx.NewID(), OrderID: in.OrderID, Gateway: p.Gateway, PaymentKey: p.Key, Amount: in.Amount, Reason: order.RefundStaff, State: order.RefundRequested,
		AskedBy: in.Actor.Name, AskedID: in.Actor.ID, Why: in.Reason, Nonce: in.Nonce, DueAt: tx.Now()}
	if f.EndsVoucher, err = s.endsVoucher(ctx, tx, o, f); err != nil {
		return f, err
	}
	if _, err := tx.InsertRefund(ctx, f); err != nil {
		return f, err
	}
	if in.Complaint != "" {
		if err := tx.InsertComplaint(ctx, o.SiteID, o.ID, in.Complaint, store.ComplaintRefund, in.Actor.Name); err != nil {
			return f, err
		}
	}
	tx.Audit("refund.request", refundSubject(f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "payment": p.Key, "reason": in.Reason, "ends_voucher": f.EndsVoucher, "complaint": string(in.Complaint)})
	if p.OrderID == "" {
		if err := s.closeUnmatchedAlerts(ctx, tx, p); err != nil {
			return f, err
		}
	}
	_, err = tx.OpenAlert(ctx, "refund_due", alertOf(f), string(f.Reason))
	return f, err
}

// refundable checks that the money is here and has not left yet. It locks
// money without an order, which nothing else would hold still.
func (s *Service) refundable(ctx context.Context, tx *store.Tx, p order.Payment, amount money.Rupiah) error {
	if p.OrderID == "" {
		if free, err := tx.LockUnmatched(ctx, p.Gateway, p.Key); err != nil || !free {
			return cmp.Or[error](err, fault.New(fault.Conflict, "payment.matched"))
		}
	}
	here, err := received(ctx, tx, p.Gateway, p.Key)
	if err != nil {
		return err
	}
	all, err := tx.RefundsOf(ctx, p.Gateway, p.Key)
	if err != nil {
		return err
	}
	most, err := order.MayRequestRefund(p, all, here)
	if err == nil && amount > most {
		err = fault.AtField("amount", "refund.too_much")
	}
	return err
}

type counterReader interface {
	CounterPayment(ctx context.Context, key string) (store.CounterPayment, error)
}

// received reports whether the money of a payment is here: the counter may have counted it
// before it comes.
func received(ctx context.Context, r counterReader, gateway, key string) (bool, error) {
	if gateway != counter.Name {
		return true, nil
	}
	c, err := r.CounterPayment(ctx, key)
	return c.Receivable().Received(), err
}

// endsVoucher reports whether with this refund all the money of an order goes
// back, and there is a user on a router that must not stay as it is.
func (s *Service) endsVoucher(ctx context.Context, tx *store.Tx, o order.Order, f order.Refund) (bool, error) {
	if o.ID == "" || f.Reason == order.RefundExcess {
		return false, nil
	}
	_, facts, err := tx.Facts(ctx, o.ID)
	if err != nil {
		return false, err
	}
	left := order.Derive(facts, tx.Now()).PaidTotal
	for _, other := range facts.Refunds {
		if other.ID != f.ID && other.UnderWay() {
			left -= other.Amount
		}
	}
	if left > f.Amount {
		return false, nil
	}
	ends, err := livesOn(ctx, tx, o)
	return ends || (o.Status == order.Paid && o.RouterID != ""), err
}

// refundSubject is the subject of a refund's rows in the audit trail.
func refundSubject(f order.Refund) string {
	if f.OrderID == "" {
		return "payment:" + f.PaymentKey
	}
	return "order:" + string(f.OrderID)
}

// alertOf is the subject of the alert about a refund.
func alertOf(f order.Refund) string {
	if f.OrderID == "" {
		return f.PaymentKey
	}
	return string(f.OrderID)
}

// moveRefund changes one refund that is in the state from, together with the
// order it belongs to: what follows from the facts is derived again. Errors:
// NotFound "refund.not_found", Conflict "refund.decided" when it is in another
// state.
func (s *Service) moveRefund(ctx context.Context, by actor.Actor, id string, from order.RefundState, fn func(tx *store.Tx, o *order.Order, f *order.Refund) (action string, err error)) (order.Refund, error) {
	f, err := s.Store.Refund(ctx, id)
	if err != nil {
		return f, err
	}
	step := func(tx *store.Tx, o *order.Order) (string, error) {
		if f, err = tx.Refund(ctx, id); err != nil {
			return "", err
		}
		if f.State != from {
			return "", order.ErrRefundDecided
		}
		action, err := fn(tx, o, &f)
		if err != nil {
			return "", err
		}
		moved, err := tx.MoveRefund(ctx, f, from)
		if err == nil && !moved {
			err = order.ErrRefundDecided
		}
		if err == nil && !f.ClosedAt.IsZero() {
			err = s.closeRefundAlerts(ctx, tx, f.OrderID, f)
		}
		return action, err
	}
	if f.OrderID == "" {
		err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
			_, err := step(tx, &order.Order{})
			return err
		})
	} else {
		_, _, err = s.ledger.ChangeAs(ctx, by, f.OrderID, step)
	}
	if err != nil {
		return f, fmt.Errorf("refund %s: %w", id, err)
	}
	return f, nil
}

// closeRefundAlerts closes the alert about refunds once none waits any more.
func (s *Service) closeRefundAlerts(ctx context.Context, tx *store.Tx, id order.ID, alone ...order.Refund) error {
	if id == "" {
		for _, f := range alone {
			if _, err := tx.CloseAlert(ctx, "refund_due", alertOf(f)); err != nil {
				return err
			}
		}
		return nil
	}
	waits, err := tx.HasOpenRefund(ctx, id)
	if err != nil || waits {
		return err
	}
	_, err = tx.CloseAlert(ctx, "refund_due", string(id))
	return err
}

// nextStep queues what an approved refund waits for: the router, or the
// gateway.
func (s *Service) nextStep(ctx context.Context, tx *store.Tx, o order.Order, f order.Refund) error {
	if !f.EndsVoucher || !f.DisabledAt.IsZero() {
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.RefundSend, Queue: jobs.QueueGateway, Subject: f.ID, DueAt: tx.Now()})
	}
	routerID, err := s.routerOf(ctx, tx, o)
	if err != nil {
		return err
	}
	return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.RefundStop, Queue: jobs.RouterQueue(routerID), Subject: f.ID, DueAt: tx.Now()})
}

func (s *Service) routerOf(ctx context.Context, tx *store.Tx, o order.Order) (string, error) {
	v, found, err := tx.Voucher(ctx, o.ID)
	if err != nil || !found {
		return o.RouterID, err // of an extension: that of the voucher it lengthened
	}
	return v.RouterID, nil
}
