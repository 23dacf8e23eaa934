package routerossim

import "time"

// Defaults of the server profile where the menu shows nothing.
const (
	trialLimit = 30 * time.Minute
	trialReset = 24 * time.Hour
)

// trialUser is the dynamic row that counts a device's trial, made on demand
// and forgotten at reboot.
func (v *visit) trialUser() *row {
	return v.r.tables[userPath].first("name", "T-"+v.host.f["mac-address"])
}

// trialLeft says whether the device may still try the network.
func (v *visit) trialLeft() bool {
	if !v.allows("trial") {
		return false
	}
	u := v.trialUser()
	return u == nil || v.trialOver(u) || v.r.usedUptime(u) < durOf(u.f["limit-uptime"])
}

// trialOver reports that the trial may begin again.
func (v *visit) trialOver(u *row) bool { return !v.r.now().Before(milli(u.f["#reset"])) }

func (v *visit) tryTrial() error {
	r, users, profiles := v.r, v.r.tables[userPath], v.r.tables["ip/hotspot/profile"]
	span := func(name string, def time.Duration) time.Duration {
		if d := durOf(value(profiles, v.profile, name)); d > 0 {
			return d
		}
		return def
	}
	u := v.trialUser()
	if u != nil && v.trialOver(u) {
		r.delete(users, u)
		u = nil
	}
	if u == nil {
		f := map[string]string{"name": "T-" + v.host.f["mac-address"], "dynamic": "true", "#trial": "true",
			"limit-uptime": formatDur(span("trial-uptime-limit", trialLimit)), "#reset": unixMilli(r.now().Add(span("trial-uptime-reset", trialReset)))}
		if p := v.profile.f["trial-user-profile"]; p != "" {
			f["profile"] = p
		}
		if def := users.first("name", "default-trial"); def != nil {
			for _, name := range []string{"limit-bytes-in", "limit-bytes-out", "limit-bytes-total"} {
				if n := def.f[name]; n != "" {
					f[name] = n
				}
			}
		}
		u = r.insert(userPath, "", f)
	}
	return r.logIn(v.host, u.f["name"], "", "", "trial")
}
