package routerossim

import (
	"net/netip"
	"time"
)

func init() {
	define("ip/hotspot/active", viewVerbs, `-server:str -user:str -domain:str -address:ip -mac-address:mac -login-by:str
		-uptime:dur=0s -session-time-left:dur -idle-time:dur=0s -idle-timeout:durnone -keepalive-timeout:durnone`+counters+`
		-limit-bytes-in:num -limit-bytes-out:num -limit-bytes-total:num -radius:bool=false -blocked:bool=false -comment:str`).hook(func(m *menu) {
		m.memory, m.live, m.feature = true, liveActive, "hotspot"
		m.gone = func(r *Router, x *row) error {
			r.endSession(x, causeAdmin)
			return errHandled
		}
		m.extra["login"] = activeLogin
	})
}

// activeLogin serves /ip/hotspot/active/login: a device is let in from the
// server's side, no browser involved.
func activeLogin(c *call) error {
	if err := c.only("user", "password", "ip", "mac-address", "domain"); err != nil {
		return err
	}
	r := c.r
	ip, err := netip.ParseAddr(c.args["ip"])
	if err != nil {
		return fail("invalid value for argument ip")
	}
	mac, given := c.args["mac-address"]
	if given && mac != "" {
		var ok bool
		if mac, ok = parseMAC(mac); !ok {
			return fail("invalid value of mac-address, mac address required")
		}
	}
	host := r.tables[hostPath].first("address", ip.String())
	if host == nil {
		return fail("unknown host IP " + ip.String())
	}
	if given && mac != "" && mac != host.f["mac-address"] {
		return fail("wrong MAC provided")
	}
	return r.logIn(host, c.args["user"], c.args["password"], c.args["domain"], "http-pap")
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
