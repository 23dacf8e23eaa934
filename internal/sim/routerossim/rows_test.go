package routerossim

import (
	"strconv"
	"strings"
	"testing"
)

func TestUnknownThings(t *testing.T) {
	for _, v := range []struct{ version, board, menu, menuLast, verb, param, item string }{
		{"6.49", "", "no such command prefix", "no such command prefix", "no such command", "unknown parameter", "no such item"},
		{"7.16", "", "no such command or directory (nope)", "no such command prefix", "no such command", "unknown parameter wings", "no such item"},
	} {
		c := dial(t, start(t, Options{Version: v.version}))
		a := c.do("/ip/nope/print", ".tag=t")
		want(t, a.trap(), v.menu)
		want(t, attrOf(a[len(a)-2], "message"), v.menuLast)
		wantList(t, a[len(a)-1], "!done", ".tag=t")
		for _, cmd := range []string{"/ip/hotspot/user/fly", "/ip/print", "#", "/", "/fly", "/ip/hotspot/active/set", "/system/resource/set", "/log/add"} {
			c.refused(v.verb, cmd)
		}
		c.refused(v.param, "/ip/hotspot/user/add", "=name=a", "=wings=2")
		c.refused(v.param, "/ip/hotspot/user/print", "=wings=2")
		c.refused(v.item, "/ip/hotspot/user/set", "=.id=*FFF", "=comment=x")
		c.refused(v.item, "/ip/hotspot/user/remove", "=.id=nobody")
	}
	chr := dial(t, start(t, Options{Board: "CHR"}))
	chr.refused("no such command or directory (routerboard)", "/system/routerboard/print")
	want(t, chr.ok("/system/resource/print").rows()[0]["board-name"], "CHR QEMU Standard PC")
}

func TestAddAndTraps(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	const dup = "failure: already have user with this name for this server"
	want(t, c.ok("/ip/hotspot/user/add", "=name=a", "=password=p=q=").ret(), "*2")
	c.ok("/ip/hotspot/user/add", "=name=a", "=server=hotspot1")
	for _, v := range []struct {
		trap  string
		words string
	}{
		{dup, "=name=a"}, {dup, "=name=a =server=all"}, {dup, "=name=a =server=hotspot1"},
		{"missing value(s) of argument(s) name", "=password=x"},
		{"input does not match any value of profile", "=name=b =profile=gold"},
		{"input does not match any value of server", "=name=b =server=hotspot9"},
		{"invalid value for argument limit-uptime", "=name=b =limit-uptime=soon"},
		{"invalid value for argument limit-bytes-total", "=name=b =limit-bytes-total=-1"},
		{"invalid value of mac-address, mac address required", "=name=b =mac-address=zz"},
		{"input does not match any value of disabled", "=name=b =disabled=perhaps"},
		{"unknown parameter uptime", "=name=b =uptime=1h"},
		{"unknown parameter otp-secret", "=name=b =otp-secret=x"}, // 7.22 has it
		{"no such item", "=name=b =copy-from=*99"},
	} {
		c.refused(v.trap, append([]string{"/ip/hotspot/user/add"}, strings.Fields(v.words)...)...)
	}
	c.refused("unknown parameter loose", "/ip/hotspot/user/add", "=name=b", "loose")
	want(t, len(r.Rows(userPath)), 3)
	row := r.find(userPath, "name", "a")
	want(t, row["password"], "p=q=")
	if _, there := row["server"]; there || row["profile"] != "default" || row["uptime"] != "0s" || row["disabled"] != "false" || row["bytes-in"] != "0" {
		t.Fatalf("%v", row)
	}
	c.ok("/ip/hotspot/user/add", "=name=c", "=copy-from=*2", "=limit-uptime=1d02:00:00", "=limit-bytes-total=1G", "=mac-address=aa-bb-cc-dd-ee-ff", "=disabled=yes", "=comment=")
	row = r.find(userPath, "name", "c")
	want(t, row["password"]+row["limit-uptime"]+row["limit-bytes-total"]+row["mac-address"]+row["disabled"], "p=q=1d2h1073741824AA:BB:CC:DD:EE:FFtrue")
	if _, there := row["comment"]; there {
		t.Fatal("an empty comment is none")
	}
	dial(t, start(t, Options{Version: "7.22"})).ok("/ip/hotspot/user/add", "=name=b", "=otp-secret=x")
}

func TestIdsAreNeverReused(t *testing.T) {
	c := dial(t, start(t, Options{}))
	var last uint64
	for i := range 20 {
		id := c.ok("/ip/hotspot/user/add", "=name=u"+strconv.Itoa(i)).ret()
		n, err := strconv.ParseUint(strings.TrimPrefix(id, "*"), 16, 64)
		if err != nil || n <= last || id != strings.ToUpper(id) {
			t.Fatalf("%q after %d", id, last)
		}
		last = n
		c.ok("/ip/hotspot/user/remove", "=.id="+strings.ToLower(id))
	}
	want(t, last, 21)
}

func TestSetAndRemove(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	for _, n := range []string{"a", "b", "c", "d"} {
		c.ok("/ip/hotspot/user/add", "=name="+n)
	}
	c.ok("/ip/hotspot/user/set", "=.id=*2,*3", "=comment=two")
	c.ok("/ip/hotspot/user/set", "=numbers=c", "=comment=by name", "=password=x")
	want(t, r.find(userPath, "name", "a")["comment"]+r.find(userPath, "name", "b")["comment"]+r.find(userPath, "name", "c")["comment"], "twotwoby name")
	c.refused("failure: already have user with this name for this server", "/ip/hotspot/user/set", "=.id=a", "=name=b")
	c.ok("/ip/hotspot/user/set", "=.id=a", "=name=a", "=comment=")
	c.ok("/ip/hotspot/user/set", "=.id=", "=comment=x") // Mikhmon sends an empty id when it found nothing
	c.ok("/ip/hotspot/user/remove", "=.id=")
	c.refused("missing value(s) of argument(s) numbers", "/ip/hotspot/user/remove")
	c.refused("no such item", "/ip/hotspot/user/remove", "=.id=*2,*77")
	want(t, len(r.Rows(userPath)), 5) // nothing of it was done
	c.ok("/ip/hotspot/user/disable", "=.id=b")
	want(t, r.find(userPath, "name", "b")["disabled"], "true")
	c.ok("/ip/hotspot/user/enable", "=numbers=b")
	want(t, r.find(userPath, "name", "b")["disabled"], "false")
	c.ok("/ip/hotspot/user/comment", "=numbers=b", "=comment=hello")
	want(t, r.find(userPath, "name", "b")["comment"], "hello")
	c.ok("/ip/hotspot/user/unset", "=numbers=b", "=value-name=comment")
	want(t, r.find(userPath, "name", "b")["comment"], "")
	c.refused("input does not match any value of value-name", "/ip/hotspot/user/unset", "=numbers=b", "=value-name=name")
	c.ok("/ip/hotspot/user/remove", "=numbers=*2,b,c")
	wantList(t, c.ok("/ip/hotspot/user/getall").names(), "default-trial", "d")
	c.refused("failure: can not remove default item", "/ip/hotspot/user/remove", "=.id=default-trial")
	c.refused("failure: can not remove default item", "/ip/hotspot/user/profile/remove", "=.id=default")
}

func TestReferencesFollow(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.ok("/ip/hotspot/user/profile/add", "=name=gold", "=rate-limit=2M/5M 3M/6M", "=shared-users=2")
	c.ok("/ip/hotspot/user/add", "=name=a", "=profile=gold")
	c.ok("/ip/hotspot/user/profile/set", "=.id=gold", "=name=silver")
	want(t, r.find(userPath, "name", "a")["profile"], "silver")
	id := r.find(profilePath, "name", "silver")[".id"]
	c.ok("/ip/hotspot/user/profile/remove", "=.id=silver")
	want(t, r.find(userPath, "name", "a")["profile"], id)
}

func TestPrint(t *testing.T) {
	for version, empty := range map[string]string{"7.16": "!done", "7.22": "!empty", "6.49": "!done"} {
		c := dial(t, start(t, Options{Version: version}))
		want(t, c.do("/ip/hotspot/cookie/print")[0][0], empty)
		want(t, c.do("/ip/hotspot/user/print", "?name=nobody")[0][0], empty)
		want(t, c.ok("/ip/hotspot/user/print", "=count-only=", "?name=nobody").ret(), "0")
	}
	c := dial(t, start(t, Options{}))
	for i := range 3 {
		c.ok("/ip/hotspot/user/add", "=name=u"+strconv.Itoa(i), "=comment=vc-1", "=password=p")
	}
	a := c.do("/ip/hotspot/user/print", "=count-only", "?comment=vc-1", "?uptime=00:00:00", ".tag=9")
	wantList(t, a[0], "!done", ".tag=9", "=ret=3")
	want(t, len(a), 1)
	a = c.ok("/ip/hotspot/user/print", "=.proplist=name,uptime", "?name=u1", "=detail=", "=stats=")
	wantList(t, a[0], "!re", "=name=u1", "=uptime=0s")
	a = c.ok("/ip/hotspot/user/print", "=.proplist=.id,name", "?=name=u1")
	wantList(t, a[0], "!re", "=.id=*3", "=name=u1")
	wantList(t, c.ok("/ip/hotspot/user/print", "?name=u2", "?name=u0", "?#|").names(), "u0", "u2")
	wantList(t, c.ok("/ip/hotspot/user/print", "=from=*4,u0").names(), "u2", "u0")
	want(t, c.ok("/ip/hotspot/user/get", "=.id=u1", "=value-name=comment").ret(), "vc-1")
	want(t, c.ok("/ip/hotspot/user/find").ret(), "*1;*2;*3;*4")
	want(t, len(c.ok("/sys/ident/print").rows()), 1) // unique beginnings, as on the console
	c.refused("no such command or directory (i)", "/i/print")
}

func TestOrder(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	for _, m := range []string{"01", "02", "03"} {
		c.ok("/ip/hotspot/ip-binding/add", "=mac-address=00:00:00:00:00:"+m, "=type=bypassed", "=comment="+m)
	}
	order := func() string {
		s := ""
		for _, m := range r.Rows(bindingPath) {
			s += m["comment"]
		}
		return s
	}
	c.ok("/ip/hotspot/ip-binding/move", "=numbers=*3", "=destination=*1")
	want(t, order(), "030102")
	c.ok("/ip/hotspot/ip-binding/move", "=numbers=*3")
	want(t, order(), "010203")
	c.ok("/ip/hotspot/ip-binding/add", "=address=10.5.50.7", "=comment=04", "=place-before=*2")
	want(t, order(), "01040203")
}
