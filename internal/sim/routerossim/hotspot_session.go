package routerossim

import (
	"slices"
	"strconv"
	"time"
)

// Why a session ends, in the words of the hotspot log and of $cause.
const (
	causeAdmin     = "admin reset"
	causeReplaced  = "user logged in again"
	causeLeft      = "keepalive timeout"
	causeUser      = "user request"
	causeIdle      = "idle timeout"
	causeTimeout   = "session timeout"
	causeUptime    = "uptime limit reached"
	causeTraffic   = "traffic limit reached"
	causeRebooting = "reboot"
)

func (r *Router) sessionOf(host *row) *row {
	return r.tables[activePath].byID[activeID(host.f["address"])]
}

// sessionsOf lists the live sessions of a user row.
func (r *Router) sessionsOf(u *row) []*row { return r.online[u.id] }

// indexSessions rebuilds what is derived from the rows after a replay.
func (r *Router) indexSessions() {
	r.online = map[string][]*row{}
	r.tables[hostPath].each(func(x *row) bool {
		r.joined[x.f["mac-address"]] = Device{MAC: x.f["mac-address"], IP: x.f["address"], Server: x.f["server"]}
		return true
	})
	r.tables["ip/firewall/address-list"].each(func(x *row) bool {
		if x.f["#until"] != "" {
			r.timed[x] = struct{}{}
		}
		return true
	})
	r.tables[activePath].each(func(a *row) bool {
		r.online[a.f["#user"]] = append(r.online[a.f["#user"]], a)
		return true
	})
}

// endSession ends a session now.
func (r *Router) endSession(a *row, cause string) { r.closeSession(a, cause, r.now()) }

// closeSession books the used time on the user, if there still is one, and
// removes what the session had: queue, address list entry, and for most causes
// the mac-cookie.
func (r *Router) closeSession(a *row, cause string, at time.Time) {
	users := r.tables[userPath]
	if u := users.byID[a.f["#user"]]; u != nil {
		used := durOf(u.f["uptime"]) + max(0, at.Sub(milli(a.f["#since"])))
		r.change(users, u, map[string]string{"uptime": formatDur(used)})
	}
	r.delete(r.tables[activePath], a)
	id := a.f["#user"]
	if r.online[id] = slices.DeleteFunc(r.online[id], func(x *row) bool { return x == a }); len(r.online[id]) == 0 {
		delete(r.online, id)
	}
	if host := r.tables[hostPath].first("address", a.f["address"]); host != nil {
		r.change(r.tables[hostPath], host, map[string]string{"authorized": ""})
	}
	mine := func(x *row) bool { return x.f["#session"] == a.id }
	r.sweep("queue/simple", mine)
	r.sweep("ip/firewall/address-list", mine)
	switch cause {
	case causeAdmin, causeUser, causeTraffic, causeTimeout, causeReplaced:
		r.dropCookies(a.f["mac-address"])
	}
	r.addLog("hotspot,info,debug", a.f["user"]+" ("+a.f["address"]+"): logged out: "+cause)
}

// overTraffic compares counters with the byte limits of a user or a session.
func overTraffic(limits, used *row) bool {
	in, out := numOf(used.f["bytes-in"]), numOf(used.f["bytes-out"])
	over := func(name string, n int64) bool {
		limit := numOf(limits.f[name])
		return limit > 0 && n >= limit
	}
	return over("limit-bytes-in", in) || over("limit-bytes-out", out) || over("limit-bytes-total", in+out)
}

// count adds traffic to a row; packets are guessed at a common size.
func (r *Router) count(t *table, x *row, up, down int64) {
	add := func(name string, n int64) string { return strconv.FormatInt(numOf(x.f[name])+n, 10) }
	r.change(t, x, map[string]string{"bytes-in": add("bytes-in", up), "bytes-out": add("bytes-out", down),
		"packets-in": add("packets-in", (up+999)/1000), "packets-out": add("packets-out", (down+999)/1000)})
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
