package vouchers

import (
	"context"
	"slices"
	"strings"
	"time"

	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// jobsAhead is how far ahead jobs are looked for that are about to change a router: none
// waits longer for a try, and what ends at its own time lies further ahead.
const jobsAhead = 10 * time.Minute

// seen is what a round read: first the books, then the jobs on their way, then the router.
// In this order a user that the books have and the router has not is gone, and no job was
// about to bring it.
type seen struct {
	rows     []store.ReviewRow
	byName   map[string]int
	keys     []uint64
	there    []bool
	jobs     []jobs.Job
	users    map[string]hotspot.Listed // rows to be looked at
	begun    map[string]hotspot.Found  // those online before their voucher began
	roll     hotspot.Roll
	count    int
	rebooted bool
}

// suspect is a voucher whose user is not known to be right.
type suspect struct {
	store.Voucher
	facts voucher.Facts
	user  hotspot.User
	want  voucher.Want
	found *hotspot.Found
	diffs []voucher.Difference
	quiet bool // it is our own doing that it differs

	claimed bool          // a person said that the row of its name is it
	changed hotspot.Parts // by corrections
	added   bool
	err     error
}

func (x *suspect) know(f voucher.Facts, now time.Time) {
	x.facts = f
	x.user, x.want = voucher.Wanted(f, now)
	x.user.Claimed = x.claimed
}

// keptOutFor reports whether the voucher was to be disabled for longer than is left to the
// job that sees to it.
func (x *suspect) keptOutFor(now time.Time) bool {
	switch {
	case x.State.Ended():
		return !clock.Within(x.EndedAt, now, ownTime)
	case x.facts.Suspended():
		return !clock.Within(x.SuspendedAt, now, ownTime)
	}
	return false
}

// ofBatch reports whether its batch makes it again where its router lost it.
func (x *suspect) ofBatch() bool { return x.OrderID == "" && x.MovedAt.IsZero() }

// mayBePaidFor reports whether something differs that an extension changes, or that is
// written with it.
func (x *suspect) mayBePaidFor() bool {
	return slices.ContainsFunc(x.diffs, func(d voucher.Difference) bool {
		return d == voucher.DiffLimits || d == voucher.DiffProfile || d == voucher.DiffBound || d == voucher.DiffComment
	})
}

func (x *suspect) has(d voucher.Difference) bool {
	return len(x.diffs) > 0 && x.diffs[0] == d
}

func (v *review) read(ctx context.Context) (*seen, error) {
	s := &seen{byName: map[string]int{}, users: map[string]hotspot.Listed{}, begun: map[string]hotspot.Found{}}
	var err error
	if s.rows, err = v.Store.ReviewRows(ctx, v.router.ID); err != nil {
		return nil, err
	}
	s.keys, s.there = make([]uint64, len(s.rows)), make([]bool, len(s.rows))
	now := v.began.UnixMilli()
	for i, x := range s.rows {
		s.byName[x.Username] = i
		s.keys[i] = keyOf(x, x.ValidUntil > 0 && x.ValidUntil <= now, v.ending[x.OrderID])
	}
	if s.jobs, err = v.Store.JobsOn(ctx, []string{jobs.RouterQueue(v.router.ID), jobs.BulkQueue(v.router.ID)}, v.began.Add(jobsAhead)); err != nil {
		return nil, err
	}
	present := make(map[string]bool, len(v.roster.rows))
	use := make(map[string]voucher.Use, len(s.rows))
	roll, err := v.Hotspot.ListUsers(ctx, v.router.Router, func(b hotspot.Brief) bool {
		s.count++
		known := v.roster.rows[b.Name]
		present[b.Name] = true
		if i, ours := s.byName[b.Name]; ours {
			s.there[i] = true
			use[b.Name] = voucher.Use{Uptime: b.Uptime, Bytes: b.Bytes}
			return unnoted(s.rows[i], b.Uptime) || known.digest != b.Digest || known.key != s.keys[i]
		}
		if strings.HasPrefix(b.Name, hotspot.PassPrefix) {
			return false
		}
		return known.digest != b.Digest || known.key > keyEnded
	})
	if err != nil {
		return nil, err
	}
	v.roster.counted(use)
	for name := range v.roster.rows {
		if !present[name] {
			delete(v.roster.rows, name)
		}
	}
	for _, u := range roll.Users {
		s.users[u.Name] = u
		if i, ours := s.byName[u.Name]; ours && unnoted(s.rows[i], u.Uptime) {
			s.begun[u.Name] = u.Found
		}
	}
	s.roll = roll
	v.roster.held = v.roster.held || roll.Ends == hotspot.SchedulerOn
	s.rebooted = roll.Up < recentBoot || !v.last.At.IsZero() && v.began.Add(-roll.Up).After(v.last.At)
	return s, nil
}

// unnoted reports whether a user was online whose voucher has not begun.
func unnoted(x store.ReviewRow, uptime time.Duration) bool {
	return x.State != voucher.Active && uptime > 0
}

// gone reports whether the router should have a user that it has not.
func (s *seen) gone(i int, now time.Time) bool {
	x := s.rows[i]
	return !s.there[i] && !x.Unmade && !x.Off && (x.ValidUntil == 0 || x.ValidUntil > now.UnixMilli())
}

// compare looks at every row that is not known to be right, with all that the books say, and
// remembers those that are.
func (v *review) compare(ctx context.Context, s *seen) ([]*suspect, error) {
	var ids, unknown []string
	for i, x := range s.rows {
		if _, changed := s.users[x.Username]; changed || s.gone(i, v.began) {
			ids = append(ids, x.ID)
		}
	}
	for name := range s.users {
		if _, ours := s.byName[name]; !ours {
			unknown = append(unknown, name)
		}
	}
	all, err := v.Store.VouchersOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	ended, err := v.Store.VouchersNamed(ctx, v.router.ID, unknown)
	if err != nil {
		return nil, err
	}
	if err := v.strangers(ctx, s, unknown, ended); err != nil {
		return nil, err
	}
	for _, x := range ended {
		if x.RouterID == v.router.ID {
			all = append(all, x)
		} else if err := v.letGo(ctx, x, s.users[x.Username]); err != nil {
			return nil, err
		}
	}
	facts, err := v.factsOf(ctx, all)
	if err != nil {
		return nil, err
	}
	var out []*suspect
	for i, row := range all {
		x := &suspect{Voucher: row}
		x.know(facts[i], v.began)
		v.roster.bounded = v.roster.bounded || x.want == voucher.WantEnabled && !x.user.Bound.Zero()
		u, there := s.users[row.Username]
		if there {
			x.found = &u.Found
		}
		if x.diffs = voucher.Compare(x.user, x.want, x.found); len(x.diffs) > 0 {
			out = append(out, x)
		} else if there {
			v.remember(s, x, u)
		}
	}
	return out, nil
}

// remember keeps that a row is as it should be, unless the books changed while it was read.
func (v *review) remember(s *seen, x *suspect, u hotspot.Listed) {
	i, listed := s.byName[x.Username]
	switch {
	case listed && !x.State.Ended():
		v.roster.rows[x.Username] = seenRow{digest: u.Digest, key: s.keys[i]}
	case !listed && x.State.Ended():
		v.roster.rows[x.Username] = seenRow{digest: u.Digest, key: keyEnded, ended: x.EndedAt.UnixMilli()}
	}
}

// strangers sorts out rows that no voucher of this router has: those with a mark of ours are
// compared with orders, the others are not looked at again until they change.
func (v *review) strangers(ctx context.Context, s *seen, unknown []string, ours []store.Voucher) error {
	known := make(map[string]bool, len(ours))
	for _, x := range ours {
		known[x.Username] = true
	}
	var marked []hotspot.Found
	for _, name := range unknown {
		u := s.users[name]
		switch {
		case known[name]:
		case strings.Contains(u.Comment, "-"+ledger.OrderMark):
			marked = append(marked, u.Found)
		default:
			v.roster.rows[name] = seenRow{digest: u.Digest, key: keyStranger}
		}
	}
	return v.routers.ListOrphans(ctx, v.router, marked)
}

// busy lists what jobs on their way are about: orders, vouchers and batches.
func (v *review) busy(ctx context.Context, s *seen) (map[string]bool, error) {
	out := map[string]bool{}
	for _, j := range s.jobs {
		id := order.ID(j.Subject)
		switch j.Kind {
		case jobs.RefundStop:
			f, err := v.Store.Refund(ctx, j.Subject)
			if err != nil {
				return nil, err
			}
			id = f.OrderID
		case jobs.OrderActivate, jobs.VoucherExpire:
		default:
			out[j.Subject] = true
			continue
		}
		out[string(id)] = true
		o, err := v.Store.Order(ctx, id)
		if err != nil {
			return nil, err
		}
		if o.Extends != "" { // the voucher is that of the order which it extends
			out[string(o.Extends)] = true
		}
	}
	return out, nil
}
