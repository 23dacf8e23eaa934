package voucher

import (
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
)

// Grant is time and data that staff add to a voucher without an order.
type Grant struct {
	Validity, Uptime time.Duration
	Data             int64 // bytes up and down together
}

// MostGranted bounds what one act adds.
var MostGranted = Grant{31 * 24 * time.Hour, 31 * 24 * time.Hour, 100_000_000_000}

// Plus adds up.
func (g Grant) Plus(x Grant) Grant {
	return Grant{g.Validity + x.Validity, g.Uptime + x.Uptime, g.Data + x.Data}
}

// On is an item with what was added to it. What it leaves unlimited stays so.
func (g Grant) On(i order.Item) order.Item {
	if i.Validity > 0 {
		i.Validity += g.Validity
	}
	if i.UptimeLimit > 0 {
		i.UptimeLimit += g.Uptime
	}
	if i.DataLimit > 0 {
		i.DataLimit += g.Data
	}
	return i
}

// Check says why a grant cannot be added to what a voucher may do altogether, or nil.
// Errors: Invalid at "validity", "uptime" or "data".
func (g Grant) Check(allowed order.Item) error {
	for _, part := range []struct {
		field            string
		added, has, most int64
	}{
		{"validity", int64(g.Validity), int64(allowed.Validity), int64(MostGranted.Validity)},
		{"uptime", int64(g.Uptime), int64(allowed.UptimeLimit), int64(MostGranted.Uptime)},
		{"data", g.Data, allowed.DataLimit, MostGranted.Data},
	} {
		switch {
		case part.added < 0 || part.added > part.most:
			return fault.AtField(part.field, "voucher.grant_most")
		case part.added > 0 && part.has == 0:
			return fault.AtField(part.field, "voucher.grant_unlimited")
		}
	}
	if g == (Grant{}) {
		return fault.AtField("validity", "voucher.grant_nothing")
	}
	return nil
}
