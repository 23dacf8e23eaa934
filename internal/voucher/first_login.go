package voucher

import (
	"time"

	"gerai/internal/hotspot"
)

// noteSlack is by how much what a router noted of a first login may contradict the rest:
// its clock, and the moment between the login and the note.
const noteSlack = 3 * time.Minute

// FirstLoginOf is the first login of a voucher whose online time its router has counted while
// the shop did not read its sessions. The router's scheduler may have noted the end that follows from it;
// that is believed where its clock is right and the counters allow it. since is when the
// voucher was last seen unused. Otherwise it is the latest login by which the devices could
// have been online for so long, now where it is not known how many may be at once: what is not
// known is decided for the customer.
func FirstLoginOf(f Facts, found hotspot.Found, now, since time.Time, clockRight bool) time.Time {
	sum := f.Allowance()
	latest := now
	if devices := f.devices(); devices > 0 {
		latest = now.Add(-found.Uptime / time.Duration(devices))
	}
	if found.Bound.EndsAt == 0 || sum.Validity == 0 || !f.CountsFromLogin() || !clockRight {
		return latest
	}
	noted := time.Unix(found.Bound.EndsAt, 0).UTC().Add(-sum.Validity)
	if f.SoldAt.After(since) {
		since = f.SoldAt
	}
	if noted.Before(since.Add(-noteSlack)) || noted.After(latest.Add(noteSlack)) {
		return latest
	}
	if noted.After(now) {
		return now
	}
	return noted
}
