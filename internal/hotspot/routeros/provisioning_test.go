package routeros

import (
	"testing"

	"gerai/internal/hotspot"
)

func TestVersions(t *testing.T) {
	for text, want := range map[string]version{"7.16 (stable)": {7, 16, 0}, "6.49.10 (long-term)": {6, 49, 10}, "7.24.2": {7, 24, 2}, "7.20beta5": {7, 20, 0}, "": {}} {
		if got := parseVersion(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	v := version{7, 16, 1}
	if v.before(7, 16, 1) || !v.before(7, 16, 2) || !v.before(7, 17, 0) || v.before(6, 49, 0) || !v.before(8, 0, 0) {
		t.Error("before")
	}
}

func TestWildHosts(t *testing.T) {
	for _, c := range []struct {
		pattern, host string
		want          bool
	}{
		{"captive.apple.com", "captive.apple.com", true}, {"*.apple.com", "captive.apple.com", true}, {"*", "a.b", true}, {"*apple*", "captive.apple.com", true},
		{"c?ptive.apple.com", "captive.apple.com", true}, {"apple.com", "captive.apple.com", false}, {"*.apple.co", "captive.apple.com", false}, {"", "a", false},
		{"*a*b*c", "xxaxxbxxc", true}, {"*a*b*c", "xxaxxbxx", false}, {`:^captive\.apple\.com$`, "captive.apple.com", true}, {":apple", "captive.apple.com", true}, {":banana", "captive.apple.com", false},
	} {
		if got := wild(c.pattern, c.host); got != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.host, got)
		}
	}
	for host, want := range map[string]bool{"voucher.example.net": false, "xendit.co": true, "*.xendit.co": true, "notxendit.co": false, "fonts.gstatic.com": true, "*.google.com": true, "clients3.google.com": true} {
		if forbidden(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
}

func TestSameValues(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       bool
	}{
		{"policy", "api,read,!ftp", "read,api", true}, {"policy", "api,read", "api,read,ftp", false}, {"login-by", "cookie,http-pap", "http-pap,cookie", true},
		{"disabled", "no", "false", true}, {"disabled", "no", "", true}, {"disabled", "no", "true", false}, {"session-timeout", "5m", "00:05:00", true},
		{"contents", "a", "b", false}, {"rate-limit", "", "", true}, {"dst-port", "443", "80", false},
	} {
		if sameValue(c.name, c.a, c.b) != c.want {
			t.Errorf("%s: %s and %s", c.name, c.a, c.b)
		}
	}
}

// Text that comes from the catalogue never leaves its quotes.
func TestScriptQuotes(t *testing.T) {
	for in, want := range map[string]string{`a`: `"a"`, `say "x"`: `"say \"x\""`, `$(rm)`: `"\$(rm)"`, "a\nb": `"a\0Ab"`, `c:\`: `"c:\\"`, "é": `"\C3\A9"`, "why?": `"why\?"`} {
		if got := quoted(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

// What the simulator has no way to show.
func TestAuditsOfRareRouters(t *testing.T) {
	for name, c := range map[string]struct {
		rows map[string][]row
		kit  hotspot.Provisioning
		want string
	}{
		"invalid":    {map[string][]row{serverMenu: {{"name": "hs", "invalid": "true", "profile": "p"}}}, hotspot.Provisioning{}, "server_invalid"},
		"disabled":   {map[string][]row{serverMenu: {{"name": "hs", "disabled": "true"}}}, hotspot.Provisioning{Stored: hotspot.Router{Server: "hs"}}, "server_disabled"},
		"full disk":  {map[string][]row{"/system/resource": {{"free-hdd-space": "90000", "version": "7.24.2"}}}, hotspot.Provisioning{}, "disk"},
		"busy":       {map[string][]row{"/system/license": {{"nlevel": "4"}}, activeMenu: make([]row, 160)}, hotspot.Provisioning{}, "licence_full"},
		"other pin":  {map[string][]row{serviceMenu: {{"name": "api-ssl", "certificate": "c"}}, certMenu: {{"name": "c", "fingerprint": "aa"}}}, hotspot.Provisioning{Stored: hotspot.Router{TLS: true, Fingerprint: "bb"}}, "certificate_pin"},
		"half a net": {map[string][]row{walledGardenIPMenu: {{"action": "accept", "dst-address": "8.0.0.0/7"}}}, hotspot.Provisioning{}, "garden_wide"},
		"unreadable": {nil, hotspot.Provisioning{}, "unreadable"},
	} {
		a := &auditor{s: &session{d: New(Options{})}, v: &discovery{rows: c.rows, unreadable: []string{"/user"}}, k: c.kit}
		a.v.version = parseVersion(first(c.rows["/system/resource"])["version"])
		a.provisioning(hotspot.ProvisioningPlan{})
		a.server()
		a.system()
		a.certificates()
		a.walledGardens()
		found := false
		for _, f := range a.out {
			found = found || f.ID == c.want
		}
		if !found {
			t.Errorf("%s: %+v", name, a.out)
		}
	}
}
