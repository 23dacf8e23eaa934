package config

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

const prefix = "GERAI_"

// XenditURL is Xendit's own address.
const XenditURL = "https://api.xendit.co"

// foreign are prefixes of variables that others read: the tests, the demo's
// catalogue, and a catalogue file that takes router passwords from the
// environment.
var foreign = []string{"GERAI_TEST_", "GERAI_DEMO_", "GERAI_ROUTER_"}

// unknown names variables with our prefix that no setting reads, most often a typing
// error.
func unknown(given map[string]string, known []variable) (warnings []string) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if place(known, name) >= 0 || slices.ContainsFunc(foreign, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		w := name + " is not known and was ignored"
		if near := nearest(name, known); near != "" {
			w += fmt.Sprintf("; did you mean %s?", near)
		}
		warnings = append(warnings, w)
	}
	return warnings
}

// doubts are values that work but deserve a second look.
func doubts(c Config) (warnings []string) {
	if u, err := url.Parse(c.BaseURL); err == nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		warnings = append(warnings, "GERAI_BASE_URL is http: staff passwords and voucher codes travel readable")
	}
	if c.Live() && c.XenditURL != XenditURL {
		warnings = append(warnings, "GERAI_XENDIT_KEY is a live key but GERAI_XENDIT_URL is not Xendit's own address")
	}
	for _, p := range c.TrustedProxies {
		if wide(p) {
			warnings = append(warnings, fmt.Sprintf("GERAI_TRUSTED_PROXIES holds %s: every client in it can claim any address; name the proxy's own address", p))
		}
	}
	for _, i := range c.Keys.Weak() {
		warnings = append(warnings, fmt.Sprintf("GERAI_SECRET_KEY: key %d can be guessed; run 'gerai key rotate', then take it out", i))
	}
	return append(warnings, backupDoubts(c)...)
}

// local are the ranges in which hotspots and offices number their clients.
var local = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

// wide reports whether a network is more than a few proxies: a whole local
// network, a /24 being the smallest that hotspots have, or a good part of all
// addresses. The published networks of delivery services pass.
func wide(p netip.Prefix) bool {
	if p.Bits() < 8 {
		return true
	}
	most := 24
	if p.Addr().Is6() {
		most = 64
	}
	return p.Bits() <= most && slices.ContainsFunc(local, p.Overlaps)
}

// nearest returns the known name within three edits, "" if there is none.
func nearest(name string, known []variable) string {
	best, at := "", 4
	for _, v := range known {
		if d := distance(name, v.name); d < at {
			best, at = v.name, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements between two
// names (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}
