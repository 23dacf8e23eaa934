package orders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/payments/qris"
)

const (
	// Creating bounds one creation by the background, soon one by a request: a
	// customer waits for the page.
	Creating = 9 * time.Second
	soon     = 1500 * time.Millisecond
	// leaseMargin is how much longer than a creation its lease is: after a crash
	// the background takes over then.
	leaseMargin = time.Second
	// busyAfterFailure lets the background, not the next page view, try again.
	busyAfterFailure = time.Second
)

// creation says how a charge is to be made.
type creation struct {
	within time.Duration // longest time the gateway gets
	retry  bool          // not the first try
	resume bool          // the background goes on at once where this one fails
	asked  bool          // an earlier try may have made a charge
	leased time.Time     // when its lease ends
	test   bool          // the order is about no real money
}

// CreateCharge opens the gateway charge of the order's current attempt, for a
// request: what does not come soon is left to the background. One attempt has
// one reference and one idempotency key for its whole life, and a try whose
// outcome is unknown is looked up before it is repeated, so no number of calls
// makes a second charge. It returns nil when there is nothing to do, and the
// gateway's fault otherwise.
func (s *Service) CreateCharge(ctx context.Context, id order.ID) error {
	return s.createCharge(ctx, id, creation{within: soon, resume: true})
}

func (s *Service) createCharge(ctx context.Context, id order.ID, how creation) error {
	o, err := s.Store.Order(ctx, id)
	if err != nil {
		return err
	}
	a, err := s.Store.Attempt(ctx, id, o.AttemptNo)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	if !o.Payable() || a.State != order.Creating || now.After(a.ExpiresAt) {
		return nil
	}
	if s.otherMode(o) {
		return s.chargeFailed(ctx, a, creation{}, payments.ErrOtherMode)
	}
	how.test = o.Test
	about, err := s.metadata(ctx, o)
	if err != nil {
		return err
	}
	if _, err := s.allowCreate(ctx, o.Client, how.retry); err != nil {
		return s.chargeFailed(ctx, a, creation{}, err)
	}
	leased, asked := false, false
	how.leased = now.Add(how.within + leaseMargin)
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) (err error) {
		leased, asked, err = tx.LeaseAttempt(ctx, a.ID, now, how.leased, now.Add(Creating+leaseMargin))
		return err
	})
	if err != nil {
		return err
	}
	if !leased {
		return fault.New(fault.Unavailable, "gateway.busy")
	}
	how.asked = asked
	return s.chargeLeased(ctx, a, how, about)
}

// chargeLeased asks the gateway about an attempt that is leased to the caller, and writes
// down what came of it. The lease began before it was committed, and the gateway gets no
// longer than is left of it: afterwards another caller may ask.
func (s *Service) chargeLeased(ctx context.Context, a order.Attempt, how creation, about map[string]string) error {
	left := how.leased.Sub(s.Clock.Now())
	if left <= 0 {
		return fault.New(fault.Unavailable, "gateway.busy")
	}
	open, cancel := context.WithTimeout(ctx, min(how.within, left))
	charge, err := s.openCharge(open, a, how, about)
	cancel()
	if err != nil {
		return s.chargeFailed(ctx, a, how, err)
	}
	return s.chargeOpened(ctx, a, charge)
}

// firstCharge is CreateCharge for an order that was just placed: its attempt was leased in
// the transaction that made it, unless the budget of creations was spent. A lease that was
// over before the commit is taken again.
func (s *Service) firstCharge(ctx context.Context, o order.Order, a order.Attempt, spent error) error {
	if spent != nil {
		return s.chargeFailed(ctx, a, creation{}, spent)
	}
	if s.otherMode(o) {
		return s.chargeFailed(ctx, a, creation{}, payments.ErrOtherMode)
	}
	leased := soonUntil(a.AskedAt)
	if !s.Clock.Now().Before(leased) {
		return s.CreateCharge(ctx, o.ID)
	}
	about, err := s.metadata(ctx, o)
	if err != nil {
		return err
	}
	return s.chargeLeased(ctx, a, creation{within: soon, resume: true, leased: leased, test: o.Test}, about)
}

// soonUntil is when the lease ends of a request that asks the gateway from an instant on.
func soonUntil(asked time.Time) time.Time { return asked.Add(soon + leaseMargin) }

// metadata is what the gateway keeps with the charges of an order.
func (s *Service) metadata(ctx context.Context, o order.Order) (map[string]string, error) {
	if o.Extends == "" {
		return o.Metadata(""), nil
	}
	held, err := s.Store.Order(ctx, o.Extends)
	if err != nil {
		return nil, err
	}
	return o.Metadata(held.Code), nil
}

// openCharge looks for a charge that an earlier try may have made, then
// creates one.
func (s *Service) openCharge(ctx context.Context, a order.Attempt, how creation, about map[string]string) (payments.Charge, error) {
	if how.asked {
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
		PayerName: s.PayerName, ExpiresAt: a.ExpiresAt, Metadata: about, Test: how.test})
}

func (s *Service) chargeOpened(ctx context.Context, a order.Attempt, c payments.Charge) error {
	failure := s.unusable(a, c)
	_, _, err := s.ledger.Change(ctx, actor.Server, "charge.open", a.OrderID, func(tx *store.Tx, o *order.Order) error {
		now, err := tx.Attempt(ctx, a.OrderID, a.No)
		if err != nil || now.State == order.Settled || now.State == order.Open {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		now.GatewayID, now.MethodID, now.QR, now.VA, now.Failure = c.GatewayID, c.MethodID, c.QR, c.VA, failure
		switch {
		case failure != "":
			now.State = order.Failed
		case now.State == order.Creating:
			now.State = order.Open
		}
		if err := tx.SaveAttempt(ctx, now); err != nil {
			return err
		}
		if a.No == o.AttemptNo { // the job that would make the charge has nothing left to do
			if err := tx.DropJob(ctx, jobs.ChargeCreate, string(o.ID)); err != nil {
				return err
			}
		}
		if failure != "" {
			_, err = tx.OpenAlert(ctx, "charge_unusable", string(a.OrderID), failure)
		} else {
			_, err = tx.CloseAlert(ctx, "gateway_refuses", string(a.Method))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keep charge of order %s: %w", a.OrderID, err)
	}
	return nil
}

// unusable returns the code of why a charge must not be shown, which its attempt keeps, or "".
// In test mode gateways answer with codes that are no real QRIS, so there the
// code is shown under a TEST banner instead.
func (s *Service) unusable(a order.Attempt, c payments.Charge) string {
	switch {
	case a.Method.IsVA() && c.VA == "", a.Method == payments.QRIS && c.QR == "":
		return failureNoCode
	case c.Amount != a.Amount:
		return payments.ErrAmount.Code
	case a.Method == payments.QRIS:
		if _, err := qris.Validate(c.QR, a.Amount); err != nil {
			s.Log.Warn("payment code is not a valid QRIS code", "order", a.OrderID, "error", err)
			if s.Live() {
				return failureQR
			}
		}
	}
	return ""
}

// chargeFailed keeps the reason for the page and returns it for the job. how is
// zero where the gateway was not asked.
func (s *Service) chargeFailed(ctx context.Context, a order.Attempt, how creation, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	final := fault.Is(cause, fault.Refused) || fault.Is(cause, fault.Config)
	code := "gateway.busy"
	if final {
		code = fault.CodeOf(cause)
	}
	none := !how.asked && !fault.Is(cause, fault.Unknown) // everything else says that nothing was made
	_, _, err := s.ledger.Change(ctx, actor.Server, "charge.fail", a.OrderID, func(tx *store.Tx, o *order.Order) error {
		now, err := tx.Attempt(ctx, a.OrderID, a.No)
		if err != nil {
			return err
		}
		if how.within > 0 {
			if err := tx.ReleaseAttempt(ctx, a.ID, how.leased, tx.Now().Add(busyAfterFailure), none); err != nil {
				return err
			}
		}
		if now.State != order.Creating {
			return ledger.ErrUnchanged
		}
		if how.resume && !final {
			after := busyAfterFailure
			if f := (*fault.Error)(nil); errors.As(cause, &f) {
				after = max(after, f.After)
			}
			job := jobs.New{Kind: jobs.ChargeCreate, Queue: jobs.QueueCharge, Subject: string(a.OrderID), DueAt: tx.Now().Add(after)}
			if err := s.ledger.Enqueue(ctx, tx, job); err != nil {
				return err
			}
		}
		if now.Failure == code && !final {
			return ledger.ErrUnchanged // it is written down already
		}
		now.Failure = code
		if final {
			now.State = order.Failed
		}
		if err := tx.SaveAttempt(ctx, now); err != nil {
			return err
		}
		if final && !errors.Is(cause, payments.ErrOtherMode) { // which the gateway was not asked about
			_, err = tx.OpenAlert(ctx, "gateway_refuses", string(a.Method), code)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("note failed charge of order %s: %w", a.OrderID, err)
	}
	return fmt.Errorf("create charge of order %s: %w", a.OrderID, cause)
}

const (
	chargeRetryFirst = time.Second
	chargeRetryMost  = 5 * time.Second
	// openPage is for how long a page counts as open after it was asked for: it
	// asks again every few seconds, with or without scripts.
	openPage = 10 * time.Second
)

// CreateChargeJob is CreateCharge as background work. It tries once, and again
// for as long as a page of the order is open; a customer who comes back later
// starts it again.
func (s *Service) CreateChargeJob(ctx context.Context, j jobs.Job) error {
	id := order.ID(j.Subject)
	err := s.createCharge(ctx, id, creation{within: Creating, retry: j.Snoozes > 0})
	switch fault.KindOf(err) {
	case "":
		return nil
	case fault.Refused, fault.Config:
		return &jobs.Give{Err: err}
	}
	o, looked, readErr := s.pageOpen(ctx, id)
	if readErr != nil {
		return readErr
	}
	if !looked {
		s.Log.DebugContext(ctx, "charge left until a page of the order is open", "order", id, "error", err)
		return nil
	}
	s.ledger.Tell(ctx, "order retried", o, "step", "charge", "failure", fault.CodeOf(err), "try", j.Snoozes+1)
	return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, chargeRetryFirst, chargeRetryMost), Queue: jobs.QueueChargeRetry, Err: err}
}

// pageOpen reports whether a page of the order was asked for a moment ago.
func (s *Service) pageOpen(ctx context.Context, id order.ID) (order.Order, bool, error) {
	o, err := s.Store.Order(ctx, id)
	if err != nil {
		return o, false, err
	}
	a, err := s.Store.Attempt(ctx, id, o.AttemptNo)
	return o, clock.Within(a.SeenAt, s.Clock.Now(), openPage), err
}

// wanted notes that a page of an order without a charge is open. A customer
// who was away has the creation tried at once.
func (s *Service) wanted(ctx context.Context, o order.Order, a order.Attempt) {
	now := s.Clock.Now()
	if !o.Payable() || a.State != order.Creating || clock.Within(a.SeenAt, now, openPage/2) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.AttemptSeen(ctx, a.ID); err != nil {
			return err
		}
		if clock.Within(a.SeenAt, now, openPage) {
			return nil
		}
		due := tx.Now()
		if a.Failure == "" { // its first try is under way
			due = ledger.Later(due, a.CreatedAt.Add(firstWait))
		}
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.ChargeCreate, Queue: jobs.QueueCharge, Subject: string(o.ID), DueAt: due})
	})
	if err != nil {
		s.Log.WarnContext(ctx, "open page of an order not noted", "order", o.ID, "error", err)
	}
}
