package routeros

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"gerai/internal/admission"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// How a router is spoken to, and who is the truth.
//
// The client library cannot be shared between goroutines, ignores contexts during login
// and while waiting, and trusts any length a peer announces. So every connection here is
// dialled by us, wrapped in a reader that caps what one command may return, bounded by
// deadlines, used by one goroutine at a time, and thrown away after anything but a clean
// reply or a trap.
//
// The router is the truth about its users. A write whose answer got lost may have been
// executed, so EnsureUser reads by name before it ever adds again, and recognises its own
// row by the order's mark in the comment. Names are drawn at random and unique in our
// database; a row with our name but another comment is foreign and is never touched.
//
// A router that does not answer opens its breaker: calls then fail at once instead of
// hanging, and one probe every few seconds finds out when it is back. Traps never trip
// it: a router that says no is a router that works.

// Options tune the harness; zero values take the defaults.
type Options struct {
	Clock               clock.Clock
	Log                 *slog.Logger
	Called              func(Call)    // told of each call, none by default
	DialTimeout         time.Duration // TCP and TLS, default 3 s
	CallTimeout         time.Duration // one sentence and its reply, default 4 s
	OpTimeout           time.Duration // one whole method, default 8 s
	PoolSize            int           // connections per router, default 2
	BulkSize            int           // more connections for mass work, default 8; the router serves 20 in all
	BulkTimeout         time.Duration // until mass work starts nothing more, default 4 s
	MaxReply            int64         // bytes one command may return, default 16 MiB
	MaxRows             int           // rows one command may return, default 250,000
	MaxWords            int           // words of them that are kept in memory, default 1,500,000
	IdleTimeout         time.Duration // a pooled connection older than this is not reused, default 60 s
	BreakAfter          uint32        // transport failures in a row, default 3
	BreakFor            time.Duration // until the next probe, default 2 s
	LoginPause          time.Duration // after a refused login, default 30 s
	ProvisioningTimeout time.Duration // one method of setup or audit, which read far and sign certificates, default 60 s
}

func (o *Options) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.DialTimeout, 3*time.Second)
	set(&o.CallTimeout, 4*time.Second)
	set(&o.OpTimeout, 8*time.Second)
	set(&o.IdleTimeout, 60*time.Second)
	set(&o.BreakFor, 2*time.Second)
	set(&o.LoginPause, 30*time.Second)
	set(&o.ProvisioningTimeout, 60*time.Second)
	set(&o.BulkTimeout, 4*time.Second)
	if o.BulkSize == 0 {
		o.BulkSize = 8
	}
	if o.PoolSize == 0 {
		o.PoolSize = 2
	}
	if o.MaxReply == 0 {
		o.MaxReply = 16 << 20
	}
	if o.MaxRows == 0 {
		o.MaxRows = 250_000
	}
	if o.MaxWords == 0 {
		o.MaxWords = 1_500_000
	}
	if o.BreakAfter == 0 {
		o.BreakAfter = 3
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Called == nil {
		o.Called = func(Call) {}
	}
}

// Call is what one call of a router took.
type Call struct {
	Op       string // "list users"
	Router   string // its id
	Commands int
	Read     int64 // bytes of the answers, a login's not counted
	Err      error
}

// Driver implements hotspot.Driver.
type Driver struct {
	o       Options
	mu      sync.Mutex
	devices map[string]*device
	closed  bool
}

var (
	_ hotspot.Driver  = (*Driver)(nil)
	_ hotspot.Manager = (*Driver)(nil)
)

// New returns a driver without connections.
func New(o Options) *Driver {
	o.defaults()
	return &Driver{o: o, devices: map[string]*device{}}
}

// device is one router as this process knows it.
type device struct {
	identity string // hash of address and credentials: another one means another pool
	pool     *pool
	bulk     *gate
	breaker  *gobreaker.CircuitBreaker[struct{}]
	profiles profiles
	mu       sync.Mutex
	refused  error // the last refused login
	until    time.Time
}

func (d *Driver) device(r hotspot.Router) (*device, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, fault.New(fault.Unavailable, "router.unreachable")
	}
	id := identity(r)
	if x := d.devices[r.ID]; x != nil {
		if x.identity == id {
			return x, nil
		}
		x.close()
	}
	after := d.o.BreakAfter
	sales := newPool(d.o.PoolSize, d.o.IdleTimeout)
	x := &device{identity: id, pool: sales, bulk: newGate(newPool(d.o.BulkSize, d.o.IdleTimeout), sales, d.o.BulkSize), breaker: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: r.ID, Timeout: d.o.BreakFor,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= after },
		IsSuccessful: func(err error) bool { return err == nil || !isTransport(err) },
	})}
	d.devices[r.ID] = x
	return x, nil
}

// Forget drops pooled connections and remembered failures of a router.
func (d *Driver) Forget(routerID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if x := d.devices[routerID]; x != nil {
		x.close()
		delete(d.devices, routerID)
	}
}

// Close ends all connections.
func (d *Driver) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for _, x := range d.devices {
		x.close()
	}
	return nil
}

func (x *device) close() {
	x.pool.close()
	x.bulk.lane.close()
}

// do runs fn with an exclusive connection, inside the breaker. fn's session redials
// where that is safe.
func (d *Driver) do(ctx context.Context, op string, r hotspot.Router, fn func(*session) error) error {
	return d.doWithin(ctx, d.o.OpTimeout, op, r, fn)
}

func (d *Driver) doWithin(ctx context.Context, limit time.Duration, op string, r hotspot.Router, fn func(*session) error) error {
	return d.doOn(ctx, sales, limit, op, r, fn)
}

// sales and massWork are the lanes of a device: connections of their own.
func sales(x *device) *pool    { return x.pool }
func massWork(x *device) *pool { return x.bulk.lane }

func (d *Driver) doOn(ctx context.Context, lane func(*device) *pool, limit time.Duration, op string, r hotspot.Router, fn func(*session) error) error {
	call := Call{Op: op, Router: r.ID}
	do := fn
	fn = func(s *session) error {
		defer func() { call.Commands, call.Read = s.calls, s.got }()
		return do(s)
	}
	started := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	x, err := d.device(r)
	if err != nil {
		return err
	}
	if err := x.paused(); err != nil {
		return err
	}
	admission.Aside(ctx, func() {
		_, err = x.breaker.Execute(func() (struct{}, error) {
			s := &session{ctx: ctx, d: d, r: r, x: x, lane: lane(x)}
			defer s.release()
			return struct{}{}, fn(s)
		})
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		err = fault.Wrap(fault.Unavailable, "router.unreachable", err)
	}
	d.o.Log.DebugContext(ctx, "router call", "op", op, "router", r.ID, "took", time.Since(started), "kind", string(fault.KindOf(err)),
		"commands", call.Commands, "read", call.Read)
	call.Err = err
	d.o.Called(call)
	if err != nil {
		return fmt.Errorf("%s on router %s: %w", op, r.ID, err)
	}
	return nil
}

// paused returns the last refused login while it is fresh, so that a wrong
// password does not hammer the router.
func (x *device) paused() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.refused != nil && time.Now().Before(x.until) {
		return x.refused
	}
	x.refused = nil
	return nil
}

func (x *device) refuse(err error, pause time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.refused, x.until = err, time.Now().Add(pause)
}
