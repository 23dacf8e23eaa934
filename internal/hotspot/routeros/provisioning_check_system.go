package routeros

import (
	"strconv"
	"strings"
	"time"

	"gerai/internal/hotspot"
)

// maxSkew is how wrong a router's clock may be.
const maxSkew = 120 * time.Second

// lowDisk is free space, in bytes, below which settings may not be kept.
const lowDisk = 256 << 10

// seats are the devices a licence level lets online at once (vendor's
// licence page); a level that is not here knows no limit.
var seats = map[int64]int{0: 1, 1: 1, 3: 1, 4: 200, 5: 500}

// system judges version, device-mode, licence, clock and disk.
func (a *auditor) system() {
	resource := first(a.v.rows["/system/resource"])
	a.releases(resource["version"])
	a.deviceMode()
	a.licence(resource["board-name"])
	if clock := first(a.v.rows["/system/clock"]); len(clock) > 0 {
		if t, ok := parseClock(clock); ok {
			if skew := t.Sub(a.s.d.o.Clock.Now()); skew > maxSkew || skew < -maxSkew {
				a.say("clock", hotspot.Wrong, "skew", skew.Round(time.Second).String())
			}
		}
	}
	if free := number(resource["free-hdd-space"]); free > 0 && free < lowDisk {
		a.say("disk", hotspot.Warning, "free", strconv.FormatInt(free>>10, 10))
	}
}

// releases compares with the versions that fixed known holes: 7.19.2 for CVE-2025-6563
// (the login page took javascript: addresses), and the vendor's advisory of September
// 2026 (7.24.2, 7.23.4, 6.49.21).
func (a *auditor) releases(text string) {
	v := a.v.version
	name, _, _ := strings.Cut(text, " ")
	switch {
	case v == version{}:
		return
	case v.major == 7 && v.before(7, 19, 2):
		a.say("version_cve", hotspot.Wrong, "version", name, "fixed", "7.19.2")
	case v.major < 7 && v.before(6, 49, 21), v.major == 7 && v.before(7, 23, 4), v.major == 7 && v.minor == 24 && v.before(7, 24, 2):
		a.say("version_advisory", hotspot.Warning, "version", name)
	}
}

func (a *auditor) deviceMode() {
	mode := first(a.v.rows["/system/device-mode"])
	if len(mode) == 0 {
		return
	}
	var off []string
	for _, feature := range []string{"hotspot", "scheduler", "fetch"} {
		if mode[feature] != "" && !yes(mode[feature]) {
			off = append(off, feature)
		}
	}
	if len(off) > 0 && off[0] == "hotspot" {
		a.say("device_mode", hotspot.Wrong, "features", strings.Join(off, ", "))
	} else if len(off) > 0 {
		a.say("device_mode", hotspot.Warning, "features", strings.Join(off, ", "))
	}
	if yes(mode["flagged"]) {
		a.say("flagged", hotspot.Wrong)
	}
}

func (a *auditor) licence(board string) {
	l := first(a.v.rows["/system/license"])
	if l["level"] == "free" {
		a.say("chr_free", hotspot.Warning, "board", board)
	}
	if l["nlevel"] == "" {
		return
	}
	level := number(l["nlevel"])
	most, limited := seats[level]
	if !limited {
		return
	}
	if most == 1 {
		a.say("licence", hotspot.Wrong, "level", l["nlevel"], "most", "1")
		return
	}
	if online := len(a.v.rows[activeMenu]); online*5 >= most*4 {
		a.say("licence_full", hotspot.Warning, "online", strconv.Itoa(online), "most", strconv.Itoa(most))
	}
}
