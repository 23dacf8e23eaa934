package voucher

import "time"

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
