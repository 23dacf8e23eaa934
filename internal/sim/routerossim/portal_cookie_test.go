package routerossim

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCookie(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=cookie,http-pap", "=http-cookie-lifetime=2d")
	c.ok("/ip/hotspot/user/profile/set", "=.id=default", "=add-mac-cookie=no")
	c.ok("/ip/hotspot/user/add", "=name=u", "=password=p")
	b := browse(t, r, phone, nil)
	in := func() *http.Cookie {
		t.Helper()
		a := b.post(loginURL, "username", "u", "password", "p")
		k, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	with := func(url string, k *http.Cookie) seen {
		t.Helper()
		q, err := http.NewRequest(http.MethodGet, url, nil)
		if err == nil {
			q.AddCookie(k)
		}
		return b.do(q, err)
	}
	k := in()
	want(t, k.MaxAge, 2*86400)
	row := r.Rows(cookiePath)[0]
	want(t, row["user"]+" "+row["mac-address"]+" "+row["mac-cookie"]+" "+row["expires-in"], "u "+phone+" false 2d")
	out := func(more string) { t.Helper(); want(t, b.get("http://login.hotspot/logout"+more).status, 200) }
	out("")
	with(loginURL, &http.Cookie{Name: k.Name, Value: "guess"})
	want(t, len(r.Rows(activePath)), 0)
	if body := with(loginURL, k).body; !strings.Contains(body, "You are online") {
		t.Fatal(body)
	}
	want(t, r.Rows(activePath)[0]["login-by"], "cookie")
	out("")
	want(t, with("http://login.hotspot/", k).header.Get("Location"), "http://login.hotspot/status")
	want(t, len(r.Rows(activePath)), 1)
	out("")
	if err := r.Join(Device{MAC: "AA:BB:CC:00:00:02"}); err != nil {
		t.Fatal(err)
	}
	b2 := browse(t, r, "AA:BB:CC:00:00:02", nil)
	q, err := http.NewRequest(http.MethodGet, loginURL, nil)
	if err == nil {
		q.AddCookie(k)
	}
	b2.do(q, err) // a cookie is good for the device that got it
	want(t, len(r.Rows(activePath)), 0)
	k = in()
	out("?erase-cookie=on")
	want(t, len(r.Rows(cookiePath)), 0)
	with(loginURL, k)
	want(t, len(r.Rows(activePath)), 0)
	k = in()
	out("")
	c.ok("/ip/hotspot/user/set", "=.id=u", "=password=new")
	with(loginURL, k)
	want(t, len(r.Rows(activePath))+len(r.Rows(cookiePath)), 0) // it failed, it goes
	c.ok("/ip/hotspot/user/set", "=.id=u", "=password=p")
	k = in()
	out("")
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=http-pap")
	with(loginURL, k)
	want(t, len(r.Rows(activePath)), 0)
	r.Advance(48 * time.Hour)
	want(t, len(r.Rows(cookiePath)), 0)
}

func TestTrial(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	b := browse(t, r, phone, nil)
	try := loginURL + "?username=T-" + phone
	b.get(try)
	want(t, len(r.Rows(activePath)), 0) // not offered
	c.ok("/ip/hotspot/user/profile/add", "=name=taste", "=rate-limit=64k/64k")
	c.ok("/ip/hotspot/user/set", "=.id=default-trial", "=limit-bytes-total=1000000")
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=http-pap,trial", "=trial-uptime-limit=10m", "=trial-user-profile=taste")
	if body := b.get(loginURL).body; !strings.Contains(body, "username=T-AA%3ABB") {
		t.Fatal(body)
	}
	b.get(loginURL + "?username=T-AA:BB:CC:00:00:99") // of another device
	want(t, len(r.Rows(activePath)), 0)
	b.get(try)
	a := r.Rows(activePath)[0]
	want(t, a["user"]+" "+a["login-by"]+" "+a["session-time-left"]+" "+a["limit-bytes-total"], "T-"+phone+" trial 10m 1000000")
	u := r.find(userPath, "name", "T-"+phone)
	want(t, u["dynamic"]+" "+u["profile"], "true taste")
	c.refused("invalid username or password", login9("T-"+phone, "")...) // the link alone opens it
	r.Advance(10 * time.Minute)
	want(t, len(r.Rows(activePath)), 0)
	if body := b.get(try).body; !strings.Contains(body, "has reached uptime limit") || strings.Contains(body, "Try it") {
		t.Fatal(body)
	}
	r.Advance(23*time.Hour + 50*time.Minute) // trial-uptime-reset is a day
	b.get(try)
	want(t, r.Rows(activePath)[0]["session-time-left"], "10m")
}
