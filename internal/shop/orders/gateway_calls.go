package orders

import (
	"context"
	"errors"
	"sync"
	"time"

	"gerai/internal/admission"
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
	if errors.Is(err, payments.ErrOff) || errors.Is(err, payments.ErrOtherMode) { // nothing was asked
		return
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
		if !errors.Is(err, payments.ErrChannelOff) && !errors.Is(err, payments.ErrStatementForbidden) {
			c.code = fault.CodeOf(err)
			if c.failed.IsZero() || c.failed.After(now) {
				c.failed = now
			}
			return
		}
	}
	c.failed = time.Time{}
}

// Connected reports whether there is an account to call with.
func (c *GatewayCalls) Connected() bool { return payments.Online(c.Gateway) }

// state is since when no call was answered, with the last failure's code, and
// when the last call ended.
func (c *GatewayCalls) state() (failed time.Time, code string, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed, c.code, c.last
}

func observed[T any](ctx context.Context, c *GatewayCalls, op string, call func() (T, error)) (T, error) {
	var out T
	var err error
	admission.Aside(ctx, func() { // a slow gateway holds up no other order
		began := clock.Elapsed(c.clock)
		out, err = call()
		c.note(ctx, op, clock.Elapsed(c.clock)-began, err)
	})
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
