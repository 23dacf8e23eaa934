package vouchers

import (
	"context"
	"slices"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/voucher"
)

// clockRight reports whether a router's clock may be believed: it agrees with ours, and
// nothing says that ours is wrong.
func (s *Service) clockRight(roll hotspot.Roll) bool {
	if roll.Time.IsZero() || roll.Skew.Abs() > hotspot.EndsSkew {
		return false
	}
	return s.Verifier == nil || s.Verifier.Verdict().State != clock.Disagreed
}

// onlyBound reports whether nothing but the bound differs, and the limit that goes with it.
func (x *suspect) onlyBound() bool {
	return !slices.ContainsFunc(x.diffs, func(d voucher.Difference) bool { return d != voucher.DiffBound && d != voucher.DiffLimits })
}

// expected reports whether a difference of bounds is our own doing: the first login was just
// noted, the router was never told of bounds, because an older version made its users, or the
// plan is for another number of devices than when they were made.
func (v *review) expected(x *suspect) bool {
	if x.found == nil || !x.onlyBound() {
		return false
	}
	return x.found.Bound.After > 0 && x.user.Bound.EndsAt > 0 || x.found.Bound.Zero() && !v.roster.held ||
		x.user.Bound.Covers(x.found.Bound) && x.found.LimitBytes == x.user.LimitBytes && x.facts.BoundOfOthers(x.found.LimitUptime, v.began)
}

// holdEnds enables the router's scheduler once every user has its bound, and disables it while
// the clocks disagree, as a router whose clock is ahead would end what was just paid for, and
// while a restored shop does not know all that was sold. A scheduler that was seen and is
// gone, and one that was altered, are counted as a difference.
func (v *review) holdEnds(ctx context.Context, s *seen) {
	r, o := v.roster, &v.outcome
	switch {
	case !v.ledger.MayKeepOut(), !v.clockRight(s.roll):
		if s.roll.Ends == "" || s.roll.Ends == hotspot.SchedulerMissing || s.roll.Ends == hotspot.SchedulerOff {
			return // one that is not as it should be may run as well
		}
		if _, err := v.Hotspot.HoldEnds(ctx, v.router.Router, false); err != nil {
			v.notHeld(ctx, err)
			return
		}
		if s.roll.Ends == hotspot.SchedulerAltered {
			o.was[voucher.DiffScheduler]++
			o.corrected[voucher.DiffScheduler]++
		}
		r.held = false
		return
	case s.roll.Ends == hotspot.SchedulerOn, !r.bounded:
		return
	case !r.held && s.roll.Ends == hotspot.SchedulerMissing && o.waits != nil:
		return // not all have their bounds yet
	}
	_, err := v.Hotspot.HoldEnds(ctx, v.router.Router, true)
	if err != nil && fault.MayPass(err) && !fault.Is(err, fault.Config) {
		v.notHeld(ctx, err) // the next round goes on
		return
	}
	if err != nil || r.held || s.roll.Ends == hotspot.SchedulerAltered {
		o.was[voucher.DiffScheduler]++
	}
	if err != nil {
		v.notHeld(ctx, err)
		return
	}
	if o.was[voucher.DiffScheduler] > 0 {
		o.corrected[voucher.DiffScheduler]++
	}
	r.held = true
}

func (v *review) notHeld(ctx context.Context, err error) {
	v.Log.WarnContext(ctx, "scheduler of ends not written", "router", v.router.ID, "failure", fault.CodeOf(err), "error", err)
}
