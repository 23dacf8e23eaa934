package routerossim

import "time"

func init() {
	define("ip/hotspot/user", "add set remove enable disable unset comment listen", `~server:ref(ip/hotspot|all)=all !name:str
		*password:str address:ip mac-address:mac profile:ref(ip/hotspot/user/profile)=default routes:str email:str
		*totp-secret:str@7.21 *otp-secret:str@7.22 limit-uptime:dur limit-bytes-in:num limit-bytes-out:num limit-bytes-total:num
		-uptime:dur=0s`+counters+` -default:bool -dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name", "server"}, "failure: already have user with this name for this server"
		m.feature, m.gone = "hotspot", keepDefault
		m.live = liveUser
		m.after = func(r *Router, x *row) { // a limit may have come nearer
			for _, a := range r.online[x.id] {
				r.wakeFor(a)
				break
			}
		}
		m.extra["reset-counters"] = resetCounters
	})
	define("ip/hotspot/user/profile", "add set remove unset listen", `!name:str address-pool:ref(ip/pool|none) session-timeout:dur
		idle-timeout:durnone=none keepalive-timeout:durnone=2m status-autorefresh:durnone=1m shared-users:users=1
		add-mac-cookie:bool=true mac-cookie-timeout:dur=3d rate-limit:rate parent-queue:str queue-type:str insert-queue-before:str
		address-list:str= incoming-filter:str outgoing-filter:str incoming-packet-mark:str outgoing-packet-mark:str
		transparent-proxy:bool=false on-login:str on-logout:str open-status-page:enum(always|http-login)=always
		advertise:bool=false advertise-url:str advertise-interval:str advertise-timeout:str -default:bool=false`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have profile with such name"
		m.feature, m.gone = "hotspot", keepDefault
	})
}

func liveUser(r *Router, x *row, get map[string]string) {
	get["uptime"] = formatDur(r.usedUptime(x).Truncate(time.Second))
}

// usedUptime is what a user has consumed, running sessions included.
func (r *Router) usedUptime(u *row) time.Duration {
	used := durOf(u.f["uptime"])
	for _, a := range r.sessionsOf(u) {
		used += r.now().Sub(milli(a.f["#since"]))
	}
	return used
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
