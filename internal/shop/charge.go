package shop

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/payments/qris"
)

const (
	// creating bounds one creation; busyFor keeps a second caller away for that
	// long, and no longer than a customer waits after a crash.
	creating = 9 * time.Second
	busyFor  = 10 * time.Second
	// busyAfterFailure lets the background, not the next page view, try again.
	busyAfterFailure = time.Second
)

// CreateCharge opens the gateway charge of the order's current attempt. One
// attempt has one reference and one idempotency key for its whole life, and a
// try whose outcome is unknown is looked up before it is repeated, so no
// number of calls makes a second charge. It returns nil when there is nothing
// to do, and the gateway's fault otherwise.
func (s *Shop) CreateCharge(ctx context.Context, id order.ID) error {
	o, err := s.Store.Order(ctx, id)
	if err != nil {
		return err
	}
	a, err := s.Store.Attempt(ctx, id, o.AttemptNo)
	if err != nil {
		return err
	}
	if !s.payable(o) || a.State != order.Creating {
		return nil
	}
	now := s.Clock.Now()
	if now.After(a.ExpiresAt) {
		return nil
	}
	leased, again := false, false
	err = s.Store.InTx(ctx, actorServer, func(tx *store.Tx) (err error) {
		leased, again, err = tx.LeaseAttempt(ctx, a.ID, now, now.Add(busyFor))
		return err
	})
	if err != nil {
		return err
	}
	if !leased {
		return fault.New(fault.Unavailable, "gateway.busy")
	}
	if ok, after := s.Cache.Allow(ctx, "gateway:creates", s.limits.CreatesPerGateway); !ok {
		return s.chargeFailed(ctx, a, fault.TooOften("gateway.busy", after))
	}
	open, cancel := context.WithTimeout(ctx, creating)
	charge, err := s.openCharge(open, a, again)
	cancel()
	if err != nil {
		return s.chargeFailed(ctx, a, err)
	}
	return s.chargeOpened(ctx, a, charge)
}

// payable reports whether the customer still has something to pay.
func (s *Shop) payable(o order.Order) bool {
	return o.Status == order.Pending || (o.Status == order.Expired && o.Attention == order.ReasonUnderpaid)
}

// openCharge looks for a charge that an earlier try may have made, then
// creates one.
func (s *Shop) openCharge(ctx context.Context, a order.Attempt, again bool) (payments.Charge, error) {
	if again {
		found, err := s.Gateway.Find(ctx, a.Reference)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return payments.Charge{}, err
		}
		for _, c := range found {
			if c.Reference == a.Reference && c.Amount == a.Amount && (c.QR != "" || c.VA != "") {
				return c, nil
			}
		}
	}
	return s.Gateway.Create(ctx, payments.CreateIn{Reference: a.Reference, IdempotencyKey: a.Key, Method: a.Method, Amount: a.Amount,
		PayerName: s.PayerName, ExpiresAt: a.ExpiresAt})
}

func (s *Shop) chargeOpened(ctx context.Context, a order.Attempt, c payments.Charge) error {
	failure := s.unusable(a, c)
	_, _, err := s.change(ctx, actorServer, a.OrderID, func(tx *store.Tx, o *order.Order) (string, bool, error) {
		now, err := tx.Attempt(ctx, a.OrderID, a.No)
		if err != nil || now.State == order.Settled || now.State == order.Open {
			return "", false, err
		}
		now.GatewayID, now.MethodID, now.QR, now.VA, now.Failure = c.GatewayID, c.MethodID, c.QR, c.VA, failure
		switch {
		case failure != "":
			now.State = order.Failed
		case now.State == order.Creating:
			now.State = order.Open
		}
		if err := tx.SaveAttempt(ctx, now); err != nil {
			return "", false, err
		}
		if failure != "" {
			_, err = tx.OpenAlert(ctx, "charge_unusable", string(a.OrderID), failure)
		} else {
			_, err = tx.CloseAlert(ctx, "gateway_refuses", string(a.Method))
		}
		return "charge.open", true, err
	})
	if err != nil {
		return fmt.Errorf("keep charge of order %s: %w", a.OrderID, err)
	}
	return nil
}

// unusable returns the message key of why a charge must not be shown, or "".
// In test mode gateways answer with codes that are no real QRIS, so there the
// code is shown under a TEST banner instead.
func (s *Shop) unusable(a order.Attempt, c payments.Charge) string {
	switch {
	case a.Method.IsVA() && c.VA == "", a.Method == payments.QRIS && c.QR == "":
		return "gateway.no_code"
	case c.Amount != a.Amount:
		return "gateway.amount"
	case a.Method == payments.QRIS:
		if _, err := qris.Validate(c.QR, a.Amount); err != nil {
			s.Log.Warn("payment code is not a valid QRIS code", "order", a.OrderID, "error", err)
			if s.Live {
				return "qris.invalid"
			}
		}
	}
	return ""
}

// chargeFailed keeps the reason for the page and returns it for the job.
func (s *Shop) chargeFailed(ctx context.Context, a order.Attempt, cause error) error {
	final := fault.Is(cause, fault.Refused) || fault.Is(cause, fault.Config)
	code := "gateway.busy"
	if final {
		code = fault.CodeOf(cause)
	}
	_, _, err := s.change(ctx, actorServer, a.OrderID, func(tx *store.Tx, o *order.Order) (string, bool, error) {
		now, err := tx.Attempt(ctx, a.OrderID, a.No)
		if err != nil || now.State != order.Creating {
			return "", false, err
		}
		now.Failure = code
		if final {
			now.State = order.Failed
		}
		if err := tx.SaveAttempt(ctx, now); err != nil {
			return "", false, err
		}
		if _, _, err := tx.LeaseAttempt(ctx, a.ID, tx.Now().Add(busyFor), tx.Now().Add(busyAfterFailure)); err != nil {
			return "", false, err
		}
		if final {
			_, err = tx.OpenAlert(ctx, "gateway_refuses", string(a.Method), code)
		}
		return "charge.fail", true, err
	})
	if err != nil {
		return fmt.Errorf("note failed charge of order %s: %w", a.OrderID, err)
	}
	return fmt.Errorf("create charge of order %s: %w", a.OrderID, cause)
}

// CreateChargeJob is CreateCharge as background work: it tries until the
// charge is open, refused for good, or the order's time is over.
func (s *Shop) CreateChargeJob(ctx context.Context, j jobs.Job) error {
	err := s.CreateCharge(ctx, order.ID(j.Subject))
	switch fault.KindOf(err) {
	case "":
		return nil
	case fault.Refused, fault.Config:
		return &jobs.Give{Err: err}
	}
	return &jobs.Snooze{After: backoff(j.Snoozes, time.Second, 10*time.Second), Err: err}
}

// CancelCharge asks the gateway to stop accepting money for an attempt the
// customer turned away from. Money may come all the same; that is no error.
func (s *Shop) CancelCharge(ctx context.Context, j jobs.Job) error {
	a, err := s.Store.AttemptByID(ctx, j.Subject)
	if err != nil || a.State != order.Superseded || a.GatewayID == "" {
		return err
	}
	err = s.Gateway.Cancel(ctx, payments.Charge{GatewayID: a.GatewayID, MethodID: a.MethodID, Reference: a.Reference, Method: a.Method})
	switch {
	case err == nil, fault.Is(err, fault.Refused), fault.Is(err, fault.NotFound):
		return nil
	case j.Attempts+j.Snoozes > 10:
		return &jobs.Give{Err: err}
	}
	return &jobs.Snooze{After: backoff(j.Snoozes, 2*time.Second, time.Minute), Err: err}
}
