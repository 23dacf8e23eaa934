package storefront

import (
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// pass is what the paying page says about internet to pay with: nil where the
// hotspot gives none.
func pass(p templates.OrderPage, v orders.View) *templates.Pass {
	if !v.PassRules.On || !p.Paying() {
		return nil
	}
	out := &templates.Pass{State: templates.PassReady, Duration: v.PassRules.Duration, Data: v.PassRules.DataLimit, Until: v.Pass.EndsAt}
	here := func(mac, ip string) bool { return mac != "" && ip != "" }
	switch {
	case v.Pass.EndsAt.IsZero() && !here(p.Hints.MAC, p.Hints.IP) && !here(v.Order.Hints.MAC, v.Order.Hints.IP):
		out.State = templates.PassElsewhere
	case v.Pass.EndsAt.IsZero():
	case v.Pass.RemovedAt.IsZero() && v.Pass.EndsAt.After(v.Now):
		out.State = templates.PassRunning
	default:
		out.State = templates.PassUsed
	}
	return out
}

// use is what is left of a voucher, as far as its router has told. No time
// left is longer than until the voucher's end.
func use(v orders.View) *templates.Use {
	u, allowed, until := v.Used, v.Allowed, validUntil(v)
	out := &templates.Use{At: u.At}
	known := !u.At.IsZero()
	if allowed.UptimeLimit > 0 && known {
		out.Uptime = max(0, allowed.UptimeLimit-u.Uptime)
	}
	if !until.IsZero() {
		out.Left = max(0, until.Sub(v.Now))
		out.Uptime = min(out.Uptime, out.Left)
	}
	if known && allowed.DataLimit > 0 {
		out.Data = max(0, allowed.DataLimit-u.Bytes)
	}
	for _, s := range u.Sessions {
		out.Devices = append(out.Devices, masked(s.MAC))
	}
	return out
}

// masked keeps the end of a hardware address: enough to tell one's own
// devices apart, too little to find one.
func masked(mac string) string {
	if len(mac) != len("AA:BB:CC:DD:EE:FF") {
		return "…"
	}
	return "…" + mac[len("AA:BB:CC:DD"):]
}
