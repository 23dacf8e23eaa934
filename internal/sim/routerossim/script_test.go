package routerossim

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// said runs a script and returns what it wrote to the log, the newest last.
func said(t *testing.T, r *Router, c *client, source string) []string {
	t.Helper()
	before := len(r.Rows("log"))
	id := c.ok("/system/script/add", "=name=x", "=source="+source).ret()
	c.ok("/system/script/run", "=.id="+id)
	c.ok("/system/script/remove", "=.id="+id)
	var out []string
	for _, row := range r.Rows("log")[before:] {
		if strings.HasPrefix(row["topics"], "script") {
			out = append(out, row["message"])
		}
	}
	return out
}

func TestScriptValues(t *testing.T) {
	r := start(t, Options{Now: newClock().Now})
	c := dial(t, r)
	for source, want1 := range map[string]string{
		`:log info (1 + 2 * 3)`:                                   "7",
		`:log info ((1 + 2) * 3 - 10 / 4)`:                        "7",
		`:log info (7 % 4)`:                                       "3",
		`:log info (-3 + 1)`:                                      "-2",
		`:log info ("a" . "b" . 3)`:                               "ab3",
		`:local a 5; :log info "$a vouchers, \"no\" \$ \41"`:      `5 vouchers, "no" $ A`,
		`:local m 12; :log info ($m-1)`:                           "11",
		`:log info [:pick "2026-11-30" 5 7]`:                      "11",
		`:log info [:pick "abc" 1]`:                               "b",
		`:log info [:pick "abc" 2 9]`:                             "c",
		`:log info [:find "abcabc" "c"]`:                          "2",
		`:log info [:typeof [:find "abc" "x"]]`:                   "nothing",
		`:log info [:len "abcd"]`:                                 "4",
		`:log info ([:tonum "08"] + 1)`:                           "9",
		`:log info [:typeof [:tonum "x"]]`:                        "nothing",
		`:log info [:tostr [:totime "1d2h"]]`:                     "1d02:00:00",
		`:log info (1h > 59m)`:                                    "true",
		`:log info ("abc" ~ "^a.c\$")`:                            "true",
		`:log info (1 = 1 && !(2 < 1) || false)`:                  "true",
		`:log info (1 = 1 and 2 = 3)`:                             "false",
		`:if (1 > 2) do={ :log info "a" } else={ :log info "b" }`: "b",
		`:local x 1; :if (true) do={ :set x 2 }; :log info $x`:    "2",
		`:local x 1; :if (true) do={ :local x 2 }; :log info $x`:  "1",
		":local n 0\n:foreach i in=[/ip service find] do={ :set n ($n + 1) }\n:log info $n": "8",
		`:do { :error "no" } on-error={ :log info "caught" }`:                               "caught",
		`:do { :log info [/ip pool get nothing ranges] } on-error={ :log info "missing" }`:  "missing",
		"# a comment\n:log info \\\n  ok":                                                   "ok",
		`:log info [/ip service get api port]`:                                              "8728",
		`:log info [:len [/ip service find where port>8000 !disabled]]`:                     "3",
		`:log info [/system clock get date]`:                                                "2026-01-02",
		`:log info [/system clock get time]`:                                                "10:00:00",
		`:log info [:typeof [/system clock get time]]`:                                      "time",
		`:log info (5 / 0)`:              "executing script x failed, please check it manually: division by zero",
		`:log info ("a" + 1)`:            "executing script x failed, please check it manually: cannot apply + to str and num",
		`:log info [:tonum ]`:            "executing script x failed, please check it manually: missing value(s) of argument(s)",
		`:global f do={ :return 1 }`:     "executing script x failed, please check it manually: line 1: bad command name global",
		`/ip hotspot wonder find`:        "executing script x failed, please check it manually: line 1: command wonder is not supported",
		`:if (1 = 1) do={ :log info "x"`: `executing script x failed, please check it manually: line 1: expected } at ""`,
		`:log info "x" "y"`:              `executing script x failed, please check it manually: line 1: expected end of command at "\"y\""`,
	} {
		if got := said(t, r, c, source); len(got) != 1 || got[0] != want1 {
			t.Errorf("%s\nsays %q, want %q", source, got, want1)
		}
	}
	for source, want1 := range map[string]string{
		`:log info [/system clock get date]`:                                                          "jan/02/2026",
		`:log info [/system clock get gmt-offset]`:                                                    "25200",
		`/system clock set time-zone-name=America/New_York; :log info [/system clock get gmt-offset]`: "4294949296",
	} {
		old := start(t, Options{Version: "6.49", Now: newClock().Now})
		if got := said(t, old, dial(t, old), source); len(got) != 1 || got[0] != want1 {
			t.Errorf("%s\nsays %q, want %q", source, got, want1)
		}
	}
	if got := said(t, r, c, `:log info [/system clock get gmt-offset]`); !slices.Equal(got, []string{"+07:00"}) {
		t.Error(got)
	}
}

// What a script does, it does like a command: names, values and rights are checked.
func TestScriptChangesRows(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	for _, name := range []string{"a", "b", "c"} {
		c.ok("/ip/hotspot/user/add", "=name="+name, "=comment=up-"+name+".ge1")
	}
	c.ok(login9("b", "")...)
	got := said(t, r, c, `:foreach i in=[/ip hotspot user find where comment~"[.]ge[0-9]" name!=c disabled=no] do={
  :local n [/ip hotspot user get $i name]
  /ip hotspot user set $i disabled=yes comment=("was " . [/ip hotspot user get $i comment])
  /ip hotspot cookie remove [find where user=$n]
  /ip hotspot active remove [find where user=$n]
}`)
	if len(got) != 0 {
		t.Fatal(got)
	}
	for name, want1 := range map[string]string{"a": "true was up-a.ge1", "b": "true was up-b.ge1", "c": "false up-c.ge1"} {
		row := r.find(userPath, "name", name)
		want(t, row["disabled"]+" "+row["comment"], want1)
	}
	want(t, len(r.Rows(activePath))+len(r.Rows(cookiePath)), 0)
	for source, fault := range map[string]string{
		`/ip hotspot user set [find where name=c] wonder=1`:   "unknown parameter wonder",
		`/ip hotspot user set [find where name=c] profile=no`: "input does not match any value of profile",
		`/ip hotspot user remove nobody`:                      "no such item",
	} {
		if got := said(t, r, c, source); len(got) != 1 || !strings.HasSuffix(got[0], ": "+fault) {
			t.Errorf("%s: %q", source, got)
		}
	}
	if got := said(t, r, c, `/ip hotspot user set [find where name=none] disabled=yes`); len(got) != 0 {
		t.Error("nothing found is no error", got)
	}
}

// schedule adds a scheduler that writes one line at each run.
func schedule(c *client, name string, more ...string) {
	c.ok(append([]string{"/system/scheduler/add", "=name=" + name, "=on-event=:log info " + name}, more...)...)
}

func runs(r *Router, name string) (out []string) {
	for _, row := range r.Rows("log") {
		if row["topics"] == "script,info" && row["message"] == name {
			out = append(out, row["time"][len(row["time"])-8:])
		}
	}
	return out
}

func TestSchedulers(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.24.5"} {
		r, c, clock := hotspot(t, Options{Version: version}) // ten o'clock on the router
		day := r.ver.date(r.local(r.now()))
		schedule(c, "often", "=start-date="+day, "=start-time=10:00:30", "=interval=1m")
		schedule(c, "old", "=start-date="+r.ver.date(time.Unix(0, 0)), "=start-time=00:00:00", "=interval=45s")
		schedule(c, "once", "=start-date="+day, "=start-time=10:01:00")
		schedule(c, "off", "=start-date="+day, "=start-time=10:00:30", "=interval=1m", "=disabled=yes")
		schedule(c, "boot", "=start-time=startup", "=interval=2m")
		clock.add(2*time.Minute + 10*time.Second)
		wantList(t, runs(r, "often"), "10:00:30", "10:01:30")
		wantList(t, runs(r, "old"), "10:00:45", "10:01:30")
		wantList(t, runs(r, "once"), "10:01:00")
		wantList(t, runs(r, "off"))
		wantList(t, runs(r, "boot"), "10:02:00")
		want(t, r.find("system/scheduler", "name", "often")["run-count"], "2")
		c.ok("/system/scheduler/disable", "=numbers=often")
		r.Advance(time.Hour)
		want(t, len(runs(r, "often")), 2)
	}
	for version, want1 := range map[string]int{"7.24.0": 0, "7.24": 0, "7.16": 2} { // a date that was not set
		r, c, clock := hotspot(t, Options{Version: version})
		schedule(c, "dateless", "=interval=1m")
		clock.add(2*time.Minute + time.Second)
		want(t, len(runs(r, "dateless")), want1)
	}
}

// A scheduler runs as its owner, with no more rights than it was given, by the router's clock.
func TestSchedulerRights(t *testing.T) {
	r, c, clock := hotspot(t, Options{})
	c.ok("/user/group/add", "=name=few", "=policy=api,read,write,test")
	c.ok("/user/add", "=name=shop", "=group=few", "=password=p")
	shop := dialRaw(t, r)
	shop.ok("/login", "=name=shop", "=password=p")
	shop.refused(msgNoPermission, "/system/scheduler/add", "=name=x", "=policy=read,reboot")
	day := r.ver.date(r.local(r.now()))
	add := func(name, policy string) {
		shop.ok("/system/scheduler/add", "=name="+name, "=start-date="+day, "=start-time=00:00:00", "=interval=1m", "=policy="+policy,
			"=on-event=/ip hotspot user add name="+name+"\n/system scheduler disable "+name)
	}
	add("reads", "read")
	add("writes", "read,write")
	clock.add(time.Minute)
	want(t, r.find(userPath, "name", "reads") == nil, true)
	want(t, r.find(userPath, "name", "writes") != nil, true)
	add("orphan", "read,write")
	c.ok("/user/remove", "=.id=shop")
	clock.add(time.Minute)
	want(t, r.find(userPath, "name", "orphan") == nil, true)

	r2, c2, _ := hotspot(t, Options{})
	schedule(c2, "late", "=start-date=2026-01-03", "=start-time=00:00:00", "=interval=1m")
	r2.Advance(time.Minute)
	want(t, len(runs(r2, "late")), 0)
	r2.SetFaults(Faults{WrongClockSeconds: 86400})
	r2.Advance(time.Minute)
	want(t, len(runs(r2, "late")), 1)
	r2.SetFaults(Faults{})
	r2.Advance(30 * 24 * time.Hour) // runs thin out, the last is at its moment
	got := runs(r2, "late")
	if len(got) < 100 || len(got) > 502 || got[len(got)-1] != "10:02:00" {
		t.Error(len(got), got[len(got)-1])
	}
}

// A script that is past what is understood never runs, not even in part.
func TestUnknownScriptsDoNothing(t *testing.T) {
	r, c, clock := hotspot(t, Options{})
	c.ok("/ip/hotspot/user/add", "=name=a")
	c.ok("/system/scheduler/add", "=name=mikhmon", "=start-date=2026-01-01", "=start-time=00:00:00", "=interval=1m",
		"=on-event=/ip hotspot user remove [find where name=a]\n:local dateint do={:return 1}")
	clock.add(time.Minute)
	want(t, r.find(userPath, "name", "a") != nil, true)
	want(t, strings.Contains(r.find("log", "topics", "script,error")["message"], "(mikhmon) failed"), true)
}
