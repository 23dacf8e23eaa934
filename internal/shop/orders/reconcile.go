package orders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/priority"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// Reconcile reads every charge of an order that may have changed from the gateway and
// records the result. The webhook, the customer's open page, the sweeper and staff all
// call it; calling it twice changes nothing. gatewayID, when known, names the charge
// that caused the call: it is read even if it was settled before, or if it is a second
// one under a reference of the order. Errors: the gateway's faults, Limited when the
// read budget is spent.
func (s *Service) Reconcile(ctx context.Context, id order.ID, gatewayID string) (order.View, error) {
	return s.reconcile(ctx, id, gatewayID, func(*store.Tx, order.View) error { return nil })
}

// reconcile is Reconcile with more to write in its transaction, once it is known what the
// order came to.
func (s *Service) reconcile(ctx context.Context, id order.ID, gatewayID string, then func(*store.Tx, order.View) error) (order.View, error) {
	attempts, err := s.Store.Attempts(ctx, id)
	if err != nil {
		return order.View{}, err
	}
	readings, err := s.lookupUnknown(ctx, attempts, gatewayID)
	if err != nil {
		return order.View{}, fmt.Errorf("reconcile order %s: %w", id, err)
	}
	for _, a := range attempts {
		if !ledger.NeedsLookup(a, gatewayID) {
			continue
		}
		charge, found, err := s.lookup(ctx, a)
		if err != nil {
			return order.View{}, fmt.Errorf("reconcile order %s: %w", id, err)
		}
		if found {
			readings = append(readings, chargeLookup{attempt: a, charge: charge})
		}
	}
	return s.record(ctx, id, readings, then)
}

// record writes what was read in one transaction. Money does not wait behind orders that
// are being placed, however it was found.
func (s *Service) record(ctx context.Context, id order.ID, all []chargeLookup, then func(*store.Tx, order.View) error) (order.View, error) {
	if slices.ContainsFunc(all, func(n chargeLookup) bool { return n.charge.Status == payments.Paid }) {
		ctx = priority.With(ctx, priority.Urgent)
	}
	_, v, err := s.ledger.ChangeThen(ctx, actor.Server, id, func(tx *store.Tx, o *order.Order) (string, error) {
		action := ""
		for _, n := range all {
			changed, err := s.recordOne(ctx, tx, o, n)
			if err != nil {
				return "", err
			}
			if changed != "" {
				action = changed
			}
		}
		o.CheckedAt = tx.Now()
		return action, nil
	}, then)
	return v, err
}

func (s *Service) recordOne(ctx context.Context, tx *store.Tx, o *order.Order, n chargeLookup) (action string, err error) {
	a, err := tx.Attempt(ctx, o.ID, n.attempt.No)
	if err != nil {
		return "", err
	}
	if n.charge.Reference != a.Reference {
		s.Log.Error("gateway answered with another reference", "order", o.ID, "attempt", a.No)
		_, err := tx.OpenAlert(ctx, "gateway_mismatch", string(o.ID), a.Reference)
		return "", err
	}
	if a.GatewayID != "" && a.GatewayID != n.charge.GatewayID { // a second charge: its money counts, the attempt goes on
		if n.charge.Status != payments.Paid {
			return "", nil
		}
		if empty(n.charge) {
			return "", s.refuseEmpty(ctx, tx, *o, n.charge)
		}
		fresh, err := s.recordPayment(ctx, tx, o, a, n.charge)
		if !fresh {
			return "", err
		}
		return "order.reconcile", err
	}
	adopted := a.GatewayID == ""
	if adopted {
		a.GatewayID, a.MethodID, a.QR, a.VA = n.charge.GatewayID, n.charge.MethodID, n.charge.QR, n.charge.VA
		if a.State == order.Creating && s.unusable(a, n.charge) == "" {
			a.State = order.Open
		}
		action = "charge.adopt"
	}
	state := a.State
	switch n.charge.Status {
	case payments.Paid:
		if empty(n.charge) {
			if err := s.refuseEmpty(ctx, tx, *o, n.charge); err != nil {
				return "", err
			}
			break
		}
		fresh, err := s.recordPayment(ctx, tx, o, a, n.charge)
		if err != nil {
			return "", err
		}
		if fresh {
			action = "order.reconcile"
		}
		a.State = order.Settled
	case payments.Failed, payments.Expired, payments.Cancelled:
		if a.State == order.Open {
			a.State, a.Failure = order.Failed, "gateway.closed"
			action = "charge.close"
		}
	}
	if adopted || state != a.State {
		return action, tx.SaveAttempt(ctx, a)
	}
	return action, nil
}

// empty reports whether a charge is said to be paid with nothing, or with less.
func empty(c payments.Charge) bool {
	sum, rupiah := c.Sum()
	return rupiah && sum <= 0
}

// refuseEmpty tells a person of a payment that is none.
func (s *Service) refuseEmpty(ctx context.Context, tx *store.Tx, o order.Order, c payments.Charge) error {
	s.Log.WarnContext(ctx, "payment of no amount refused", "code", o.Code, "reference", c.Reference)
	_, err := tx.OpenAlert(ctx, "gateway_mismatch", string(o.ID), payments.ErrAmount.Code)
	return err
}

// recordPayment keeps confirmed money once per charge. A later read that names
// another amount marks it disputed: a person decides.
func (s *Service) recordPayment(ctx context.Context, tx *store.Tx, o *order.Order, a order.Attempt, c payments.Charge) (bool, error) {
	p := s.paymentOf(c, tx.Now())
	p.OrderID, p.AttemptNo, p.Method = o.ID, a.No, a.Method
	fresh, stored, err := tx.InsertPaymentOf(ctx, p, o.CreatedAt)
	if err != nil {
		return false, err
	}
	if fresh {
		tx.Audit("payment.record", "order:"+string(o.ID), map[string]any{"amount": int64(p.Amount), "currency": p.Currency, "reference": p.Reference, "key": p.Key})
		return true, nil
	}
	if stored.OrderID == "" {
		return tx.MatchPayment(ctx, p.Gateway, p.Key, o.ID)
	}
	if stored.Amount != p.Amount && !stored.Disputed {
		tx.Audit("payment.dispute", "order:"+string(o.ID), map[string]any{"first": int64(stored.Amount), "now": int64(p.Amount), "key": p.Key})
		return true, tx.MarkDisputed(ctx, p.Gateway, p.Key)
	}
	return false, nil
}

// paymentOf turns a paid charge into the fact we keep.
func (s *Service) paymentOf(c payments.Charge, now time.Time) order.Payment {
	sum, rupiah := c.Sum()
	p := order.Payment{Gateway: s.Gateway.Name(), Key: c.GatewayID, Reference: c.Reference, Method: c.Method, Amount: sum,
		Currency: money.Currency, PaidAt: c.PaidAt(), RecordedAt: now}
	if !rupiah {
		p.Currency, p.Disputed = foreign(c), true
	}
	if p.PaidAt.IsZero() || p.PaidAt.After(now) {
		p.PaidAt = now
	}
	return p
}

func foreign(c payments.Charge) string {
	for _, p := range c.Paid {
		if p.Currency != money.Currency {
			return p.Currency
		}
	}
	return ""
}

// ReconcileJob is Reconcile as background work.
func (s *Service) ReconcileJob(ctx context.Context, j jobs.Job) error {
	_, err := s.reconcile(ctx, order.ID(j.Subject), "", func(tx *store.Tx, _ order.View) error { return s.ledger.Finish(ctx, tx, j) })
	return ledger.SteerGateway(j, err)
}
