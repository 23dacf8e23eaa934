package routerossim

import (
	"net/netip"
	"strconv"
	"time"
)

// The values below change with time, so they are computed when read.

func sinceText(now time.Time, from string) string {
	return formatDur(max(0, now.Sub(milli(from))).Truncate(time.Second))
}

func liveUser(r *Router, x *row, get map[string]string) {
	get["uptime"] = formatDur(r.usedUptime(x).Truncate(time.Second))
}

func liveActive(r *Router, x *row, get map[string]string) {
	now := r.now()
	get["uptime"] = sinceText(now, x.f["#start"])
	get["idle-time"] = sinceText(now, x.f["#seen"])
	if at, _, ok := r.limitOf(x, nil); ok {
		get["session-time-left"] = formatDur(max(0, at.Sub(now)).Truncate(time.Second))
	}
	if u := r.tables[userPath].byID[x.f["#user"]]; u != nil {
		if v := u.f["comment"]; v != "" {
			get["comment"] = v
		}
	}
}

func liveHost(r *Router, x *row, get map[string]string) {
	now := r.now()
	get["uptime"] = sinceText(now, x.f["#start"])
	get["idle-time"] = sinceText(now, x.f["#seen"])
	if b := r.binding(x); b != nil {
		get["bypassed"] = strconv.FormatBool(b.f["type"] == "bypassed")
		if v := b.f["comment"]; v != "" {
			get["comment"] = v
		}
	}
}

func liveCookie(r *Router, x *row, get map[string]string) {
	get["expires-in"] = formatDur(max(0, milli(x.f["#expires"]).Sub(r.now())).Truncate(time.Second))
}

// binding is the first enabled ip-binding that fits a host.
func (r *Router) binding(host *row) *row {
	var hit *row
	r.tables[bindingPath].each(func(b *row) bool {
		fits := b.f["mac-address"] != "" || b.f["address"] != ""
		fits = fits && (b.f["mac-address"] == "" || b.f["mac-address"] == host.f["mac-address"])
		fits = fits && (b.f["address"] == "" || within(b.f["address"], host.f["address"]))
		fits = fits && (b.f["server"] == "" || b.f["server"] == "all" || b.f["server"] == host.f["server"])
		if fits && b.f["disabled"] != "true" {
			hit = b
		}
		return hit == nil
	})
	return hit
}

func within(list, ip string) bool {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	if p, err := netip.ParsePrefix(list); err == nil {
		return p.Contains(a)
	}
	return list == ip
}

// makeBinding turns a host into an ip-binding.
func makeBinding(c *call) error {
	if err := c.only(".id", "numbers", "type", "comment"); err != nil {
		return err
	}
	kind, err := c.r.convert(menus[bindingPath].byName["type"], or(c.args["type"], "regular"))
	if err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	for _, host := range rows {
		f := map[string]string{"mac-address": host.f["mac-address"], "address": host.f["address"],
			"to-address": host.f["to-address"], "server": host.f["server"], "type": kind}
		if v := c.args["comment"]; v != "" {
			f["comment"] = v
		}
		c.r.insert(bindingPath, "", f)
	}
	return nil
}
