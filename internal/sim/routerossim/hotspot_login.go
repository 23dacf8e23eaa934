package routerossim

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	userPath    = "ip/hotspot/user"
	profilePath = "ip/hotspot/user/profile"
	activePath  = "ip/hotspot/active"
	hostPath    = "ip/hotspot/host"
	cookiePath  = "ip/hotspot/cookie"
	bindingPath = "ip/hotspot/ip-binding"
)

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

// logIn puts a host's user online, or says why not in the servlet's words.
func (r *Router) logIn(host *row, name, password, domain, by string) error {
	users := r.tables[userPath]
	u := r.hotspotUser(name, host.f["server"])
	if u == nil || u.f["disabled"] == "true" || !same(u.f["password"], password) || name == "" || u.f["default"] == "true" ||
		(u.f["#trial"] != "") != (by == "trial") {
		r.addLog("hotspot,info,debug", name+" ("+host.f["address"]+"): login failed: invalid username or password")
		return refuse("invalid-username", name)
	}
	mac := host.f["mac-address"]
	if m, ok := parseMAC(name); ok && m != mac {
		return refuse("wrong-mac-username", name)
	}
	if m := u.f["mac-address"]; m != "" && m != "00:00:00:00:00:00" && m != mac {
		return refuse("invalid-mac", name)
	}
	p := r.tables[profilePath].first("name", value(users, u, "profile"))
	if p == nil {
		return refuse("config-error", name)
	}
	if limit := durOf(u.f["limit-uptime"]); limit > 0 && r.usedUptime(u) >= limit {
		return refuse("uptime-limit", name)
	}
	if overTraffic(u, u) {
		return refuse("traffic-limit", name)
	}
	old := r.sessionOf(host)
	if old != nil && old.f["#user"] == u.id {
		return nil // already in; a second session for the same host makes no sense
	}
	if shared, err := strconv.Atoi(value(r.tables[profilePath], p, "shared-users")); err == nil && len(r.sessionsOf(u)) >= shared {
		return refuse("user-session-limit", name)
	}
	if limit := licensed(r.o.LicenseLevel); limit > 0 && r.tables[activePath].len() >= limit {
		return refuse("license-session-limit", name)
	}
	if old != nil {
		r.endSession(old, causeReplaced)
	}
	r.openSession(host, u, p, domain, by)
	return nil
}

// licensed is the number of hotspot sessions a licence level allows, 0 = all.
func licensed(level int) int {
	switch level {
	case 1, 3:
		return 1
	case 4:
		return 200
	case 5:
		return 500
	}
	return 0
}

// hotspotUser prefers a user bound to the server over one for all of them.
func (r *Router) hotspotUser(name, server string) *row {
	var hit *row
	for _, x := range r.tables[userPath].byName[name] {
		switch s := or(x.f["server"], "all"); {
		case s == server:
			return x
		case s == "all":
			hit = x
		}
	}
	return hit
}

func (r *Router) openSession(host, u, p *row, domain, by string) {
	now := unixMilli(r.now())
	profiles := r.tables[profilePath]
	f := map[string]string{"server": host.f["server"], "user": u.f["name"], "address": host.f["address"],
		"mac-address": host.f["mac-address"], "login-by": by, "#user": u.id, "#profile": p.id, "#start": now, "#since": now, "#seen": now}
	if domain != "" {
		f["domain"] = domain
	}
	for _, name := range []string{"idle-timeout", "keepalive-timeout"} {
		f[name] = value(profiles, p, name)
	}
	if t := durOf(p.f["session-timeout"]); t > 0 {
		f["#timeout"] = formatDur(t)
	}
	if t := durOf(u.f["limit-uptime"]); t > 0 {
		f["#limit"] = formatDur(t) // kept in case the user is removed under the session
		f["#used"] = formatDur(r.usedUptime(u))
	}
	for _, name := range []string{"limit-bytes-in", "limit-bytes-out", "limit-bytes-total", "comment"} {
		if v := u.f[name]; v != "" && v != "0" {
			f[name] = v
		}
	}
	a := r.insert(activePath, activeID(f["address"]), f)
	r.online[u.id] = append(r.online[u.id], a)
	r.wakeFor(a)
	r.change(r.tables[hostPath], host, map[string]string{"authorized": "true"})
	if value(profiles, p, "add-mac-cookie") == "true" {
		r.putCookie(u, p, a)
	}
	r.addQueue(a, p)
	if list := p.f["address-list"]; list != "" {
		r.insert("ip/firewall/address-list", "", map[string]string{"list": list, "address": f["address"], "dynamic": "true",
			"creation-time": unix(r.now()), "#session": a.id})
	}
	r.addLog("hotspot,info,debug", f["user"]+" ("+f["address"]+"): logged in")
}

// addQueue makes the dynamic queue a rate-limit asks for.
func (r *Router) addQueue(a, p *row) {
	words := strings.Fields(p.f["rate-limit"])
	if len(words) == 0 {
		return
	}
	sums, err := convertRate(&field{name: "rate-limit", kind: "rates"}, words[0])
	if err != nil {
		return
	}
	name := "<hotspot-" + a.f["user"] + ">"
	for i := 1; r.tables["queue/simple"].first("name", name) != nil; i++ {
		name = "<hotspot-" + a.f["user"] + "-" + strconv.Itoa(i) + ">"
	}
	r.insert("queue/simple", "", map[string]string{"name": name, "target": a.f["address"] + "/32", "max-limit": sums,
		"dynamic": "true", "#session": a.id})
}

// putCookie replaces the device's mac-cookie.
func (r *Router) putCookie(u, p, a *row) {
	r.dropCookies(a.f["mac-address"])
	life := durOf(value(r.tables[profilePath], p, "mac-cookie-timeout"))
	until := r.now().Add(life)
	r.insert(cookiePath, "", map[string]string{"user": a.f["user"], "mac-address": a.f["mac-address"], "mac-cookie": "true",
		"#expires": unixMilli(until), "#password": u.f["password"]})
	r.wake(until)
}

func (r *Router) dropCookies(mac string) {
	r.sweep(cookiePath, func(x *row) bool { return x.f["mac-address"] == mac && x.f["mac-cookie"] == "true" })
}

// sweep deletes the rows that match.
func (r *Router) sweep(path string, match func(x *row) bool) {
	t := r.tables[path]
	for _, x := range slices.Clone(t.order) {
		if !x.gone && match(x) {
			r.delete(t, x)
		}
	}
}

func durOf(s string) time.Duration {
	d, _ := parseDur(s)
	return d
}

func unixMilli(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func milli(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
