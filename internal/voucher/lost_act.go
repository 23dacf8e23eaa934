package voucher

import (
	"time"

	"gerai/internal/hotspot"
)

// LostAct is an act of staff that a router's user tells of, and that the books of a shop which
// was restored from a backup have forgotten.
type LostAct string

const (
	// NoAct: the user is as the books say, or differs in a way that no act explains.
	NoAct LostAct = ""
	// ActOff: it is kept out, though the books let it in.
	ActOff LostAct = "off"
	// ActOn: it is let in, though the books keep it out.
	ActOn LostAct = "on"
	// ActMore: it has more time or data than the books know.
	ActMore LostAct = "more"
	// ActMoved: another router has it as well, or alone.
	ActMoved LostAct = "moved"
)

// actSlack is by how much an end on a router may be later than the books' without an act: a
// sale that was made again counts from its payment, the router's end from its delivery.
const actSlack = 2 * time.Minute

// LostActOf says what act a user tells of, and what was added to it. A switch that its router
// had yet to hear of when the backup was taken is none; nor is an end by the router itself,
// which takes its bound away.
func LostActOf(f Facts, found hotspot.Found, now time.Time) (LostAct, Grant) {
	u, want := Wanted(f, now)
	if !u.Owns(found) || f.Refunded || f.MoneyGone || f.NeverMade() {
		return NoAct, Grant{}
	}
	more := f.moreThan(u, found, now)
	keptOut := f.State == Disabled || f.Suspended()
	switch {
	case keptOut && !found.Disabled && !f.OffAt.IsZero():
		return ActOn, more
	case keptOut, f.State == Expired:
		return NoAct, Grant{}
	case want == WantEnabled && found.Disabled && f.OffAt.IsZero() && (u.Bound.Zero() || !found.Bound.Zero()):
		return ActOff, more
	case !found.Disabled && more != (Grant{}):
		return ActMore, more
	}
	return NoAct, Grant{}
}

// moreThan is what a user of a router has beyond what the books want.
func (f Facts) moreThan(u hotspot.User, found hotspot.Found, now time.Time) (more Grant) {
	switch b := found.Bound; {
	case u.Bound.EndsAt > 0 && b.EndsAt > 0:
		more.Validity = time.Duration(b.EndsAt-u.Bound.EndsAt) * time.Second
	case u.Bound.After > 0 && b.After > 0:
		more.Validity = b.After - u.Bound.After
	}
	if more.Validity <= actSlack {
		more.Validity = 0
	}
	sum := f.Allowance()
	if most, _ := f.online(now); sum.UptimeLimit > 0 && most == left(sum.UptimeLimit, f.Carried.Uptime, time.Second) && found.LimitUptime > most+time.Second {
		more.Uptime = found.LimitUptime - most
	}
	if u.LimitBytes > 0 && found.LimitBytes > u.LimitBytes {
		more.Data = found.LimitBytes - u.LimitBytes
	}
	return more
}
