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

// usedUptime is what a user has consumed, running sessions included.
func (r *Router) usedUptime(u *row) time.Duration {
	used := durOf(u.f["uptime"])
	for _, a := range r.sessionsOf(u) {
		used += r.now().Sub(milli(a.f["#since"]))
	}
	return used
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

func numOf(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// count adds traffic to a row; packets are guessed at a common size.
func (r *Router) count(t *table, x *row, up, down int64) {
	add := func(name string, n int64) string { return strconv.FormatInt(numOf(x.f[name])+n, 10) }
	r.change(t, x, map[string]string{"bytes-in": add("bytes-in", up), "bytes-out": add("bytes-out", down),
		"packets-in": add("packets-in", (up+999)/1000), "packets-out": add("packets-out", (down+999)/1000)})
}

// resetCounters zeroes users' counters; running sessions start over.
func resetCounters(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	r := c.r
	for _, u := range rows {
		for _, a := range r.sessionsOf(u) {
			r.change(r.tables[activePath], a, map[string]string{"#since": unixMilli(r.now())})
		}
		r.change(c.t, u, map[string]string{"uptime": "", "bytes-in": "", "bytes-out": "", "packets-in": "", "packets-out": ""})
	}
	return nil
}
