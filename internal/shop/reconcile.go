package shop

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
)

// Reconcile asks the gateway about every charge of an order that may have
// changed and writes down what it says. The webhook, the customer's open page,
// the sweeper and staff all ring this one bell; ringing twice changes nothing.
// gatewayID, when known, names the charge somebody spoke of: it is read even
// if it was settled before. Errors: the gateway's faults, Limited when the
// read budget is spent.
func (s *Shop) Reconcile(ctx context.Context, id order.ID, gatewayID string) (order.View, error) {
	attempts, err := s.Store.Attempts(ctx, id)
	if err != nil {
		return order.View{}, err
	}
	var readings []reading
	for _, a := range attempts {
		if !worthReading(a, gatewayID) {
			continue
		}
		charge, found, err := s.read(ctx, a)
		if err != nil {
			return order.View{}, fmt.Errorf("reconcile order %s: %w", id, err)
		}
		if found {
			readings = append(readings, reading{attempt: a, charge: charge})
		}
	}
	return s.record(ctx, id, readings)
}

// reading is one charge as the gateway just told it.
type reading struct {
	attempt order.Attempt
	charge  payments.Charge
}

func worthReading(a order.Attempt, gatewayID string) bool {
	if gatewayID != "" && a.GatewayID == gatewayID {
		return true
	}
	switch a.State {
	case order.Open, order.Superseded, order.Creating:
		return true
	case order.Failed:
		return a.GatewayID != ""
	}
	return false
}

// read asks the gateway once: by its id, or by our reference when the answer
// to the creation was lost.
func (s *Shop) read(ctx context.Context, a order.Attempt) (payments.Charge, bool, error) {
	if a.GatewayID == "" && a.Failure == "" && a.State == order.Creating && s.Clock.Now().Sub(a.CreatedAt) < firstWait {
		return payments.Charge{}, false, nil // being created right now
	}
	if ok, after := s.Cache.Allow(ctx, "gateway:reads", s.limits.GatewayReads); !ok {
		return payments.Charge{}, false, fault.TooOften("gateway.busy", after)
	}
	if a.GatewayID != "" {
		c, err := s.Gateway.Get(ctx, a.GatewayID)
		if fault.Is(err, fault.NotFound) {
			return c, false, nil
		}
		return c, err == nil, err
	}
	found, err := s.Gateway.Find(ctx, a.Reference)
	if fault.Is(err, fault.NotFound) || (err == nil && len(found) == 0) {
		return payments.Charge{}, false, nil
	}
	if err != nil {
		return payments.Charge{}, false, err
	}
	for _, c := range found {
		if c.Status == payments.Paid {
			return c, true, nil
		}
	}
	return found[0], true, nil
}

// record writes what was read in one transaction.
func (s *Shop) record(ctx context.Context, id order.ID, all []reading) (order.View, error) {
	_, v, err := s.change(ctx, actorServer, id, func(tx *store.Tx, o *order.Order) (string, bool, error) {
		action := ""
		for _, n := range all {
			changed, err := s.recordOne(ctx, tx, o, n)
			if err != nil {
				return "", false, err
			}
			if changed != "" {
				action = changed
			}
		}
		o.CheckedAt = tx.Now()
		return action, true, nil
	})
	return v, err
}

func (s *Shop) recordOne(ctx context.Context, tx *store.Tx, o *order.Order, n reading) (action string, err error) {
	a, err := tx.Attempt(ctx, o.ID, n.attempt.No)
	if err != nil {
		return "", err
	}
	if n.charge.Reference != a.Reference {
		s.Log.Error("gateway answered with another reference", "order", o.ID, "attempt", a.No)
		_, err := tx.OpenAlert(ctx, "gateway_mismatch", string(o.ID), a.Reference)
		return "", err
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

// recordPayment keeps confirmed money once per charge. A later read that names
// another amount marks it disputed: a person decides.
func (s *Shop) recordPayment(ctx context.Context, tx *store.Tx, o *order.Order, a order.Attempt, c payments.Charge) (bool, error) {
	p := s.paymentOf(c, tx.Now())
	p.OrderID, p.AttemptNo, p.Method = o.ID, a.No, a.Method
	fresh, stored, err := tx.InsertPayment(ctx, p)
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
func (s *Shop) paymentOf(c payments.Charge, now time.Time) order.Payment {
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
func (s *Shop) ReconcileJob(ctx context.Context, j jobs.Job) error {
	_, err := s.Reconcile(ctx, order.ID(j.Subject), "")
	return steerGateway(j, err)
}

// steerGateway decides when gateway work is tried again.
func steerGateway(j jobs.Job, err error) error {
	switch fault.KindOf(err) {
	case "":
		return nil
	case fault.Unavailable, fault.Unknown, fault.Limited, fault.Config:
		return &jobs.Snooze{After: backoff(j.Snoozes, time.Second, 15*time.Second), Err: err}
	}
	return err
}
