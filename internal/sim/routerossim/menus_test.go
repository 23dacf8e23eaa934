package routerossim

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// sample is a legal value for a field, as it should print.
func sample(f *field) (in, out string) {
	switch f.kind {
	case "num", "oneport":
		return "42", "42"
	case "users":
		return "7", "7"
	case "dur", "durnone":
		return "90", "1m30s"
	case "bool", "yesno":
		if f.def == "true" {
			return "no", "false"
		}
		return "yes", "true"
	case "mac":
		return "aa-bb-cc-dd-ee-ff", "AA:BB:CC:DD:EE:FF"
	case "ip":
		return "10.1.2.3", "10.1.2.3"
	case "pfx":
		return "10.1.2.0/24", "10.1.2.0/24"
	case "enum":
		return f.opts[len(f.opts)-1], f.opts[len(f.opts)-1]
	case "flags":
		return f.opts[1] + "," + f.opts[0], f.opts[0] + "," + f.opts[1]
	case "rate":
		return "1M/2M", "1M/2M"
	case "rates":
		return "1M/2k", "1000000/2000"
	case "policy":
		return "read", "read"
	case "date":
		return "2026-05-06", "2026-05-06"
	}
	return "x=y z", "x=y z"
}

// Every menu of the table prints, counts, and takes every field it declares.
func TestEveryMenu(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.22", "7.24"} {
		t.Run(version, func(t *testing.T) { everyMenu(t, start(t, Options{Version: version, Now: newClock().Now})) })
	}
}

func everyMenu(t *testing.T, r *Router) {
	c := dial(t, r)
	for _, path := range menuOrder {
		m := menus[path]
		if len(m.fields) == 0 || !r.exists(path) {
			continue
		}
		before := len(c.ok("/" + path + "/print").rows())
		if want1 := 1; m.single && before != want1 {
			t.Errorf("%s: %d records", path, before)
		}
		if m.single {
			if _, there := c.ok("/" + path + "/print").rows()[0][".id"]; there {
				t.Errorf("%s: a single record has no id", path)
			}
		}
		if !slices.Contains(m.verbs, "add") {
			continue
		}
		words, expect := []string{"/" + path + "/add"}, map[string]string{}
		for _, f := range m.fields {
			if f.readonly || !r.ver.has(f.ver) {
				continue
			}
			in, out := sample(f)
			switch {
			case f.kind == "ref" && f.opts[0] == path:
				continue
			case f.kind == "ref":
				rows := r.Rows(f.opts[0])
				if len(rows) == 0 {
					continue
				}
				in = rows[0]["name"]
				out = in
			case f.name == "start-time":
				in, out = "01:02:03", "01:02:03"
			case f.name == "start-date":
				out = r.ver.date(mustDate(t, r, in))
			}
			words = append(words, "="+f.name+"="+in)
			expect[f.name] = out
		}
		id := c.ok(words...).ret()
		row := r.find(path, ".id", id)
		for name, v := range expect {
			f := m.byName[name]
			if f.hidden || f.kind == "policy" && strings.HasPrefix(row[name], "read,!") {
				continue
			}
			if row[name] != v {
				t.Errorf("%s %s: printed %q, want %q", path, name, row[name], v)
			}
		}
		if m.dup != "" {
			c.refused(m.dup, words...)
		}
		c.ok("/"+path+"/remove", "=.id="+id)
		if got := len(c.ok("/" + path + "/print").rows()); got != before {
			t.Errorf("%s: %d rows, had %d", path, got, before)
		}
	}
}

func TestSeededRows(t *testing.T) {
	r := start(t, Options{Name: "hap1", User: "gerai", Password: "secret"})
	for _, v := range []struct{ path, name, value, field, want string }{
		{userPath, "name", "default-trial", "default", "true"},
		{userPath, "name", "default-trial", "comment", "counters and limits for trial users"},
		{profilePath, "name", "default", "shared-users", "1"},
		{profilePath, "name", "default", "keepalive-timeout", "2m"},
		{profilePath, "name", "default", "idle-timeout", "none"},
		{profilePath, "name", "default", "add-mac-cookie", "true"},
		{profilePath, "name", "default", "mac-cookie-timeout", "3d"},
		{"ip/hotspot", "name", "hotspot1", "interface", "bridge"},
		{"ip/hotspot/profile", "name", "hsprof1", "login-by", "cookie,http-chap"},
		{"ip/hotspot/profile", "name", "hsprof1", "use-radius", "false"},
		{"ip/pool", "name", "hs-pool-1", "ranges", "10.5.50.2-10.5.50.254"},
		{"ip/address", "interface", "bridge", "network", "10.5.50.0"},
		{"ip/service", "name", "api", "max-sessions", "20"},
		{"user", "name", "gerai", "group", "full"},
		{"system/identity", "name", "hap1", "name", "hap1"},
		{"system/resource", "platform", "MikroTik", "version", "7.16 (stable)"},
		{"system/routerboard", "routerboard", "true", "current-firmware", "7.16"},
	} {
		if row := r.find(v.path, v.name, v.value); row[v.field] != v.want {
			t.Errorf("%s %s=%s: %s is %q, want %q", v.path, v.name, v.value, v.field, row[v.field], v.want)
		}
	}
	if len(r.Rows("user")) != 1 || len(r.Rows("user/group")) != 3 || r.Rows("no/menu") != nil {
		t.Error("accounts or groups")
	}
}

func TestDatesFollowTheVersion(t *testing.T) {
	for version, want1 := range map[string]string{"6.49": "jan/02/2026", "7.9": "jan/02/2026", "7.16": "2026-01-02"} {
		clock := newClock()
		r := start(t, Options{Version: version, Now: clock.Now})
		c := dial(t, r)
		want(t, c.ok("/system/clock/print").rows()[0]["date"], want1)
		want(t, r.Rows("log")[0]["time"], want1+" 10:00:00")
		c.ok("/system/scheduler/add", "=name=daily", "=interval=1d", "=start-time=09:00:00", "=start-date="+want1, "=on-event=:log info x")
		row := r.find("system/scheduler", "name", "daily")
		want(t, row["owner"]+" "+row["start-date"]+" "+row["interval"], "admin "+want1+" 1d")
		if next := row["next-run"]; !strings.HasSuffix(next, " 09:00:00") || strings.HasPrefix(next, want1) {
			t.Errorf("%s: next run %q", version, next)
		}
	}
}

func TestScriptsAndFiles(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.ok("/system/script/add", "=name=sale-|-1", "=source=jan/02/2026", "=owner=jan2026", "=comment=mikhmon")
	wantList(t, c.ok("/system/script/print", "?=comment=mikhmon").names(), "sale-|-1")
	want(t, r.Rows("system/script")[0]["owner"], "jan2026")
	c.ok("/system/script/run", "=.id=sale-|-1")
	want(t, r.Rows("system/script")[0]["run-count"], "1")
	c.refused("failure: item with this name already exists", "/system/script/add", "=name=sale-|-1")

	c.ok("/file/add", "=name=hotspot/buy.html", "=contents=<html>")
	row := r.find("file", "name", "hotspot/buy.html")
	want(t, row["size"]+row["type"], "6.html file")
	c.ok("/file/set", "=numbers=hotspot/buy.html", "=contents=abcdef")
	a := c.ok("/file/read", "=file=hotspot/buy.html", "=offset=2", "=chunk-size=3")
	want(t, attrOf(a[0], "data"), "cde")
	c.refused("failure: contents too long", "/file/set", "=numbers=hotspot/buy.html", "=contents="+strings.Repeat("x", r.fileLimit()+1))
	dial(t, start(t, Options{Version: "6.49"})).refused("no such command", "/file/add", "=name=x")
}

func TestRates(t *testing.T) {
	c := dial(t, start(t, Options{}))
	for _, good := range []string{"512k/1M", "1M", "2M/5M 3M/6M 1M/2M 10/10 8 1M/1M", "64000/128000 0/0"} {
		c.ok("/ip/hotspot/user/profile/set", "=.id=default", "=rate-limit="+good)
	}
	for _, bad := range []string{"fast", "1M/2M/3M", "1M/", "1Mbps", "1 2 3 4 5 6 7"} {
		c.refused("invalid value for argument rate-limit", "/ip/hotspot/user/profile/set", "=.id=default", "=rate-limit="+bad)
	}
}

func mustDate(t *testing.T, r *Router, s string) time.Time {
	t.Helper()
	d, err := r.parseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
