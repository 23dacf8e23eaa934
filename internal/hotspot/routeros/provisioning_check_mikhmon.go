package routeros

import (
	"slices"
	"strings"

	"gerai/internal/hotspot"
)

// v4Monitor is the one scheduler by which Mikhmon 4 ends users of every
// profile; Mikhmon 3 has one per profile, of the profile's name.
const v4Monitor = "Mikhmon-Expire-Monitor"

// schedulers looks for schedulers that never run: RouterOS 7.24.0 to 7.24.4
// leaves those without a start date alone.
func (a *auditor) schedulers() {
	if v := a.v.version; v.major != 7 || v.minor != 24 || v.patch > 4 {
		return
	}
	var idle []string
	for _, r := range a.v.rows[schedulerMenu] {
		if !yes(r["disabled"]) && r["start-date"] == "" && r["start-time"] != "startup" {
			idle = append(idle, r["name"])
		}
	}
	if len(idle) > 0 {
		a.say("scheduler_start", hotspot.Wrong, "names", strings.Join(idle, ", "))
	}
}

// mikhmon looks for profiles that promise an end which nothing brings about:
// the script that writes it is missing, or the scheduler that acts on it.
func (a *auditor) mikhmon() {
	if slices.Contains(a.v.unreadable, schedulerMenu) {
		return
	}
	runs := func(name string) bool {
		r, found := a.v.named(schedulerMenu, name)
		return found && !yes(r["disabled"])
	}
	for _, p := range a.v.rows[profileMenu] {
		m := readMeta(p["on-login"])
		switch {
		case m.of(hotspot.FieldExpiry) == "" || m.of(hotspot.FieldExpiry) == hotspot.Expiries[0]:
		case !m.scripted():
			a.say("profile_script", hotspot.Warning, "profile", hotspot.Shown(p["name"]))
		case !runs(p["name"]) && !runs(v4Monitor):
			a.say("profile_monitor", hotspot.Warning, "profile", hotspot.Shown(p["name"]))
		}
	}
}
