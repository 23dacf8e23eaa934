package voucher

import (
	"time"

	"gerai/internal/hotspot"
)

// Use is what routers counted of a voucher.
type Use struct {
	Uptime time.Duration
	Bytes  int64 // up and down together
}

// Plus adds up.
func (u Use) Plus(x Use) Use { return Use{u.Uptime + x.Uptime, u.Bytes + x.Bytes} }

// AtLeast is the greater count of each.
func (u Use) AtLeast(x Use) Use { return Use{max(u.Uptime, x.Uptime), max(u.Bytes, x.Bytes)} }

// Less takes away, down to nothing.
func (u Use) Less(x Use) Use { return Use{max(0, u.Uptime-x.Uptime), max(0, u.Bytes-x.Bytes)} }

// UsedBefore is what other routers had counted of a voucher when one was given it, as the
// limits of its user tell, beside what the books know of that.
func UsedBefore(f Facts, u hotspot.Found) (used Use) {
	sum := f.Allowance()
	if sum.UptimeLimit > 0 && u.LimitUptime > 0 && (sum.Validity == 0 || sum.UptimeLimit <= sum.Validity) { // else its end limits it
		used.Uptime = sum.UptimeLimit - u.LimitUptime
	}
	if sum.DataLimit > 0 && u.LimitBytes > 0 {
		used.Bytes = sum.DataLimit - u.LimitBytes
	}
	return used.Less(f.Carried)
}
