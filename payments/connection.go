package payments

import (
	"context"
	"sync/atomic"
	"time"

	"gerai/internal/fault"
)

// ErrOff: no gateway is connected, so nothing was asked. Work that needs one waits until its
// keys are there.
var ErrOff = fault.New(fault.Unavailable, "gateway.off")

// Account is a gateway with the keys of one account.
type Account interface {
	Gateway
	// Live reports whether its keys move real money.
	Live() bool
	// Time asks the gateway for its time.
	Time(ctx context.Context) (time.Time, error)
	// VerifySender proves by the headers alone who sent a message.
	VerifySender(header func(string) string) error
}

// Connection is the account of a gateway that a process uses at the moment, or none. Its
// account may be exchanged while it is in use: a call that has begun ends with the account it
// began with. It implements Account; without an account every call answers ErrOff.
type Connection struct {
	name string
	now  atomic.Pointer[connected]
	idle atomic.Bool // the keys that are kept and not in use are test keys
}

type connected struct {
	Account
	id string
}

var _ Account = (*Connection)(nil)

// NewConnection returns a connection to the gateway of a name, without an account.
func NewConnection(name string) *Connection { return &Connection{name: name} }

// Use exchanges the account; id tells accounts apart. A nil account is none.
func (c *Connection) Use(id string, a Account) {
	if a == nil {
		c.now.Store(nil)
		return
	}
	c.now.Store(&connected{a, id})
}

// Idle notes whether keys that are kept are test keys, for as long as no account is in use: a
// process that cannot use them sells as the others do.
func (c *Connection) Idle(test bool) { c.idle.Store(test) }

// ID is the id of the account in use, "" without one.
func (c *Connection) ID() string {
	if n := c.now.Load(); n != nil {
		return n.id
	}
	return ""
}

// Connected reports whether there is an account.
func (c *Connection) Connected() bool { return c.now.Load() != nil }

// Live reports whether orders are about real money. Without an account that is as the kept keys
// say; where none are kept, what is sold is paid at the counter, and counter money is real.
func (c *Connection) Live() bool {
	if n := c.now.Load(); n != nil {
		return n.Live()
	}
	return !c.idle.Load()
}

// Online reports whether customers can pay by a gateway.
func Online(g Gateway) bool {
	if g == nil {
		return false
	}
	c, may := g.(interface{ Connected() bool })
	return !may || c.Connected()
}

func asked[T any](c *Connection, call func(Account) (T, error)) (out T, err error) {
	n := c.now.Load()
	if n == nil {
		return out, ErrOff
	}
	return call(n.Account)
}

// Name implements Gateway.
func (c *Connection) Name() string { return c.name }

// Create implements Gateway. The account that is asked is the one whose mode was compared.
// Errors: ErrOtherMode.
func (c *Connection) Create(ctx context.Context, in CreateIn) (Charge, error) {
	return asked(c, func(a Account) (Charge, error) {
		if a.Live() == in.Test {
			return Charge{}, ErrOtherMode
		}
		return a.Create(ctx, in)
	})
}

// Get implements Gateway.
func (c *Connection) Get(ctx context.Context, gatewayID string) (Charge, error) {
	return asked(c, func(a Account) (Charge, error) { return a.Get(ctx, gatewayID) })
}

// Find implements Gateway.
func (c *Connection) Find(ctx context.Context, reference string) ([]Charge, error) {
	return asked(c, func(a Account) ([]Charge, error) { return a.Find(ctx, reference) })
}

// List implements Gateway.
func (c *Connection) List(ctx context.Context, gatewayIDs []string) ([]Charge, error) {
	return asked(c, func(a Account) ([]Charge, error) { return a.List(ctx, gatewayIDs) })
}

// Cancel implements Gateway.
func (c *Connection) Cancel(ctx context.Context, charge Charge) error {
	_, err := asked(c, func(a Account) (struct{}, error) { return struct{}{}, a.Cancel(ctx, charge) })
	return err
}

// Refund implements Gateway.
func (c *Connection) Refund(ctx context.Context, in RefundIn) (Refund, error) {
	return asked(c, func(a Account) (Refund, error) { return a.Refund(ctx, in) })
}

// GetRefund implements Gateway.
func (c *Connection) GetRefund(ctx context.Context, id string) (Refund, error) {
	return asked(c, func(a Account) (Refund, error) { return a.GetRefund(ctx, id) })
}

// RefundsOf implements Gateway.
func (c *Connection) RefundsOf(ctx context.Context, gatewayID string) ([]Refund, error) {
	return asked(c, func(a Account) ([]Refund, error) { return a.RefundsOf(ctx, gatewayID) })
}

// Transactions implements Gateway.
func (c *Connection) Transactions(ctx context.Context, from, until time.Time, cursor string) (page []Transaction, next string, err error) {
	page, err = asked(c, func(a Account) (read []Transaction, err error) {
		read, next, err = a.Transactions(ctx, from, until, cursor)
		return read, err
	})
	return page, next, err
}

// Time implements Account.
func (c *Connection) Time(ctx context.Context) (time.Time, error) {
	return asked(c, func(a Account) (time.Time, error) { return a.Time(ctx) })
}

// VerifySender implements Account. Without an account no message is known.
func (c *Connection) VerifySender(header func(string) string) error {
	if n := c.now.Load(); n != nil {
		return n.VerifySender(header)
	}
	return fault.New(fault.Denied, "webhook.token")
}

// ParseNotification implements Gateway. Without an account no message is known.
func (c *Connection) ParseNotification(header func(string) string, body []byte) (Notification, error) {
	if n := c.now.Load(); n != nil {
		return n.ParseNotification(header, body)
	}
	return Notification{}, fault.New(fault.Denied, "webhook.token")
}
