package routerossim

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// write puts a page into the hotspot directory.
func (c *client) write(name, text string) {
	c.t.Helper()
	c.do("/file/add", "=name="+name)
	c.ok("/file/set", "=.id="+name, "=contents="+text)
}

func (c *client) erase(names ...string) {
	c.t.Helper()
	for _, n := range names {
		c.ok("/file/remove", "=.id=hotspot/"+n)
	}
}

// Which page answers what, and what takes its place when it is not there.
func TestServletPages(t *testing.T) {
	const ask = "http://news.test/x"
	r, c, _ := hotspot(t, Options{})
	pap(c)
	c.ok("/ip/hotspot/user/add", "=name=u")
	for _, name := range []string{"login", "alogin", "status", "logout", "rlogin", "error", "radvert"} {
		c.write("hotspot/"+name+".html", name+" $(link-redirect)")
	}
	c.write("hotspot/redirect.html", "$(if http-status == 302)x$(endif)$(if http-header == Location)$(link-redirect)$(endif)")
	b := browse(t, r, phone, nil)
	const home = "http://login.hotspot/"
	see := func(url, expect string) {
		t.Helper()
		a := b.get(url)
		if got := fmt.Sprint(a.status, " ", a.header.Get("Location"), a.body); got != expect {
			t.Fatalf("%s: %q, want %q", url, got, expect)
		}
	}
	in := func() { b.post(loginURL, "username", "u") }
	const gate = home + "login?dst=http%3A%2F%2Fnews.test%2Fx"
	see(ask, "200 rlogin "+gate)
	see(home, "200 rlogin "+home+"login")
	see("http://10.5.50.1/", "200 rlogin "+home+"login")
	see(home+"login", "200 login ")
	see(home+"status", "302 "+home+"login")
	see(home+"logout", "302 "+home+"login")
	c.write("hotspot/fstatus.html", "fstatus $(error)")
	c.write("hotspot/flogout.html", "flogout $(error-orig)")
	see(home+"status", "200 fstatus you are not logged in (ip 10.5.50.9)")
	see(home+"logout", "200 flogout not-logged-in")
	c.erase("rlogin.html")
	see(ask, "302 "+gate)
	see(home, "302 "+home+"login")
	in()
	see(home, "302 "+home+"status")
	c.write("hotspot/rstatus.html", "rstatus")
	see(home, "200 rstatus")
	see(home+"login", "200 alogin "+home+"status")
	see(home+"login?dst=http%3A%2F%2Fnews.test%2Fx", "200 alogin "+ask)
	see(home+"status", "200 status ")
	c.erase("alogin.html")
	see(home+"login?dst=http%3A%2F%2Fnews.test%2Fx", "302 "+ask)
	see(home+"radvert.html?dst=http%3A%2F%2Fnews.test%2Fx", "200 radvert "+ask)
	see(home+"logout", "200 logout "+home+"login")
	want(t, len(r.Rows(activePath)), 0)
	see(home+"nothing.html", "404 Error 404: Not Found\n")
	see(home+"../../user", "404 Error 404: Not Found\n")
	c.erase("redirect.html", "login.html")
	see(ask, "404 Error 404: Not Found\n")
	see(home+"login", "404 Error 404: Not Found\n")
}

func TestLogoutPageTellsOfTheSession(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	pap(c)
	c.ok("/ip/hotspot/user/add", "=name=u")
	c.write("hotspot/logout.html", "$(username) $(uptime) $(bytes-out) $(logged-in)")
	b := browse(t, r, phone, nil)
	b.post(loginURL, "username", "u")
	want(t, len(r.Rows(cookiePath)), 1)
	r.Advance(90 * time.Second)
	r.Traffic(phone, 1, 2048)
	want(t, b.post("http://login.hotspot/logout").body, "u 1m30s 2048 no")
	want(t, len(r.Rows(activePath))+len(r.Rows(cookiePath)), 0) // the mac-cookie went too
	if log := r.Rows("log"); log[len(log)-1]["message"] != "u (10.5.50.9): logged out: user request" {
		t.Fatal(log[len(log)-1])
	}
}

func TestPageSets(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	pap(c)
	c.write("hotspot/en/login.html", "en $(link-login-only) $(target-dir)")
	c.write("hotspot/en/errors.txt", "invalid-username = wrong in en")
	c.write("hotspot/logo.png", "\x89PNG $(mac)")
	c.write("hotspot/app.js", "$(document).ready()")
	c.write("hotspot/note.txt", "$(mac)")
	b := browse(t, r, phone, nil)
	const set = "en http://login.hotspot/en/login en/"
	want(t, b.get("http://login.hotspot/en/login").body, set)
	want(t, b.get(loginURL+"?target=en").body, set)
	want(t, b.get("http://login.hotspot/en/status").header.Get("Location"), "http://login.hotspot/en/login")
	if body := b.get("http://login.hotspot/de/login").body; !strings.Contains(body, `action="http://login.hotspot/de/login"`) {
		t.Fatal(body) // no such set: the main page, but links stay
	}
	c.write("hotspot/en/login.html", "$(error)")
	want(t, b.post("http://login.hotspot/en/login", "username", "x").body, "wrong in en")
	for _, v := range []struct{ file, kind, body string }{
		{"logo.png", "image/png", "\x89PNG $(mac)"}, {"app.js", "text/javascript", "$(document).ready()"}, {"note.txt", "text/plain", phone},
		{"css/style.css", "text/css", ""}, {"img/wifi.svg", "image/svg+xml", ""}, {"login.html", "text/html", ""}} {
		a := b.get("http://login.hotspot/" + v.file)
		want(t, fmt.Sprint(a.status, a.header.Get("Content-Type")), "200"+v.kind)
		if v.body != "" {
			want(t, a.body, v.body)
		}
	}
}

func TestCaptiveAPI(t *testing.T) {
	r, c, _ := hotspot(t, Options{Version: "7.22"})
	pap(c)
	c.ok("/ip/hotspot/user/add", "=name=u", "=limit-uptime=1h", "=limit-bytes-total=1000")
	c.ok("/ip/hotspot/user/add", "=name=free")
	b := browse(t, r, phone, nil)
	look := func() map[string]any {
		t.Helper()
		a := b.get("http://login.hotspot/api")
		want(t, a.header.Get("Content-Type"), "application/captive+json")
		var m map[string]any
		if err := json.Unmarshal([]byte(a.body), &m); err != nil {
			t.Fatal(err, a.body)
		}
		return m
	}
	want(t, fmt.Sprint(look()), "map[can-extend-session:true captive:true user-portal-url:http://login.hotspot/login]")
	b.post(loginURL, "username", "free")
	want(t, fmt.Sprint(look()), "map[can-extend-session:true captive:false user-portal-url:http://login.hotspot/login]")
	b.get("http://login.hotspot/logout")
	b.post(loginURL, "username", "u")
	r.Traffic(phone, 100, 200)
	r.Advance(time.Minute)
	want(t, fmt.Sprint(look()), "map[bytes-remaining:700 can-extend-session:true captive:false seconds-remaining:3540 user-portal-url:http://login.hotspot/login]")
	old, _, _ := hotspot(t, Options{Version: "6.49"})
	want(t, browse(t, old, phone, nil).get("http://login.hotspot/api").status, 404)
	want(t, len(old.find("file", "name", "hotspot/api.json")), 0)
}

func TestNamesOfTheHotspot(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=dns-name=", "=hotspot-address=10.7.0.1")
	b := browse(t, r, phone, nil)
	want(t, b.get("http://10.7.0.1/").header.Get("Location"), "http://10.7.0.1/login")
	want(t, b.get("http://login.hotspot/").header.Get("Location"), "http://10.7.0.1/login?dst=http%3A%2F%2Flogin.hotspot%2F") // just another name
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=hotspot-address=0.0.0.0")
	want(t, b.get("http://10.5.50.1/").header.Get("Location"), "http://10.5.50.1/login") // the interface's
	c.ok("/ip/hotspot/profile/remove", "=.id=hsprof1")
	want(t, b.get("http://10.5.50.1/login").status, 200) // the built-in page, and no way in
	c.ok("/ip/hotspot/user/add", "=name=u")
	b.post("http://10.5.50.1/login", "username", "u")
	want(t, len(r.Rows(activePath)), 0)
}

func TestResetHTML(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	stockLogin := r.find("file", "name", "hotspot/login.html")["contents"]
	c.write("hotspot/login.html", "mine")
	c.write("hotspot/extra.html", "stays")
	c.erase("status.html", "css/style.css")
	c.ok("/ip/hotspot/reset-html", "=.id=hotspot1")
	want(t, r.find("file", "name", "hotspot/login.html")["contents"], stockLogin)
	want(t, r.find("file", "name", "hotspot/extra.html")["contents"], "stays")
	want(t, len(r.find("file", "name", "hotspot/status.html")) > 0, true)
	want(t, r.find("file", "name", "hotspot")["type"], "directory")
	files := len(r.Rows("file"))
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=html-directory=toko")
	c.ok("/ip/hotspot/reset-html", "=numbers=hotspot1")
	want(t, r.find("file", "name", "toko/login.html")["contents"], stockLogin)
	want(t, len(r.Rows("file")), 2*files-1)
	c.refused("no such item", "/ip/hotspot/reset-html", "=.id=hotspot9")
	c.refused("unknown parameter pages", "/ip/hotspot/reset-html", "=pages=all")
}

func TestDirectories(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	b := browse(t, r, phone, nil)
	c.write("hotspot/login.html", "main")
	set := func(words ...string) { c.ok(append([]string{"/ip/hotspot/profile/set", "=.id=hsprof1"}, words...)...) }
	set("=html-directory-override=usb1/pages")
	want(t, b.get(loginURL).body, "main") // it is not there: no error
	c.write("usb1/pages/login.html", "override")
	want(t, b.get(loginURL).body, "override")
	want(t, b.get("http://login.hotspot/css/style.css").status, 404) // the whole folder counts
	c.ok("/file/remove", "=.id=usb1/pages/login.html")
	want(t, b.get(loginURL).body, "main")
	set("=html-directory-override=", "=html-directory=/gone/")
	if body := b.get(loginURL).body; !strings.Contains(body, "<form") {
		t.Fatal(body) // built-in
	}
}

func TestRebootAndFlash(t *testing.T) {
	for _, v := range []struct {
		flash bool
		dir   string
		kept  string // files of these folders that outlive a reboot
	}{{false, "hotspot", "hotspot toko flash/toko"}, {true, "flash/hotspot", "flash/hotspot flash/toko"}} {
		o := Options{Flash: v.flash, StateFile: filepath.Join(t.TempDir(), "router")}
		r, c, _ := hotspot(t, o)
		pap(c)
		want(t, r.find("ip/hotspot/profile", "name", "hsprof1")["html-directory"], v.dir)
		c.ok("/ip/hotspot/user/add", "=name=u")
		for _, dir := range []string{v.dir, "hotspot", "toko", "flash/toko"} {
			c.write(dir+"/login.html", "mine in "+dir)
		}
		b := browse(t, r, phone, nil)
		b.post(loginURL, "username", "u")
		r.SetFaults(Faults{Reboot: true, RebootMS: 1})
		r.Advance(time.Second)
		var kept []string
		for _, dir := range []string{"hotspot", "toko", "flash/hotspot", "flash/toko"} {
			if len(r.find("file", "name", dir+"/login.html")) > 0 {
				kept = append(kept, dir)
			}
		}
		want(t, strings.Join(kept, " "), v.kept)
		want(t, b.get("http://news.test/").status, 302) // captive again
		want(t, b.get(loginURL).body, "mine in "+v.dir)
		want(t, r.find("file", "name", "flash")["type"], map[bool]string{true: "disk"}[v.flash])
		again, err := reopen(t, o, same0)
		if err != nil {
			t.Fatal(err)
		}
		b2 := browse(t, again, phone, nil)
		want(t, b2.get(loginURL).body, "mine in "+v.dir)
		again.SetFaults(Faults{Reboot: true, RebootMS: 1})
		again.Advance(time.Second)
		want(t, b2.get(loginURL).status, 200) // who was there before the restart comes back too
		c = dial(t, r)                        // the mistake of a set-up that overlooks the flash folder
		c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=html-directory=hotspot")
		c.write("hotspot/login.html", "lost?")
		r.SetFaults(Faults{Reboot: true, RebootMS: 1})
		r.Advance(time.Second)
		want(t, b.get(loginURL).body == "lost?", !v.flash)
	}
}
