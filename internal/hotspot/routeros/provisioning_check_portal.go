package routeros

import (
	"slices"
	"strings"

	"gerai/internal/hotspot"
)

// server judges the hotspot servers the shop sells for.
func (a *auditor) server() {
	name := a.k.Stored.Server
	if name == "all" {
		name = ""
	}
	for _, r := range a.v.rows[serverMenu] {
		switch {
		case name != "" && r["name"] != name:
		case yes(r["disabled"]) && name != "":
			a.say("server_disabled", hotspot.Wrong, "server", r["name"])
		case yes(r["invalid"]):
			a.say("server_invalid", hotspot.Wrong, "server", r["name"])
		}
	}
}

// portals judges the server profiles: names, certificates, ways to log in,
// where the pages lie.
func (a *auditor) portals() {
	for _, p := range a.v.portals(a.k.Stored.Server) {
		a.names(p)
		a.logins(p)
		a.folders(p)
	}
}

func (a *auditor) names(p row) {
	dns := p["dns-name"]
	switch {
	case dns == "":
		a.say("dns_name_missing", hotspot.Warning, "profile", p["name"])
	case strings.HasSuffix(strings.ToLower(dns), ".local"):
		a.say("dns_name_local", hotspot.Wrong, "profile", p["name"], "dns", dns)
	}
	cert, found := a.v.named(certMenu, p["ssl-certificate"])
	why := ""
	switch {
	case !found:
		why = "none"
	case cert["fingerprint"] == "" || yes(cert["expired"]):
		why = "invalid"
	case selfSigned(cert):
		why = "self_signed"
	case dns == "":
		why = "no_name"
	}
	if found {
		a.age(cert)
		if why == "self_signed" && slices.Contains(strings.Split(p["login-by"], ","), "https") {
			a.say("hotspot_certificate", hotspot.Warning, "profile", p["name"], "name", cert["name"])
		}
	}
	if why != "" {
		a.say("option_114_off", hotspot.Note, "profile", p["name"], "why", why)
	}
	for _, o := range a.v.rows[optionMenu] {
		if o["code"] == "114" && !strings.Contains(o["value"], "https://"+dns+"/api") {
			a.say("option_114_other", hotspot.Warning, "option", o["name"], "value", o["value"])
		}
	}
}

// selfSigned certificates make phones warn, and option 114 useless: only a
// chain that phones know counts.
func selfSigned(cert row) bool {
	return cert["ca"] != "" || cert["issuer"] == "" || strings.TrimPrefix(cert["issuer"], "CN=") == cert["common-name"]
}

func (a *auditor) logins(p row) {
	ways := strings.Split(p["login-by"], ",")
	if !plainLogin(p) {
		a.say("login_chap_only", hotspot.Warning, "profile", p["name"])
	}
	if slices.Contains(ways, "trial") {
		a.say("login_trial", hotspot.Warning, "profile", p["name"])
	}
	if yes(p["use-radius"]) {
		a.say("use_radius", hotspot.Warning, "profile", p["name"])
	}
	if dir := a.v.directory(p); slices.Contains(ways, "http-chap") && a.v.hasFile(dir) && !a.v.hasFile(dir+"/md5.js") {
		a.say("md5_missing", hotspot.Warning, "file", dir+"/md5.js")
	}
}

func (a *auditor) folders(p row) {
	if over := p["html-directory-override"]; over != "" {
		if a.v.hasFile(over) {
			a.say("override", hotspot.Note, "profile", p["name"], "dir", over, "shadowed", p["html-directory"])
		} else {
			a.say("override_missing", hotspot.Warning, "profile", p["name"], "dir", over)
		}
	}
	if dir := a.v.directory(p); !a.v.lasting(dir) {
		a.say("outside_flash", hotspot.Wrong, "profile", p["name"], "dir", dir)
	}
}
