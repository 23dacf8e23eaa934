package orders

import (
	"context"
	"errors"
	"sync"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/payments"
)

// GatewayCalls is the gateway, and notes how its calls end. What it knows is of
// this process; every replica calls the gateway itself.
type GatewayCalls struct {
	payments.Gateway
	clock clock.Clock
	told  func(op string, took time.Duration, err error)

	mu     sync.Mutex
	failed time.Time // the first failure since the last answer, zero while it answers
	code   string    // of the last failure
	last   time.Time // the last call that ended
}

// ObserveGateway wraps a gateway so that its calls are noted; told is called after
// each of them and may be nil.
func ObserveGateway(g payments.Gateway, c clock.Clock, told func(op string, took time.Duration, err error)) *GatewayCalls {
	return &GatewayCalls{Gateway: g, clock: c, told: told}
}

func (c *GatewayCalls) note(ctx context.Context, op string, took time.Duration, err error) {
	if c.told != nil {
		c.told(op, took, err)
	}
	if errors.Is(ctx.Err(), context.Canceled) { // the caller went away, which tells nothing about the gateway
		return
	}
	now := c.clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = now
	switch fault.KindOf(err) {
	case fault.Limited:
		return
	case fault.Unavailable, fault.Unknown, fault.Config:
		if code := fault.CodeOf(err); code != "gateway.channel_off" && code != "gateway.statement_forbidden" {
			c.code = code
			if c.failed.IsZero() || c.failed.After(now) {
				c.failed = now
			}
			return
		}
	}
	c.failed = time.Time{}
}

// state is since when no call was answered, with the last failure's code, and
// when the last call ended.
func (c *GatewayCalls) state() (failed time.Time, code string, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed, c.code, c.last
}

func observed[T any](ctx context.Context, c *GatewayCalls, op string, call func() (T, error)) (T, error) {
	began := clock.Elapsed(c.clock)
	out, err := call()
	c.note(ctx, op, clock.Elapsed(c.clock)-began, err)
	return out, err
}

// Create implements payments.Gateway.
func (c *GatewayCalls) Create(ctx context.Context, in payments.CreateIn) (payments.Charge, error) {
	return observed(ctx, c, "create", func() (payments.Charge, error) { return c.Gateway.Create(ctx, in) })
}

// Get implements payments.Gateway.
func (c *GatewayCalls) Get(ctx context.Context, gatewayID string) (payments.Charge, error) {
	return observed(ctx, c, "get", func() (payments.Charge, error) { return c.Gateway.Get(ctx, gatewayID) })
}

// Find implements payments.Gateway.
func (c *GatewayCalls) Find(ctx context.Context, reference string) ([]payments.Charge, error) {
	return observed(ctx, c, "find", func() ([]payments.Charge, error) { return c.Gateway.Find(ctx, reference) })
}

// List implements payments.Gateway.
func (c *GatewayCalls) List(ctx context.Context, gatewayIDs []string) ([]payments.Charge, error) {
	return observed(ctx, c, "list", func() ([]payments.Charge, error) { return c.Gateway.List(ctx, gatewayIDs) })
}

// Cancel implements payments.Gateway.
func (c *GatewayCalls) Cancel(ctx context.Context, charge payments.Charge) error {
	_, err := observed(ctx, c, "cancel", func() (struct{}, error) { return struct{}{}, c.Gateway.Cancel(ctx, charge) })
	return err
}

// Refund implements payments.Gateway.
func (c *GatewayCalls) Refund(ctx context.Context, in payments.RefundIn) (payments.Refund, error) {
	return observed(ctx, c, "refund", func() (payments.Refund, error) { return c.Gateway.Refund(ctx, in) })
}

// GetRefund implements payments.Gateway.
func (c *GatewayCalls) GetRefund(ctx context.Context, id string) (payments.Refund, error) {
	return observed(ctx, c, "get_refund", func() (payments.Refund, error) { return c.Gateway.GetRefund(ctx, id) })
}

// RefundsOf implements payments.Gateway.
func (c *GatewayCalls) RefundsOf(ctx context.Context, gatewayID string) ([]payments.Refund, error) {
	return observed(ctx, c, "refunds_of", func() ([]payments.Refund, error) { return c.Gateway.RefundsOf(ctx, gatewayID) })
}

// Transactions implements payments.Gateway.
func (c *GatewayCalls) Transactions(ctx context.Context, from, until time.Time, cursor string) (page []payments.Transaction, next string, err error) {
	page, err = observed(ctx, c, "transactions", func() (read []payments.Transaction, err error) {
		read, next, err = c.Gateway.Transactions(ctx, from, until, cursor)
		return read, err
	})
	return page, next, err
}

const (
	// gatewayDownAfter is how long no call is answered before a person is told.
	gatewayDownAfter = time.Minute
	// probeAfter is how long a gateway that fails is left alone before it is
	// asked again, although no customer needs it.
	probeAfter  = 10 * time.Second
	probeWithin = 5 * time.Second
	probeName   = "gerai-probe" // a reference that no charge has
	// gatewayGone is when a process that has not closed its alert is taken to be
	// gone. One that still runs opens it again.
	gatewayGone = time.Hour
)

// CheckGateway opens an alert when no call of this process was answered by the
// gateway for a minute, and closes it when one is. While it is down, it is asked
// even if no customer is there. The alert is about this process: another replica
// may have another way out.
func (s *Service) CheckGateway(ctx context.Context) error {
	if s.Calls == nil {
		return nil
	}
	open, left, err := s.gatewayAlerts(ctx)
	if err != nil {
		return err
	}
	failed, _, last := s.Calls.state()
	if (open || len(left) > 0 || !failed.IsZero()) && !clock.Within(last, s.Clock.Now(), probeAfter) && s.allowLookup(ctx) == nil {
		probe, cancel := context.WithTimeout(ctx, probeWithin)
		_, err := s.Calls.Find(probe, probeName)
		cancel()
		s.Log.DebugContext(ctx, "gateway probed", "error", err)
	}
	failed, code, last := s.Calls.state()
	switch {
	case failed.IsZero() && !last.IsZero():
		if open {
			left = append(left, s.Instance)
		}
		var errs []error
		for _, subject := range left {
			errs = append(errs, s.ledger.CloseAlert(ctx, "gateway_down", subject))
		}
		return errors.Join(errs...)
	case !failed.IsZero() && !open && s.Clock.Now().Sub(failed) >= gatewayDownAfter:
		return s.ledger.Alert(ctx, "gateway_down", s.Instance, code)
	}
	return nil
}

// gatewayAlerts reports whether this process's alert is open, and which ones
// are left of processes that are gone, or of a version that had one for all.
func (s *Service) gatewayAlerts(ctx context.Context) (open bool, left []string, err error) {
	all, err := s.Store.OpenAlerts(ctx)
	for _, a := range all {
		switch {
		case a.Kind != "gateway_down":
		case a.Subject == s.Instance:
			open = true
		case a.Subject == s.Gateway.Name() || !clock.Within(a.OpenedAt, s.Clock.Now(), gatewayGone):
			left = append(left, a.Subject)
		}
	}
	return open, left, err
}
