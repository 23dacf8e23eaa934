package routerossim

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// variable looks a name up; request headers are there by name.
func (v *visit) variable(vars map[string]string, name string) string {
	if header, ok := strings.CutPrefix(name, "http-header-"); ok {
		return v.q.Header.Get(header)
	}
	return vars[name]
}

// vars are the variables of the manual's list. Which are empty, zero or "---"
// without a value follows its examples.
func (v *visit) vars() map[string]string {
	m := v.clientVars()
	maps.Copy(m, v.sessionVars())
	if v.login {
		m["popup"] = yesNo(v.form.Get("popup") != "" && v.form.Get("popup") != "false", "true", "false")
		if v.allows("http-chap") {
			c := v.r.askChap(v.host.f["mac-address"])
			m["chap-id"], m["chap-challenge"] = octal(c.id), octal(c.challenge[:]...)
		}
	}
	if v.failed != nil {
		if m["error-orig"] = v.failed.key; v.r.o.ErrorSentence {
			m["error-orig"] = v.failed.Error()
		}
		m["error"] = v.errorText(m)
	}
	return m
}

func (v *visit) clientVars() map[string]string {
	r, identity := v.r, v.r.tables["system/identity"]
	address := r.addressOf(v.server, v.profile)
	return map[string]string{
		"hostname": v.hostname(), "identity": value(identity, identity.order[0], "name"), "server-name": v.host.f["server"],
		"server-address": address + ":80", "plain-passwd": yesNo(v.allows("http-pap"), "yes", "no"), "ssl-login": "no",
		"link-login": v.linkLogin(), "link-login-only": v.link("login"), "link-logout": v.link("logout"),
		"link-status": v.link("status"), "link-orig": v.orig, "link-redirect": v.to, "target-dir": v.dir,
		"mac": v.host.f["mac-address"], "ip": v.host.f["address"], "host-ip": v.host.f["address"],
		"interface-name": v.host.f["bridge-port"], "vlan-id": v.host.f["vlan-id"], "user-agent": v.q.UserAgent(),
		"username": v.user, "domain": v.form.Get("domain"), "trial": yesNo(v.trialLeft(), "yes", "no"),
		"var": v.form.Get("var"), "session-id": v.form.Get("session-id"), "advert-pending": "no",
	}
}

func (v *visit) sessionVars() map[string]string {
	a := v.active()
	if a == nil {
		return map[string]string{"logged-in": "no", "uptime-secs": "0", "session-timeout-secs": "0", "session-time-left-secs": "0",
			"idle-timeout-secs": "0", "refresh-timeout-secs": "0"}
	}
	r := v.r
	now := r.get(r.tables[activePath], a)
	m := map[string]string{"logged-in": "yes", "username": a.f["user"], "domain": a.f["domain"], "login-by": a.f["login-by"],
		"bytes-in": now["bytes-in"], "bytes-out": now["bytes-out"], "packets-in": now["packets-in"], "packets-out": now["packets-out"],
		"bytes-in-nice": nice(now["bytes-in"]), "bytes-out-nice": nice(now["bytes-out"])}
	span := func(name, d string, none string) {
		if d == "" || d == "none" {
			m[name], m[name+"-secs"] = none, "0"
			return
		}
		m[name], m[name+"-secs"] = d, strconv.FormatInt(int64(durOf(d)/time.Second), 10)
	}
	span("uptime", now["uptime"], "")
	span("session-time-left", now["session-time-left"], "")
	span("session-timeout", now["session-time-left"], "")
	span("idle-timeout", now["idle-timeout"], "")
	if p := r.tables[profilePath].byID[a.f["#profile"]]; p != nil {
		span("refresh-timeout", value(r.tables[profilePath], p, "status-autorefresh"), "")
	}
	limits := a
	if u := r.tables[userPath].byID[a.f["#user"]]; u != nil {
		limits = u
	}
	in, out := numOf(limits.f["bytes-in"]), numOf(limits.f["bytes-out"])
	for name, used := range map[string]int64{"in": in, "out": out, "total": in + out} {
		limit := numOf(limits.f["limit-bytes-"+name])
		if limit > 0 {
			m["limit-bytes-"+name] = strconv.FormatInt(limit, 10)
			m["remain-bytes-"+name] = strconv.FormatInt(max(0, limit-used), 10)
		} else if name != "total" { // api.json asks whether the total is empty
			m["limit-bytes-"+name], m["remain-bytes-"+name] = "---", "---"
		}
	}
	return m
}

func yesNo(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

// nice shortens a byte count for people.
func nice(bytes string) string {
	f := float64(numOf(bytes))
	for _, unit := range []string{"B", "KiB", "MiB", "GiB"} {
		if f < 1024 || unit == "GiB" {
			return strconv.FormatFloat(f, 'f', map[bool]int{true: 0, false: 1}[unit == "B"], 64) + " " + unit
		}
		f /= 1024
	}
	return ""
}

// hostname is the name phones know the hotspot by.
func (v *visit) hostname() string {
	if v.profile != nil && v.profile.f["dns-name"] != "" {
		return v.profile.f["dns-name"]
	}
	return v.r.addressOf(v.server, v.profile)
}

func (v *visit) link(page string) string { return "http://" + v.hostname() + "/" + v.dir + page }

// linkLogin remembers where the device wanted to go.
func (v *visit) linkLogin() string {
	if v.orig == "" {
		return v.link("login")
	}
	return v.link("login") + "?dst=" + url.QueryEscape(v.orig)
}
