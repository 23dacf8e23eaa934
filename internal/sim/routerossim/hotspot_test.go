package routerossim

import (
	"strings"
	"testing"
	"time"
)

const phone = "AA:BB:CC:00:00:01"

// hotspot starts a router on a standing clock with one phone.
func hotspot(t *testing.T, o Options) (*Router, *client, *testClock) {
	t.Helper()
	clock := newClock()
	o.Now = clock.Now
	r := start(t, o)
	if err := r.Join(Device{MAC: "aa-bb-cc-00-00-01", IP: "10.5.50.9", Name: "phone-1"}); err != nil {
		t.Fatal(err)
	}
	return r, dial(t, r), clock
}

func login9(user, password string, more ...string) []string {
	return append([]string{"/ip/hotspot/active/login", "=user=" + user, "=password=" + password, "=ip=10.5.50.9"}, more...)
}

func TestActiveLoginTraps(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	for _, add := range []string{"=name=ok =password=p", "=name=off =disabled=yes", "=name=mac =mac-address=AA:BB:CC:00:00:02",
		"=name=any =mac-address=00:00:00:00:00:00", "=name=AA:BB:CC:00:00:02", "=name=lost =profile=gone", "=name=other =server=hotspot2",
		"=name=here =server=hotspot1", "=name=full =limit-bytes-total=10", "=name=used =limit-uptime=1m"} {
		if strings.Contains(add, "gone") {
			c.ok("/ip/hotspot/user/profile/add", "=name=gone")
		}
		if strings.Contains(add, "hotspot2") {
			c.ok("/ip/hotspot/add", "=name=hotspot2", "=interface=ether2")
		}
		c.ok(append([]string{"/ip/hotspot/user/add"}, strings.Fields(add)...)...)
	}
	c.ok("/ip/hotspot/user/profile/remove", "=.id=gone")
	c.ok(login9("full", "")...)
	r.Traffic(phone, 4, 6)
	c.ok(login9("used", "")...)
	r.Advance(time.Hour)
	want(t, len(r.Rows(activePath)), 0)
	for _, v := range []struct {
		trap  string
		words []string
	}{
		{"invalid username or password", login9("ok", "wrong")},
		{"invalid username or password", login9("nobody", "p")},
		{"invalid username or password", login9("", "")},
		{"invalid username or password", login9("off", "")},
		{"invalid username or password", login9("other", "")},
		{"user mac is not allowed to log in from this MAC address", login9("mac", "")},
		{"invalid username (AA:BB:CC:00:00:02): this MAC address is not yours", login9("AA:BB:CC:00:00:02", "")},
		{"no valid profile found", login9("lost", "")},
		{"user full has reached traffic limit", login9("full", "")},
		{"user used has reached uptime limit", login9("used", "")},
		{"wrong MAC provided", login9("ok", "p", "=mac-address=AA:BB:CC:00:00:99")},
		{"invalid value of mac-address, mac address required", login9("ok", "p", "=mac-address=x")},
		{"unknown parameter server", login9("ok", "p", "=server=hotspot1")},
		{"unknown host IP 10.5.50.77", []string{"/ip/hotspot/active/login", "=user=ok", "=password=p", "=ip=10.5.50.77"}},
		{"invalid value for argument ip", []string{"/ip/hotspot/active/login", "=user=ok", "=password=p", "=ip=phone"}},
	} {
		c.refused(v.trap, v.words...)
	}
	for _, good := range [][]string{login9("any", ""), login9("here", ""), login9("ok", "p", "=mac-address="+strings.ToLower(phone))} {
		c.ok(good...)
	}
	row := r.Rows(activePath)
	want(t, len(row), 1) // one host, one session: the last
	want(t, row[0]["user"]+row[0][".id"]+row[0]["server"]+row[0]["mac-address"], "ok*932050Ahotspot1"+phone)
}

func TestSessionRows(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/user/profile/add", "=name=gold", "=rate-limit=512k/2M", "=address-list=paid", "=session-timeout=2h")
	c.ok("/ip/hotspot/user/add", "=name=u", "=profile=gold", "=limit-uptime=1h", "=comment=order 7", "=limit-bytes-total=5000")
	c.ok(login9("u", "")...)
	r.Advance(10 * time.Minute)
	r.Traffic(phone, 1000, 2500)
	a := r.Rows(activePath)[0]
	want(t, a["uptime"]+" "+a["session-time-left"]+" "+a["bytes-in"]+" "+a["bytes-out"]+" "+a["comment"]+" "+a["limit-bytes-total"], "10m 50m 1000 2500 order 7 5000")
	u := r.find(userPath, "name", "u")
	want(t, u["uptime"]+" "+u["bytes-in"]+" "+u["bytes-out"], "10m 1000 2500")
	want(t, r.Rows(hostPath)[0]["authorized"], "true")
	q := r.Rows("queue/simple")[0]
	want(t, q["name"]+" "+q["target"]+" "+q["max-limit"]+" "+q["dynamic"], "<hotspot-u> 10.5.50.9/32 512000/2000000 true")
	l := r.Rows("ip/firewall/address-list")[0]
	want(t, l["list"]+" "+l["address"], "paid 10.5.50.9")
	want(t, r.Rows("ip/dhcp-server/lease")[0]["host-name"], "phone-1")
	k := r.Rows(cookiePath)[0]
	want(t, k["user"]+" "+k["mac-cookie"]+" "+k["expires-in"], "u true 2d23h50m")
	c.ok("/ip/hotspot/active/remove", "=.id=*932050A")
	for _, path := range []string{activePath, "queue/simple", "ip/firewall/address-list", cookiePath} {
		want(t, len(r.Rows(path)), 0)
	}
	want(t, r.Rows(hostPath)[0]["authorized"], "false")
	want(t, r.find(userPath, "name", "u")["uptime"], "10m") // booked
	c.ok(login9("u", "")...)
	want(t, r.Rows(activePath)[0]["session-time-left"], "50m") // the lifetime, not the session, is limited
}

func TestLimitsEndSessions(t *testing.T) {
	for _, v := range []struct {
		name, user, profile string
		act                 func(r *Router)
		alive, cookies      int
		uptime              string
	}{
		{"uptime", "=limit-uptime=30m", "", func(r *Router) { r.Advance(29*time.Minute + 59*time.Second) }, 1, 1, "29m59s"},
		{"uptime reached", "=limit-uptime=30m", "", func(r *Router) { r.Advance(2 * time.Hour) }, 0, 1, "30m"},
		{"session timeout", "", "=session-timeout=5m", func(r *Router) { r.Advance(time.Hour) }, 0, 0, "5m"},
		{"idle", "", "=idle-timeout=2m", func(r *Router) { r.Advance(time.Minute); r.Traffic(phone, 1, 1); r.Advance(time.Hour) }, 0, 1, "3m"},
		{"bytes in", "=limit-bytes-in=100", "", func(r *Router) { r.Traffic(phone, 100, 0) }, 0, 0, "0s"},
		{"bytes out", "=limit-bytes-out=100", "", func(r *Router) { r.Traffic(phone, 0, 101) }, 0, 0, "0s"},
		{"bytes total", "=limit-bytes-total=100", "", func(r *Router) { r.Traffic(phone, 60, 39) }, 1, 1, "0s"},
		{"bytes total reached", "=limit-bytes-total=100", "", func(r *Router) { r.Traffic(phone, 60, 39); r.Traffic(phone, 1, 0) }, 0, 0, "0s"},
		{"phone leaves", "", "", func(r *Router) { r.Advance(time.Minute); r.Leave(phone) }, 0, 1, "1m"},
		{"no mac-cookie", "", "=add-mac-cookie=no", func(r *Router) { r.Advance(time.Minute) }, 1, 0, "1m"},
		{"cookie expires", "", "=mac-cookie-timeout=1h", func(r *Router) { r.Advance(time.Hour) }, 1, 0, "1h"},
	} {
		t.Run(v.name, func(t *testing.T) {
			r, c, _ := hotspot(t, Options{})
			c.ok(append([]string{"/ip/hotspot/user/profile/add", "=name=p"}, strings.Fields(v.profile)...)...)
			c.ok(append([]string{"/ip/hotspot/user/add", "=name=u", "=profile=p"}, strings.Fields(v.user)...)...)
			c.ok(login9("u", "")...)
			v.act(r)
			want(t, len(r.Rows(activePath)), v.alive)
			want(t, len(r.Rows(cookiePath)), v.cookies)
			want(t, r.find(userPath, "name", "u")["uptime"], v.uptime)
		})
	}
}

// The clock may also move without Advance: a listener hears it.
func TestClockEndsSession(t *testing.T) {
	r, c, clock := hotspot(t, Options{})
	c.ok("/ip/hotspot/user/add", "=name=u", "=limit-uptime=1h")
	c.ok(login9("u", "")...)
	c.send("/ip/hotspot/active/listen", ".tag=L")
	c.ok("/system/identity/print", ".tag=sync")
	clock.add(61 * time.Minute)
	wantList(t, c.next(), "!re", ".tag=L", "=.id=*932050A", "=.dead=yes")
	want(t, r.find(userPath, "name", "u")["uptime"], "1h")
}

func TestSharedUsers(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/user/profile/add", "=name=duo", "=shared-users=2")
	c.ok("/ip/hotspot/user/add", "=name=u", "=profile=duo", "=limit-uptime=1h")
	ips := []string{"10.5.50.9"}
	for _, mac := range []string{"AA:BB:CC:00:00:02", "AA:BB:CC:00:00:03"} {
		if err := r.Join(Device{MAC: mac}); err != nil {
			t.Fatal(err)
		}
		ips = append(ips, r.find(hostPath, "mac-address", mac)["address"])
	}
	c.ok(login9("u", "")...)
	c.ok(login9("u", "")...) // again on the same host changes nothing
	r.Advance(20 * time.Minute)
	c.ok("/ip/hotspot/active/login", "=user=u", "=password=", "=ip="+ips[1])
	c.refused("no more sessions are allowed for user u", "/ip/hotspot/active/login", "=user=u", "=password=", "=ip="+ips[2])
	want(t, len(r.Rows(activePath)), 2)
	r.Advance(19 * time.Minute) // 39 + 19 minutes used
	want(t, r.find(userPath, "name", "u")["uptime"], "58m")
	r.Advance(10 * time.Minute)
	want(t, len(r.Rows(activePath)), 0)
	want(t, r.find(userPath, "name", "u")["uptime"], "1h")
}

// Observed in the field: removing or disabling a user touches neither its
// session nor its cookie.
func TestUserGoesSessionStays(t *testing.T) {
	for _, verb := range []string{"remove", "disable"} {
		r, c, _ := hotspot(t, Options{})
		c.ok("/ip/hotspot/user/add", "=name=u", "=limit-uptime=1h", "=limit-bytes-total=1000")
		c.ok(login9("u", "")...)
		c.ok("/ip/hotspot/user/"+verb, "=.id=u")
		r.Advance(59 * time.Minute)
		want(t, len(r.Rows(activePath)), 1)
		want(t, len(r.Rows(cookiePath)), 1)
		c.refused("invalid username or password", login9("u", "")...)
		r.Traffic(phone, 400, 400)
		want(t, len(r.Rows(activePath)), 1)
		r.Advance(time.Minute)
		want(t, len(r.Rows(activePath)), 0) // the limit known at login still holds
	}
}

func TestTopUpAndReset(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/user/add", "=name=u", "=limit-uptime=1h")
	c.ok(login9("u", "")...)
	r.Advance(50 * time.Minute)
	c.ok("/ip/hotspot/user/set", "=.id=u", "=limit-uptime=2h")
	r.Advance(50 * time.Minute)
	want(t, r.Rows(activePath)[0]["session-time-left"], "20m")
	c.ok("/ip/hotspot/user/reset-counters", "=.id=u")
	want(t, r.find(userPath, "name", "u")["uptime"], "0s")
	r.Advance(30 * time.Minute)
	want(t, r.find(userPath, "name", "u")["uptime"], "30m")
	c.ok("/ip/hotspot/user/set", "=.id=u", "=limit-uptime=10m") // below what is used
	want(t, len(r.Rows(activePath)), 0)
	want(t, r.find(userPath, "name", "u")["uptime"], "30m")
}

func TestMacCookieAndMacLogin(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=mac-cookie,mac,http-pap")
	want(t, r.find("ip/hotspot/profile", "name", "hsprof1")["login-by"], "http-pap,mac,mac-cookie")
	c.ok("/ip/hotspot/user/add", "=name=u", "=password=p")
	c.ok(login9("u", "p")...)
	again := func() {
		r.Leave(phone)
		if err := r.Join(Device{MAC: phone, IP: "10.5.50.9"}); err != nil {
			t.Fatal(err)
		}
	}
	again()
	want(t, r.Rows(activePath)[0]["login-by"], "mac-cookie")
	c.ok("/ip/hotspot/user/set", "=.id=u", "=password=changed")
	again()
	want(t, len(r.Rows(activePath)), 0)
	want(t, len(r.Rows(cookiePath)), 0) // a failed silent login drops it
	c.ok("/ip/hotspot/user/add", "=name="+phone)
	again()
	want(t, r.Rows(activePath)[0]["login-by"], "mac")
}

func TestHostsAndBindings(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	for _, bad := range []Device{{MAC: "x"}, {MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.9"}, {MAC: phone, IP: "fe80::1"}, {MAC: phone, Server: "hotspot9"}} {
		if err := r.Join(bad); err == nil {
			t.Errorf("%+v joined", bad)
		}
	}
	c.ok("/ip/hotspot/host/make-binding", "=.id=*1", "=type=bypassed", "=comment=staff")
	want(t, r.Rows(hostPath)[0]["bypassed"], "true")
	want(t, len(c.ok("/ip/hotspot/host/print", "?bypassed=yes").rows()), 1)
	b := r.Rows(bindingPath)[0]
	want(t, b["mac-address"]+b["type"]+b["bypassed"]+b["comment"], phone+"bypassedtruestaff")
	c.refused("input does not match any value of type", "/ip/hotspot/ip-binding/add", "=address=10.5.50.1", "=type=friend")
	c.ok("/ip/hotspot/user/add", "=name=u")
	c.ok(login9("u", "")...)
	if err := r.Join(Device{MAC: phone, IP: "10.5.50.10"}); err != nil { // a new lease ends the old session
		t.Fatal(err)
	}
	want(t, len(r.Rows(activePath))+10*len(r.Rows(hostPath)), 10)
	c.ok("/ip/hotspot/host/remove", "=.id="+r.Rows(hostPath)[0][".id"])
	want(t, len(r.Rows(hostPath))+len(r.Rows("ip/dhcp-server/lease")), 0)
	r.Leave("never:was")
	r.Traffic(phone, 1, 1)
}

func TestLicenseLimit(t *testing.T) {
	r, c, _ := hotspot(t, Options{LicenseLevel: 3})
	c.ok("/ip/hotspot/user/profile/set", "=.id=default", "=shared-users=unlimited")
	c.ok("/ip/hotspot/user/add", "=name=u")
	c.ok(login9("u", "")...)
	if err := r.Join(Device{MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.10"}); err != nil {
		t.Fatal(err)
	}
	c.refused("session limit reached (license)", "/ip/hotspot/active/login", "=user=u", "=password=", "=ip=10.5.50.10")
	want(t, c.ok("/system/license/print").rows()[0]["nlevel"], "3")
}

func TestHotspotLog(t *testing.T) {
	_, c, _ := hotspot(t, Options{Version: "6.49"})
	c.ok("/system/logging/add", "=action=disk", "=prefix=->", "=topics=hotspot,info,debug") // what Mikhmon writes
	c.ok("/ip/hotspot/user/add", "=name=u")
	c.ok(login9("u", "")...)
	rows := c.ok("/log/print", "?topics=hotspot,info,debug").rows()
	want(t, rows[0]["message"]+"|"+rows[0]["time"], "->: u (10.5.50.9): logged in|jan/02/2026 10:00:00")
}
