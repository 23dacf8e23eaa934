package vouchers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// Reasons why a difference stays, as they are noted; others are codes of router faults.
const (
	leftRemoved  = "removed"  // it may have been wanted
	leftRepeated = "repeated" // it comes back after each correction
	leftOpen     = "open"     // the recovery after a restore asks what is right
)

// ownTime is how long a difference is left to the job that is about to end it.
const ownTime = time.Minute

// outcome is what one review found, and what became of it.
type outcome struct {
	was, corrected map[voucher.Difference]int
	left           map[string]store.UserDifference // by voucher id
	fixed          []*suspect
	remade         map[string][]string // vouchers by batch whose job makes them again
	waits          error               // why a part is left to the next round
	lost           bool                // users that a reboot lost are among that
}

func (o *outcome) unfinished() bool { return o.waits != nil && o.lost }

func (o *outcome) found() bool { return len(o.was) > 0 }

func (o *outcome) add(x *suspect, diffs []voucher.Difference, corrected bool) {
	for _, d := range diffs {
		o.was[d]++
		if corrected {
			o.corrected[d]++
		}
	}
	if corrected {
		o.fixed = append(o.fixed, x)
	}
}

func (o *outcome) leave(x *suspect, why string) {
	o.add(x, x.diffs, false)
	o.left[x.ID] = store.UserDifference{VoucherID: x.ID, RouterID: x.RouterID, Kinds: kinds(x.diffs), Why: why}
}

// settle decides about each difference and corrects what is ours to correct.
func (v *review) settle(ctx context.Context, s *seen, suspects []*suspect) error {
	v.outcome = outcome{was: map[voucher.Difference]int{}, corrected: map[voucher.Difference]int{}, left: map[string]store.UserDifference{}, remade: map[string][]string{}}
	if len(suspects) == 0 {
		return nil
	}
	busy, err := v.busy(ctx, s)
	if err != nil {
		return err
	}
	var now []*suspect
	for _, x := range suspects {
		if !v.all && v.open.of(x, v) {
			v.outcome.leave(x, leftOpen)
			continue
		}
		if busy[x.ID] || x.OrderID != "" && busy[string(x.OrderID)] || x.BatchID != "" && busy[x.BatchID] {
			// The job does it. Where it has not for a while, who ended is kept out all the same.
			if x.quiet = true; x.has(voucher.DiffEnabled) && x.keptOutFor(v.began) && v.ledger.MayKeepOut() {
				now = append(now, x)
			}
			continue
		}
		if x.mayBePaidFor() && !v.ledger.MayKeepOut() {
			x.quiet = true // an extension may be unknown that the router knows of
			continue
		}
		if !v.all && !v.ledger.MayKeepOut() && v.forgotten(ctx, x) {
			x.quiet = true // the recovery asks a person
			continue
		}
		x.quiet = v.expected(x)
		switch {
		case x.has(voucher.DiffEnabled):
			if v.ledger.MayKeepOut() {
				now = append(now, x)
			}
		case x.has(voucher.DiffTaken):
			v.outcome.leave(x, hotspot.ErrNameTaken.Code)
		case x.has(voucher.DiffMissing) && !s.rebooted && !v.all:
			v.outcome.leave(x, leftRemoved)
		case v.roster.tired(x.ID, v.began) && !v.all:
			v.outcome.leave(x, leftRepeated)
		case x.has(voucher.DiffMissing) && x.ofBatch():
			v.outcome.remade[x.BatchID] = append(v.outcome.remade[x.BatchID], x.ID)
			v.outcome.add(x, x.diffs, true)
		default:
			now = append(now, x)
		}
	}
	for id, vouchers := range v.outcome.remade {
		if err := v.remake(ctx, id, vouchers); err != nil {
			return err
		}
	}
	if err := v.correct(ctx, now); err != nil {
		return err
	}
	for _, x := range now {
		v.judge(x)
	}
	return nil
}

// judge files what became of one correction.
func (v *review) judge(x *suspect) {
	var done []voucher.Difference
	switch {
	case x.added:
		done = []voucher.Difference{voucher.DiffMissing}
	case x.want == voucher.WantDisabled && x.changed != 0:
		done = []voucher.Difference{voucher.DiffEnabled}
	case x.want == voucher.WantEnabled:
		if slices.Contains(x.diffs, voucher.DiffPassword) { // it was written, though one row alone may not show that it is empty
			x.changed |= hotspot.PartPassword
		}
		done = voucher.OfParts(x.changed)
	}
	if len(done) > 0 && x.err == nil {
		v.roster.corrected(x.ID, v.began)
		v.dropUsage(x.ID)
		if !x.quiet {
			x.diffs = done
			v.outcome.add(x, done, true)
		}
		return
	}
	if x.err == nil || x.quiet {
		return // it was put right before we came to it, or is our job's
	}
	if !fault.MayPass(x.err) {
		v.outcome.leave(x, fault.CodeOf(x.err))
		return
	}
	v.outcome.add(x, x.diffs, false)
	v.outcome.waits = x.err
	v.outcome.lost = v.outcome.lost || x.has(voucher.DiffMissing)
}

// correct has the router hold what is wanted, and looks at the books again afterwards: of a
// sale, an end or a person's act in between, and a correction, the books win whichever the
// router heard last.
func (v *review) correct(ctx context.Context, all []*suspect) error {
	until := clock.Elapsed(v.Clock) + reviewTime
	left := all
	for range ledger.Tries {
		if len(left) == 0 {
			return nil
		}
		var again, done []*suspect
		for _, group := range byServer(left) {
			for i, got := range v.Hotspot.CorrectUsers(ctx, v.on(group[0].facts), corrections(group, v.all)) {
				x := group[i]
				if x.err = got.Err; x.err != nil {
					if errors.Is(got.Err, hotspot.ErrBusy) && !v.onePass && clock.Elapsed(v.Clock) < until {
						again = append(again, x)
					}
					continue
				}
				x.added, x.changed = x.added || got.Added, x.changed|got.Changed
				done = append(done, x)
			}
		}
		changed, err := v.changed(ctx, done)
		if err != nil {
			return err
		}
		left = slices.Concat(again, changed)
	}
	return nil
}

// changed are those of which the books want something else by now.
func (v *review) changed(ctx context.Context, done []*suspect) (out []*suspect, err error) {
	ids := make([]string, len(done))
	for i, x := range done {
		ids[i] = x.ID
	}
	rows, err := v.Store.VouchersOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	facts, err := v.factsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(rows))
	for i, row := range rows {
		at[row.ID] = i
	}
	for _, x := range done {
		i, there := at[x.ID]
		if !there {
			continue
		}
		u, want := voucher.Wanted(facts[i], v.Clock.Now())
		u.Claimed = x.claimed
		if u.Same(x.user) && want == x.want {
			continue
		}
		x.Voucher = rows[i]
		if x.know(facts[i], v.Clock.Now()); x.want != voucher.WantNone {
			out = append(out, x)
		}
	}
	return out, nil
}

func corrections(group []*suspect, rewrite bool) []hotspot.Correction {
	out := make([]hotspot.Correction, len(group))
	for i, x := range group {
		out[i] = hotspot.Correction{User: x.user, Off: x.want == voucher.WantDisabled, Rewrite: rewrite || slices.Contains(x.diffs, voucher.DiffPassword)}
	}
	return out
}

// byServer groups by the hotspot server that a new user is made for.
func byServer(all []*suspect) [][]*suspect {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b *suspect) int { return cmp.Compare(a.facts.Server, b.facts.Server) })
	var out [][]*suspect
	for _, x := range all {
		if n := len(out); n > 0 && out[n-1][0].facts.Server == x.facts.Server {
			out[n-1] = append(out[n-1], x)
		} else {
			out = append(out, []*suspect{x})
		}
	}
	return out
}

// on is the router as a voucher's user is made on it.
func (v *review) on(f voucher.Facts) hotspot.Router {
	r := v.router.Router
	r.Server = cmp.Or(f.Server, r.Server)
	return r
}
