package vouchers

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// What stops passes from being farmed with orders that are never paid. A
// hardware address is easy to forge and easy to name for a neighbour, so the
// router's own caps are what counts in the end: so many at once, so many an
// hour, slow and small. Half of them is kept for devices and numbers within
// their limits; what others were given never stands in their way.
const (
	passesPerDay  = 2                // per device and per phone number
	passMemory    = 24 * time.Hour   // how long device and number are remembered
	passCooldown  = 30 * time.Minute // between two passes of one device
	passesPerHour = 6                // times the passes a router may hold at once
)

// GrantPass gives the customer's device a few minutes of slow internet to pay
// this order with, once per order. Asking again while it runs changes nothing.
// Errors: Conflict "pass.off", "pass.not_pending", "pass.used" and
// "device.busy", Limited "pass.device", "pass.full", "pass.router_busy" and
// "limit.connect", NotFound "device.not_seen", router faults.
func (s *Service) GrantPass(ctx context.Context, token order.Token, h order.Hints) (store.Pass, error) {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return store.Pass{}, err
	}
	site, err := s.Store.Site(ctx, o.SiteID)
	if err != nil {
		return store.Pass{}, err
	}
	rules := site.Portal.Pass
	if !rules.On {
		return store.Pass{}, fault.New(fault.Conflict, "pass.off")
	}
	if err := order.MayGrantPass(o); err != nil {
		return store.Pass{}, err
	}
	if h = ledger.CleanHints(h); h.MAC == "" || h.IP == "" {
		h = o.Hints
	}
	if h.MAC == "" || h.IP == "" {
		return store.Pass{}, hotspot.ErrNotSeen
	}
	if err := s.Banned(ctx, site.ID, h.MAC); err != nil {
		return store.Pass{}, err
	}
	if ok, after := s.Cache.Allow(ctx, "pass:"+string(o.ID), s.Limits.ConnectsPerOrder); !ok {
		return store.Pass{}, fault.TooOften("limit.connect", after)
	}
	had, found, err := s.Store.Pass(ctx, o.ID)
	if err != nil {
		return had, err
	}
	if found {
		left := had.EndsAt.Sub(s.Clock.Now())
		if had.MAC != h.MAC || left <= 0 {
			return had, fault.New(fault.Conflict, "pass.used")
		}
		if !had.RemovedAt.IsZero() { // another order's voucher ended it, at the word of a browser
			if had, err = s.resumePass(ctx, had); err != nil {
				return had, err
			}
			rules.Duration = min(rules.Duration, left)
		}
		r, err := s.Store.Router(ctx, had.RouterID)
		if err != nil {
			return had, err
		}
		return had, s.give(ctx, r, s.passOf(o, had, h, rules), had)
	}
	return s.newPass(ctx, o, site, h)
}

// resumePass makes a pass that was ended before its time whole again, for what
// is left of it.
func (s *Service) resumePass(ctx context.Context, p store.Pass) (store.Pass, error) {
	p.RemovedAt = time.Time{}
	return p, s.Store.InTx(ctx, actor.Customer, func(tx *store.Tx) error { return tx.ResumePass(ctx, p.OrderID) })
}

// newPass tries the site's routers until one sees the device.
func (s *Service) newPass(ctx context.Context, o order.Order, site catalog.Site, h order.Hints) (store.Pass, error) {
	routers, err := s.Store.RoutersOf(ctx, site.ID)
	if err != nil {
		return store.Pass{}, err
	}
	err = hotspot.ErrNotSeen
	for _, r := range routers {
		var p store.Pass
		p, err = s.passOn(ctx, o, site, r, h)
		if err == nil || (!errors.Is(err, hotspot.ErrNotSeen) && !fault.Is(err, fault.Unavailable)) {
			return p, err
		}
	}
	return store.Pass{}, err
}

func (s *Service) passOn(ctx context.Context, o order.Order, site catalog.Site, r catalog.Router, h order.Hints) (store.Pass, error) {
	now := s.Clock.Now()
	p := store.Pass{OrderID: o.ID, SiteID: site.ID, RouterID: r.ID, MAC: h.MAC, Phone: o.Phone, Username: hotspot.PassPrefix + strings.ToLower(string(o.Code)),
		StartedAt: now, EndsAt: now.Add(site.Portal.Pass.Duration)}
	err := s.Store.InTx(ctx, actor.Customer, func(tx *store.Tx) error {
		if err := tx.LockPasses(ctx, site.ID); err != nil {
			return err
		}
		if err := s.passAllowed(ctx, tx, p, site.Portal.Pass.PerRouter); err != nil {
			return err
		}
		fresh, err := tx.InsertPass(ctx, p)
		if err == nil && !fresh {
			return fault.New(fault.Conflict, "pass.used")
		}
		return err
	})
	if err != nil {
		return p, err
	}
	if err := s.give(ctx, r, s.passOf(o, p, h, site.Portal.Pass), p); err != nil {
		if !fault.Is(err, fault.Unknown) && !errors.Is(err, order.ErrNotPending) { // certainly not given: it does not count
			err = s.dropPass(ctx, o.ID, err)
		}
		return p, fmt.Errorf("grant pass of order %s: %w", o.ID, err)
	}
	return p, s.Store.InTx(ctx, actor.Customer, func(tx *store.Tx) error {
		tx.Audit("pass.grant", "order:"+string(o.ID), map[string]any{"router": r.ID, "minutes": int(site.Portal.Pass.Duration.Minutes())})
		tx.AfterCommit(func() { s.ledger.Announce(o.ID) })
		return nil
	})
}

// give has the router create the pass and records it. Of two parallel requests one may
// fail and drop the row of the other. A voucher activated during the call found no pass
// to end, so the pass is ended here.
func (s *Service) give(ctx context.Context, r catalog.Router, p hotspot.Pass, noted store.Pass) error {
	if err := s.Hotspot.GrantPass(ctx, r.Router, p); err != nil {
		return err
	}
	var now store.Pass
	var o order.Order
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) (err error) {
		if err = tx.GivePass(ctx, noted); err != nil {
			return err
		}
		if now, _, err = tx.Pass(ctx, noted.OrderID); err == nil {
			o, err = tx.Order(ctx, noted.OrderID)
		}
		return err
	})
	if err != nil || (now.RemovedAt.IsZero() && o.Status != order.Activated) {
		return err
	}
	if err := s.Hotspot.RevokePass(ctx, r.Router, p.Name); err != nil {
		return err
	}
	if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.PassRemoved(ctx, noted.OrderID) }); err != nil {
		return err
	}
	return order.ErrNotPending
}

// dropPass has a pass that was not given count for nothing.
func (s *Service) dropPass(ctx context.Context, id order.ID, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.DropPass(ctx, id) }); err != nil {
		return fmt.Errorf("%w, then: %w", cause, err)
	}
	return cause
}

// passAllowed counts what was given before.
func (s *Service) passAllowed(ctx context.Context, tx *store.Tx, p store.Pass, perRouter int) error {
	day := p.StartedAt.Add(-passMemory)
	device, err := tx.PassesOfDevice(ctx, p.MAC, day)
	if err != nil {
		return err
	}
	phone, err := tx.PassesOfPhone(ctx, p.Phone, day)
	if err != nil {
		return err
	}
	device, phone = begun(device, p.StartedAt), begun(phone, p.StartedAt)
	// Device and number are what a browser wrote: a neighbour's may have been
	// named. Beyond their limit they get what the router has to spare.
	var spare time.Duration
	if len(device) > 0 && p.StartedAt.Sub(device[0].EndsAt) < passCooldown {
		spare = passCooldown - p.StartedAt.Sub(device[0].EndsAt)
	}
	if len(device) >= passesPerDay || len(phone) >= passesPerDay {
		spare = passMemory
	}
	recent, err := tx.PassesOfRouter(ctx, p.RouterID, p.StartedAt.Add(-time.Hour))
	if err != nil {
		return err
	}
	recent = begun(recent, p.StartedAt)
	live := 0
	for _, other := range recent {
		if other.RemovedAt.IsZero() && other.EndsAt.After(p.StartedAt) {
			live++
		}
	}
	hourly := min(perRouter*passesPerHour, 100)
	if live >= perRouter || len(recent) >= hourly {
		return fault.TooOften("pass.full", time.Minute)
	}
	if spare > 0 && (2*live >= perRouter || 2*len(recent) >= hourly) {
		return fault.TooOften("pass.device", spare)
	}
	return nil
}

// begun leaves out the passes that a clock wrote which was ahead: they would
// count for as long as it was.
func begun(all []store.Pass, now time.Time) []store.Pass {
	return slices.DeleteFunc(all, func(p store.Pass) bool { return p.StartedAt.After(now.Add(clock.Skew)) })
}

// passOf describes a pass as the router must know it. The password follows
// from the order, so that asking again finds the same user.
func (s *Service) passOf(o order.Order, p store.Pass, h order.Hints, rules catalog.PassRules) hotspot.Pass {
	return hotspot.Pass{Name: p.Username, Password: hex.EncodeToString(s.Keys.MACs("pass", string(o.ID))[0][:8]), OrderMark: ledger.OrderMark + string(o.Code),
		Device: hotspot.Device{MAC: h.MAC, IP: h.IP}, Duration: rules.Duration, EndsAt: p.EndsAt, RateLimit: rules.RateLimit,
		LimitBytes: rules.DataLimit, PerRouter: rules.PerRouter}
}

// endPass takes an order's pass back, because its voucher takes over.
func (s *Service) endPass(ctx context.Context, id order.ID) error {
	p, found, err := s.Store.Pass(ctx, id)
	if err != nil || !found || !p.RemovedAt.IsZero() {
		return err
	}
	r, err := s.Store.Router(ctx, p.RouterID)
	if err != nil {
		return err
	}
	if err := s.Hotspot.RevokePass(ctx, r.Router, p.Username); err != nil {
		return fmt.Errorf("end pass of order %s: %w", id, err)
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.PassRemoved(ctx, id) })
}

// endPassesOf takes back the passes that a device holds on a router. The
// router has just said that the device is there and busy. Without such a pass
// it returns the error it was given.
func (s *Service) endPassesOf(ctx context.Context, routerID, mac string, busy error) (ended bool, err error) {
	now := s.Clock.Now()
	held, err := s.Store.PassesOfDevice(ctx, mac, now.Add(-catalog.MaxPass))
	if err != nil {
		return false, err
	}
	for _, p := range held {
		if p.RouterID == routerID && p.RemovedAt.IsZero() && p.EndsAt.After(now) {
			if err := s.endPass(ctx, p.OrderID); err != nil {
				return false, err
			}
			ended = true
		}
	}
	return ended, busy
}

// EndPassJob is endPass after activation. It gives up early: the router ends the pass
// at its time in any case.
func (s *Service) EndPassJob(ctx context.Context, j jobs.Job) error {
	err := s.endPass(ctx, order.ID(j.Subject))
	if err != nil && j.Snoozes < 3 {
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, time.Second, 4*time.Second), Err: err}
	}
	if err != nil {
		return &jobs.Give{Err: err}
	}
	return nil
}

// SweepPasses removes what ended passes left on a router. Passes end without us:
// the router does that; this is the tidying, and it works after any death of ours.
func (s *Service) SweepPasses(ctx context.Context, r catalog.Router, _ hotspot.Health) error {
	const pace = time.Minute
	if _, ok := s.Cache.Acquire(ctx, "router:passes:"+r.ID, pace); !ok {
		return nil // the lease is left to run out: it is the pace
	}
	if !s.ledger.Ends(ctx) {
		return nil
	}
	now := s.Clock.Now()
	if n, err := s.Hotspot.SweepPasses(ctx, r.Router, now); err != nil || n > 0 {
		return err // it sweeps a handful at a time: only when it finds none are there none
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.PassesSwept(ctx, r.ID, now); err != nil {
			return err
		}
		return tx.ErasePasses(ctx, r.ID, now.Add(-passMemory))
	})
}
