package routerossim

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	vars := map[string]string{"name": "budi", "empty": "", "mac": "AA:BB", "odd": `1&2=3 "<b>'`, "yes": "yes", "nested": "$(name)", "paren": "a)b"}
	for _, v := range []struct{ in, out string }{
		{"", ""},
		{"plain $ text $", "plain $ text $"},
		{"$(name)", "budi"},
		{"a$(name)b$(mac)c", "abudibAA:BBc"},
		{"$(mac-esc) $(odd-esc)", "AA%3ABB 1%262%3D3+%22%3Cb%3E%27"},
		{"$(odd)", `1&2=3 "<b>'`}, // no HTML escaping
		{"[$(unknown)$(unknown-esc)]", "[]"},
		{"$(nested)", "$(name)"}, // a value is not expanded again
		{"$(if name)x$(endif)", "x"},
		{"$(if empty)x$(endif)", ""},
		{"$(if unknown)x$(else)y$(endif)", "y"},
		{"$(if name == budi)x$(endif)", "x"},
		{"$(if name==budi)x$(endif)", "x"},
		{"$(if name == 'budi')x$(endif)", "x"},
		{`$(if name == "budi")x$(endif)`, "x"},
		{"$(if name != budi)x$(else)y$(endif)", "y"},
		{"$(if name != ani)x$(endif)", "x"},
		{`$(if empty == "")x$(endif)`, "x"},
		{`$(if empty != "")x$(endif)`, ""},
		{`$(if paren == "a)b")x$(endif)`, "x"},
		{"$(if mac-esc == AA%3ABB)x$(endif)", "x"},
		{"$(if name == ani)1$(elif name == budi)2$(elif yes)3$(else)4$(endif)", "2"},
		{"$(if name == ani)1$(elif name == eka)2$(else)4$(endif)!", "4!"},
		{"$(if name)$(if empty)1$(else)2$(endif)$(else)3$(endif)", "2"},
		{"$(if empty)$(if name)1$(else)2$(endif)$(name)$(else)3$(endif)", "3"},
		{"$(if empty)$(elif name)$(if yes != yes)a$(elif mac)b$(endif)c$(endif)", "bc"},
		{"$(if name)open", "open"},
		{"$(if empty)open", ""},
		{"$(endif)$(else)$(elif name)x", "x"}, // strays do nothing
		{"$(if name > a)x$(endif)$(if)y$(endif)$(if name =)z$(endif)", ""},
		{"$(document).ready($('#a'))", ".ready($('#a'))"}, // a name is a variable, the rest is no tag
		{"$(name", "$(name"},
		{"$(na me) $() $(ä)", "$(na me) $() $(ä)"},
		{"$($(name))", "$(budi)"},
		{"$(if name\n)x", "$(if name\n)x"},
	} {
		if got := expand(v.in, func(n string) string { return vars[n] }); got.body != v.out || got.status != 0 || got.header != nil {
			t.Errorf("%q: %q %d %v, want %q", v.in, got.body, got.status, got.header, v.out)
		}
	}
}

func TestPseudoConditions(t *testing.T) {
	vars := map[string]string{"link": "http://a/b?c=1", "yes": "yes"}
	for _, v := range []struct{ in, out string }{
		{`$(if http-status == 302)Moved$(endif)$(if http-header == "Location")$(link)$(endif)body`, "302 [[Location http://a/b?c=1]] body"},
		{`a$(if http-header == X-A)1$(endif)b$(if http-header == X-A) 2 $(endif)c`, "0 [[X-A 1] [X-A 2]] abc"},
		{`$(if yes == no)$(if http-status == 404)x$(endif)$(if http-header == A)b$(endif)$(else)$(if http-status == 410)y$(endif)$(endif)z`, "410 [] z"},
		{`$(if http-header == A)$(if yes)in$(else)out$(endif)$(endif)`, "0 [[A in]] "},
		{`$(if http-status == 99)x$(endif)$(if http-status == abc)x$(endif)$(if http-status == 600)x$(endif)`, "0 [] "},
		{`$(if http-status == 302)never closed`, "302 [] "},
		{`$(if http-status == 302)a$(else)b$(endif)c`, "302 [] c"},
		{`$(if http-status != 302)x$(endif)`, "0 [] x"}, // an ordinary comparison with nothing
	} {
		p := expand(v.in, func(n string) string { return vars[n] })
		if got := fmt.Sprint(p.status, " ", p.header, " ", p.body); got != v.out {
			t.Errorf("%q: %q, want %q", v.in, got, v.out)
		}
	}
}

// Whatever a page holds, expanding it ends, and what has no tag stays as it is.
func FuzzExpand(f *testing.F) {
	for _, s := range []string{"", "$(a)", "$(if a == 'b')$(elif c)$(else)$(endif)", `$(if http-status == 302)x$(endif)`, "$(", "$(if", "$(if a", "$(if '))"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := expand(s, func(name string) string {
			if !isName(name) {
				t.Fatalf("asked for %q", name)
			}
			return "$(v)"
		})
		if p.status != 0 && (p.status < 200 || p.status > 599) {
			t.Fatal(p.status)
		}
		if !strings.Contains(s, "$(") && p.body != s {
			t.Fatalf("%q became %q", s, p.body)
		}
	})
}

// Every variable of the manual's list is known, in and out of a session.
func TestVariables(t *testing.T) {
	names := strings.Fields(`hostname identity login-by plain-passwd server-address ssl-login server-name link-login link-login-only
		link-logout link-status link-orig link-redirect domain interface-name ip logged-in mac trial username host-ip vlan-id idle-timeout
		idle-timeout-secs limit-bytes-in limit-bytes-out limit-bytes-total refresh-timeout refresh-timeout-secs session-timeout
		session-timeout-secs session-time-left session-time-left-secs uptime uptime-secs bytes-in bytes-in-nice bytes-out bytes-out-nice
		packets-in packets-out remain-bytes-in remain-bytes-out remain-bytes-total session-id var error error-orig chap-id chap-challenge
		popup user-agent http-header-accept nothing`)
	r, c, _ := hotspot(t, Options{Name: "pojok"})
	var all strings.Builder
	for _, n := range names {
		fmt.Fprintf(&all, "%s=$(%s)\n", n, n)
	}
	for _, page := range []string{"hotspot/status.html", "hotspot/all.txt"} {
		c.do("/file/add", "=name="+page)
		c.ok("/file/set", "=.id="+page, "=contents="+all.String())
	}
	pap(c)
	b := browse(t, r, phone, nil)
	look := func(url string) map[string]string {
		m := map[string]string{}
		for line := range strings.Lines(b.get(url).body) {
			k, v, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			if m[k] = v; v == "" {
				delete(m, k)
			}
		}
		return m
	}
	check := func(got, expect map[string]string) {
		t.Helper()
		delete(got, "packets-in")
		delete(got, "packets-out")
		if !maps.Equal(got, expect) {
			t.Fatalf("got  %v\nwant %v", got, expect)
		}
	}
	out := map[string]string{"hostname": "login.hotspot", "identity": "pojok", "plain-passwd": "yes", "server-address": "10.5.50.1:80",
		"ssl-login": "no", "server-name": "hotspot1", "link-login": loginURL + "?dst=http%3A%2F%2Fa.test%2F%3Fx%3D1", "link-login-only": loginURL,
		"link-logout": "http://login.hotspot/logout", "link-status": "http://login.hotspot/status", "link-orig": "http://a.test/?x=1",
		"link-redirect": "http://a.test/?x=1", "interface-name": "wlan1", "ip": "10.5.50.9", "host-ip": "10.5.50.9", "mac": phone, "trial": "no",
		"logged-in": "no", "user-agent": "Go-http-client/1.1", "var": "v1", "session-id": "s1", "username": "typed", "domain": "d",
		"idle-timeout-secs": "0", "refresh-timeout-secs": "0", "session-timeout-secs": "0", "session-time-left-secs": "0", "uptime-secs": "0"}
	const ask = "?dst=http%3A%2F%2Fa.test%2F%3Fx%3D1&var=v1&session-id=s1&username=typed&domain=d"
	check(look("http://login.hotspot/all.txt"+ask), out)

	c.ok("/ip/hotspot/user/profile/add", "=name=p", "=idle-timeout=5m", "=session-timeout=2h")
	c.ok("/ip/hotspot/user/add", "=name=u", "=profile=p", "=limit-uptime=1h", "=limit-bytes-total=10000000", "=limit-bytes-in=4000")
	b.post(loginURL, "username", "u", "domain", "home")
	r.Traffic(phone, 1500, 3_000_000)
	r.Advance(61e9)
	in := maps.Clone(out)
	maps.Copy(in, map[string]string{"logged-in": "yes", "username": "u", "domain": "home", "login-by": "http-pap", "uptime": "1m1s",
		"uptime-secs": "61", "session-time-left": "58m59s", "session-time-left-secs": "3539", "session-timeout": "58m59s",
		"session-timeout-secs": "3539", "idle-timeout": "5m", "idle-timeout-secs": "300", "refresh-timeout": "1m",
		"refresh-timeout-secs": "60", "bytes-in": "1500", "bytes-out": "3000000", "bytes-in-nice": "1.5 KiB",
		"bytes-out-nice": "2.9 MiB", "limit-bytes-in": "4000", "remain-bytes-in": "2500", "limit-bytes-out": "---",
		"remain-bytes-out": "---", "limit-bytes-total": "10000000", "remain-bytes-total": "6998500"})
	delete(in, "link-redirect") // the status page leads nowhere
	check(look("http://login.hotspot/status"+ask), in)
	b.get("http://login.hotspot/logout")
	b.post(loginURL, "username", "u")
	again := look("http://login.hotspot/status")
	want(t, again["bytes-in"]+" "+again["remain-bytes-in"], "0 2500") // the session is new, what is left is not
}
