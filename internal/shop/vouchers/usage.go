package vouchers

import (
	"context"
	"sync"
	"time"

	"gerai/internal/admission"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// usages remembers what routers said about vouchers whose page is open. No
// page waits for a router longer than usageWait: what comes later is there at
// the next look.
type usages struct {
	mu   sync.Mutex
	seen map[string]*usage // by voucher id
}

type usage struct {
	Used
	asked time.Time
	done  chan struct{} // closed when the answer, or none, has come
}

// Used is what a router said about a voucher, and when.
type Used struct {
	hotspot.Usage
	At      time.Time // zero: nothing is known
	refused bool      // the router let a device in no more for it
}

// UsedUp reports whether the voucher's online time or data is used up, as far
// as its router has told.
func (u Used) UsedUp() bool { return u.refused || !u.At.IsZero() && u.Usage.UsedUp() }

const (
	usageLife  = 15 * time.Second
	usageWait  = 300 * time.Millisecond
	usageLimit = 8 * time.Second
	mostUsages = 2048
)

// UsageOf returns what is known of a voucher's use. Its router is asked if that is old, and
// waited for no longer than usageWait, and without the place of an admitted act.
func (s *Service) UsageOf(ctx context.Context, v store.Voucher) Used {
	id, now := v.ID, s.Clock.Now()
	s.usages.mu.Lock()
	u := s.usages.seen[id]
	if u == nil || now.Sub(u.asked) >= usageLife || now.Before(u.asked) {
		next := &usage{asked: now, done: make(chan struct{})}
		if u != nil {
			next.Used = u.Used
		}
		if s.usages.seen == nil || len(s.usages.seen) >= mostUsages {
			s.usages.seen = map[string]*usage{}
		}
		s.usages.seen[id], u = next, next
		go s.askUsage(v, next)
	}
	s.usages.mu.Unlock()
	select {
	case <-u.done:
	default:
		admission.Aside(ctx, func() {
			patience := time.NewTimer(usageWait)
			defer patience.Stop()
			select {
			case <-u.done:
			case <-patience.C:
			}
		})
	}
	s.usages.mu.Lock()
	defer s.usages.mu.Unlock()
	return u.Used
}

func (s *Service) askUsage(v store.Voucher, into *usage) {
	defer close(into.done)
	ctx, cancel := context.WithTimeout(context.Background(), usageLimit)
	defer cancel()
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		s.Log.WarnContext(ctx, "usage not read", "voucher", v.ID, "error", err)
		return
	}
	answer, err := s.Hotspot.Usage(ctx, r.Router, v.Username)
	if err != nil {
		s.Log.DebugContext(ctx, "usage not read", "voucher", v.ID, "error", err)
		return
	}
	// People read what was used altogether, wherever the voucher was before.
	answer.Uptime, answer.Bytes = answer.Uptime+v.Carried.Uptime, answer.Bytes+v.Carried.Bytes
	if answer.LimitUptime > 0 {
		answer.LimitUptime += v.Carried.Uptime
	}
	if answer.LimitBytes > 0 {
		answer.LimitBytes += v.Carried.Bytes
	}
	s.usages.mu.Lock()
	defer s.usages.mu.Unlock()
	into.Used = Used{Usage: answer, At: s.Clock.Now()}
}

// noteUnused remembers that nothing is used of a voucher whose user its router was just given, so
// that the page which shows it asks no router.
func (s *Service) noteUnused(id string, u hotspot.User) {
	known := make(chan struct{})
	close(known)
	now := s.Clock.Now()
	s.usages.mu.Lock()
	defer s.usages.mu.Unlock()
	if s.usages.seen == nil || len(s.usages.seen) >= mostUsages {
		s.usages.seen = map[string]*usage{}
	}
	s.usages.seen[id] = &usage{asked: now, done: known, Used: Used{Usage: hotspot.Usage{LimitUptime: u.LimitFor(0).Truncate(time.Second), LimitBytes: u.LimitBytes}, At: now}}
}

// KnownUsedUp reports whether a voucher is used up as far as this process has
// been told; no router is asked, so that a list of vouchers waits for none.
func (s *Service) KnownUsedUp(id string) bool {
	s.usages.mu.Lock()
	defer s.usages.mu.Unlock()
	u := s.usages.seen[id]
	return u != nil && u.UsedUp()
}

// refusedUse remembers that a router refused a device because the voucher is used
// up, until the router is asked for figures again.
func (s *Service) refusedUse(id string) {
	known := make(chan struct{})
	close(known)
	s.usages.mu.Lock()
	defer s.usages.mu.Unlock()
	u := &usage{asked: s.Clock.Now(), done: known, Used: Used{refused: true}}
	if old := s.usages.seen[id]; old != nil {
		u.Used.Usage, u.At = old.Usage, old.At
	}
	if s.usages.seen == nil {
		s.usages.seen = map[string]*usage{}
	}
	s.usages.seen[id] = u
}

func (s *Service) dropUsage(id string) {
	s.usages.mu.Lock()
	defer s.usages.mu.Unlock()
	delete(s.usages.seen, id)
}
