package routerossim

import (
	"encoding/json"
	"testing"
	"time"
)

func TestCommandFaults(t *testing.T) {
	for _, v := range []struct {
		name     string
		f        Faults
		executed bool
		see      func(c *client) // what the client sees of an add
	}{
		{"drop before", Faults{DropBefore: true}, false, (*client).closed},
		{"drop after", Faults{DropAfter: true}, true, (*client).closed},
		{"cut", Faults{CutMidSentence: true}, true, func(c *client) {
			if _, err := c.read(); err == nil {
				c.t.Fatal("a whole sentence")
			}
		}},
		{"garbage", Faults{Garbage: true}, true, (*client).closed},
		{"oversized word", Faults{OversizedWord: true}, true, func(c *client) {
			if n, err := readLen(c.in); n != 1<<28 || err != nil {
				c.t.Fatal(n, err)
			}
		}},
		{"fatal", Faults{Fatal: true}, false, func(c *client) { want(c.t, c.next()[0], "!fatal"); c.closed() }},
		{"busy", Faults{Busy: "failure: too many"}, false, func(c *client) {
			wantList(c.t, c.next(), "!trap", "=message=failure: too many")
			wantList(c.t, c.next(), "!done")
		}},
		{"two traps", Faults{TwoTraps: true}, false, func(c *client) {
			want(c.t, c.next()[0]+c.next()[0]+c.next()[0], "!trap!trap!done")
		}},
		{"silent trap", Faults{TrapNoMessage: true}, false, func(c *client) {
			wantList(c.t, c.next(), "!trap")
			wantList(c.t, c.next(), "!done")
		}},
		{"empty sentence", Faults{EmptySentence: true}, true, func(c *client) {
			want(c.t, len(c.next()), 0)
			want(c.t, c.next()[0], "!done")
		}},
		{"hang", Faults{Hang: true}, false, silent},
		{"hang after", Faults{HangAfter: true}, true, silent},
		{"byte writes", Faults{ByteWrites: true}, true, func(c *client) { want(c.t, c.next()[0], "!done") }},
		{"slow reader", Faults{SlowReadMS: 1}, true, func(c *client) { want(c.t, c.next()[0], "!done") }},
	} {
		t.Run(v.name, func(t *testing.T) {
			r := start(t, Options{})
			c := dial(t, r)
			v.f.Only, v.f.Count = "/ip/hotspot/user/add", 1
			r.SetFaults(v.f)
			c.ok("/system/identity/print") // not meant by Only
			c.send("/ip/hotspot/user/add", "=name=u", "=password=hush")
			v.see(c)
			want(t, r.find(userPath, "name", "u") != nil, v.executed)
			again := dial(t, r)
			again.ok("/ip/hotspot/user/add", "=name=second") // Count is used up
			if f := r.Faults(); f.DropAfter || f.Hang || f.Busy != "" || f.Only != "" {
				t.Fatalf("still %+v", f)
			}
		})
	}
}

// silent checks that the command is never answered while the connection lives,
// and that cancel ends the waiting.
func silent(c *client) {
	c.t.Helper()
	c.send("/system/identity/print", ".tag=later")
	s := c.next()
	want(c.t, s[0]+s[1], "!re.tag=later")
	want(c.t, c.next()[0], "!done")
	c.send("/cancel", ".tag=x")
	wantList(c.t, c.next(), "!trap", "=category=2", "=message=interrupted")
	wantList(c.t, c.next(), "!done", ".tag=x")
	wantList(c.t, c.next(), "!done")
}

func TestFaultClasses(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	r.SetFaults(Faults{Busy: "no", Only: "writes"})
	c.ok("/ip/hotspot/user/print")
	c.refused("no", "/ip/hotspot/user/add", "=name=u")
	c.refused("no", "/ip/hotspot/user/add", "=name=u") // without Count it lasts
	r.SetFaults(Faults{Busy: "no", Only: "reads"})
	c.refused("no", "/ip/hotspot/user/print")
	c.ok("/ip/hotspot/user/add", "=name=u")
	r.SetFaults(Faults{Busy: "no"})
	c = dial(t, r) // a login is not struck unless named
	c.refused("no", "/ip/hotspot/user/print")
	r.SetFaults(Faults{Fatal: true, Only: "/login", Count: 1})
	c = dialRaw(t, r)
	want(t, c.do("/login", "=name=admin", "=password=secret").word(), "!fatal")
	dial(t, r)
}

func TestRejectLogin(t *testing.T) {
	r := start(t, Options{})
	r.SetFaults(Faults{RejectLogin: true})
	c := dialRaw(t, r)
	c.refused(msgBadLogin, "/login", "=name=admin", "=password=secret")
	r.SetFaults(Faults{})
	c.ok("/login", "=name=admin", "=password=secret")
}

func TestDown(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.ok("/ip/hotspot/user/add", "=name=u")
	r.SetFaults(Faults{Down: true})
	c.closed()
	r.turnsAway(t)
	want(t, r.status().Up, false)
	r.SetFaults(Faults{})
	want(t, len(dial(t, r).ok("/ip/hotspot/user/print", "?name=u").rows()), 1)
}

func TestDelay(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	r.SetFaults(Faults{DelayMS: 80})
	began := time.Now()
	c.ok("/system/identity/print")
	if took := time.Since(began); took < 80*time.Millisecond {
		t.Fatalf("took %v", took)
	}
	// Who gives up too early has still given the order.
	c.send("/ip/hotspot/user/add", "=name=u")
	c.conn.Close()
	eventually(t, "the delayed command is executed", func() bool { return r.find(userPath, "name", "u") != nil })
}

func TestReboot(t *testing.T) {
	for _, by := range []string{"fault", "command"} {
		r, c, clock := hotspot(t, Options{})
		c.ok("/ip/hotspot/user/add", "=name=u")
		c.ok(login9("u", "")...)
		r.Advance(time.Hour)
		want(t, c.ok("/system/resource/print").rows()[0]["uptime"], "1h")
		if by == "fault" {
			r.SetFaults(Faults{Reboot: true, RebootMS: 3_600_000})
		} else {
			r.SetFaults(Faults{RebootMS: 3_600_000})
			c.send("/system/reboot")
		}
		c.closed() // no !done
		r.turnsAway(t)
		clock.add(time.Hour + 3*time.Second) // either clock ends it
		c = dial(t, r)
		want(t, c.ok("/system/resource/print").rows()[0]["uptime"], "3s")
		want(t, len(r.Rows(activePath))+len(r.Rows(hostPath))+len(r.Rows("ip/dhcp-server/lease")), 0)
		want(t, r.find(userPath, "name", "u")["uptime"], "1h")
		want(t, len(r.Rows(cookiePath)), 1)
	}
	r := start(t, Options{})
	r.SetFaults(Faults{Reboot: true, RebootMS: 50})
	eventually(t, "it comes back in real time", func() bool { return r.status().Up })
	dial(t, r)
}

func TestDeviceMode(t *testing.T) {
	r, c, _ := hotspot(t, Options{Version: "7.22"})
	mode := func() map[string]string { return c.ok("/system/device-mode/print").rows()[0] }
	want(t, mode()["mode"]+mode()["hotspot"], "advancedtrue")
	c.ok("/ip/hotspot/user/add", "=name=u")
	r.SetFaults(Faults{NoDeviceMode: true, Flagged: true})
	want(t, mode()["mode"]+mode()["hotspot"]+mode()["flagged"], "homefalsetrue")
	for _, words := range [][]string{{"/ip/hotspot/user/add", "=name=v"}, {"/ip/hotspot/add", "=name=h", "=interface=ether2"}, login9("u", "")} {
		c.refused(msgDeviceMode, words...)
	}
	c.refused(msgFlagged, "/system/scheduler/add", "=name=s")
	c.ok("/ip/hotspot/user/remove", "=.id=u")
	old := dial(t, start(t, Options{Version: "6.49"}))
	old.refused("no such command prefix", "/system/device-mode/print")
}

func TestWrongClock(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	r.SetFaults(Faults{WrongClockSeconds: -86400 * 365})
	want(t, c.ok("/system/clock/print").rows()[0]["date"], "2025-01-02")
	r.SetFaults(Faults{})
	row := c.ok("/system/clock/print").rows()[0]
	want(t, row["date"]+" "+row["time"]+" "+row["gmt-offset"]+" "+row["time-zone-name"], "2026-01-02 10:00:00 +07:00 Asia/Jakarta")
	c.ok("/system/clock/set", "=time-zone-name=Asia/Jayapura", "=date=2026-03-04")
	c.ok("/system/clock/set", "=time=23:59:58")
	r.Advance(3 * time.Second)
	row = c.ok("/system/clock/print").rows()[0]
	want(t, row["date"]+" "+row["time"]+" "+row["gmt-offset"], "2026-03-05 00:00:01 +09:00")
	c.refused("input does not match any value of time-zone-name", "/system/clock/set", "=time-zone-name=Asia/Gotham")
	c.refused("invalid value for argument time", "/system/clock/set", "=time=25:00:00")
	c.refused("invalid value for argument date", "/system/clock/set", "=date=soon")
}

func TestFaultsJSON(t *testing.T) {
	for in, f := range map[string]Faults{
		`{}`:                                     {},
		`{"down":true}`:                          {Down: true},
		`{"drop_after":2}`:                       {DropAfter: true, Count: 2},
		`{"drop_after":0,"delay_ms":5}`:          {DelayMS: 5},
		`{"hang":true,"only":"/ip","count":3}`:   {Hang: true, Only: "/ip", Count: 3},
		`{"busy":"x","wrong_clock_seconds":-60}`: {Busy: "x", WrongClockSeconds: -60},
	} {
		var got Faults
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != f {
			t.Errorf("%s: %+v %v", in, got, err)
		}
	}
	for _, bad := range []string{`{"dwon":true}`, `[]`, `{"down":"yes"}`} {
		var got Faults
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s accepted: %+v", bad, got)
		}
	}
}
