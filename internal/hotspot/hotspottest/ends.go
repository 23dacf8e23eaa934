package hotspottest

import (
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/testenv"
)

// endGrace is how long after its end a user may be online at most, on a router whose clock is
// right: what the scheduler waits, and its interval.
const endGrace = hotspot.EndsSkew + time.Minute

const (
	phone   = "AA:BB:CC:00:00:01"
	phoneIP = "10.5.50.2"
)

// online makes a user and logs a device in as it.
func online(t *testing.T, f Fixture, u hotspot.User) {
	t.Helper()
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join(phone, phoneIP)
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: phone, IP: phoneIP}, u.Name, u.Password))
}

func hold(t *testing.T, f Fixture, on bool) {
	t.Helper()
	_, err := f.Driver.HoldEnds(ctx, f.Router, on)
	must(t, err)
}

// endless is a user whose limits do not end it.
func endless(name string, b hotspot.Bound) hotspot.User {
	u := User(name)
	u.LimitUptime, u.LimitBytes, u.Bound, u.Recorded = 0, 0, b, true
	return u
}

func ends(t *testing.T, f Fixture) {
	u, other := endless("abcdefg", hotspot.Bound{EndsAt: f.Now().Add(time.Hour).Unix()}), endless("hijklmn", hotspot.Bound{EndsAt: f.Now().Add(24 * time.Hour).Unix()})
	online(t, f, u)
	for _, x := range []hotspot.User{other, endless("opqrstu", hotspot.Bound{})} {
		_, err := f.Driver.EnsureUser(ctx, f.Router, x)
		must(t, err)
	}
	for name, comment := range map[string]string{"member": "", "kamar5": "kamar-5-until2026", "kamar6": "kos-after2026", "kamar7": "-until31122024"} {
		f.Foreign(name)
		if comment != "" {
			f.Change(name, "comment", comment)
		}
	}
	hold(t, f, true)
	f.Wait(time.Hour + 10*time.Second)
	if f.OnlineAs(phone) != u.Name {
		t.Fatal("ended before the grace is over: a clock may be ahead that much")
	}
	f.Wait(endGrace)
	if who := f.OnlineAs(phone); who != "" || f.Row(u.Name)["disabled"] != "true" {
		t.Fatal("past its end online as", who)
	}
	for _, name := range []string{other.Name, "opqrstu", "member", "kamar5", "kamar6", "kamar7"} {
		if f.Row(name)["disabled"] == "true" {
			t.Error(name, "was ended")
		}
	}
	// The user may log in no more until it is given more time.
	if err := f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: phone, IP: phoneIP}, u.Name, u.Password); err == nil {
		t.Fatal("let in past its end")
	}
	u.Bound.EndsAt = f.Now().Add(time.Hour).Unix()
	if got := correct(t, f, hotspot.Correction{User: u}); got != (hotspot.Corrected{Changed: hotspot.PartDisabled | hotspot.PartBound}) {
		t.Fatalf("%+v", got)
	}
	f.Wait(endGrace)
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: phone, IP: phoneIP}, u.Name, u.Password))
	f.Reboot()
	f.Wait(time.Hour)
	testenv.Eventually(t, 30*time.Second, func() (bool, string) {
		f.Wait(time.Second)
		_, err := f.Driver.Ping(ctx, f.Router)
		return err == nil, "the router does not come back"
	})
	if f.Wait(endGrace); f.Row(u.Name)["disabled"] != "true" {
		t.Fatal("the scheduler does not outlive a reboot")
	}
}

func firstLogin(t *testing.T, f Fixture) {
	u, unused := endless("abcdefg", hotspot.Bound{After: 2 * time.Hour}), endless("hijklmn", hotspot.Bound{After: 2 * time.Hour})
	hold(t, f, true)
	for _, err := range f.Driver.AddUsers(ctx, f.Router, []hotspot.User{unused}) {
		must(t, err)
	}
	f.Wait(5 * time.Hour)
	online(t, f, u)
	began := f.Now()
	f.Wait(time.Minute)
	users, _ := everything(t, f)
	end := time.Unix(users[u.Name].Bound.EndsAt, 0)
	if late := end.Sub(began.Add(2 * time.Hour)); late < -2*time.Second || late > time.Minute {
		t.Fatalf("ends %s, logged in at %s: %+v", end, began, users[u.Name])
	}
	if x := users[unused.Name]; x.Bound != unused.Bound || x.Comment != unused.Comment {
		t.Fatalf("%+v", x)
	}
	f.Wait(2*time.Hour + endGrace)
	if who := f.OnlineAs(phone); who != "" || f.Row(u.Name)["disabled"] != "true" || f.Row(unused.Name)["disabled"] == "true" {
		t.Fatal("online as", who)
	}
}

func bounds(t *testing.T, f Fixture) {
	at := f.Now().Add(time.Hour).Unix()
	u := endless("abcdefg", hotspot.Bound{EndsAt: at})
	u.LimitUptime, u.Left = time.Hour, time.Hour
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	check := func(what string, changed hotspot.Parts, comment string) {
		t.Helper()
		if got := correct(t, f, hotspot.Correction{User: u}); got != (hotspot.Corrected{Changed: changed}) {
			t.Fatalf("%s: %+v", what, got)
		}
		if got := correct(t, f, hotspot.Correction{User: u}); got != (hotspot.Corrected{}) {
			t.Fatalf("%s again: %+v", what, got)
		}
		if have := f.Row(u.Name)["comment"]; have != comment {
			t.Fatalf("%s: the comment is %q, want %q", what, have, comment)
		}
	}
	whole := u.Bound.Comment(u.Comment, u.OrderMark)
	check("as made", 0, whole)
	for _, x := range []string{u.Comment, u.Comment + "-until9999999999", u.Comment + "-after00003600"} {
		f.Change(u.Name, "comment", x)
		check(x, hotspot.PartBound, whole)
	}
	f.Change(u.Name, "comment", "lunas "+whole+" untuk Budi")
	check("a note around it", 0, "lunas "+whole+" untuk Budi")
	u.Bound.EndsAt += 3600
	check("an extension", hotspot.PartBound, u.Bound.Comment("lunas "+u.Comment+" untuk Budi", u.OrderMark))
	u.Bound, u.LimitUptime, u.Left = hotspot.Bound{}, 0, 0
	check("for ever", hotspot.PartBound|hotspot.PartLimits, "lunas "+u.Comment+" untuk Budi")

	// Mikhmon's expiry stays where its monitor reads it.
	u.Profile = hotspot.Profile{Name: "1hari", SharedUsers: 1}
	u.Bound, u.LimitUptime, u.Left = hotspot.Bound{EndsAt: at}, time.Hour, 20*time.Minute
	correct(t, f, hotspot.Correction{User: u})
	f.Change(u.Name, "comment", "nov/24/2026 10:11:12")
	check("an expiry of Mikhmon's", hotspot.PartBound, u.Bound.Comment("nov/24/2026 10:11:12", u.OrderMark))
	if got := f.Row(u.Name)["limit-uptime"]; got != "20m" && got != "1h" {
		t.Fatal(got)
	}

	// What is written leaves no more than there is until the end, and is right as time passes.
	late := endless("hijklmn", hotspot.Bound{EndsAt: at})
	late.LimitUptime, late.Left = time.Hour, 10*time.Minute
	if got := correct(t, f, hotspot.Correction{User: late}); !got.Added || f.Row(late.Name)["limit-uptime"] != "10m" {
		t.Fatalf("%+v %v", got, f.Row(late.Name))
	}
	late.Left = 5 * time.Minute
	if got := correct(t, f, hotspot.Correction{User: late}); got != (hotspot.Corrected{}) {
		t.Fatalf("%+v", got)
	}
	for _, x := range []string{"4m", "2h", "0s"} {
		f.Change(late.Name, "limit-uptime", x)
		if got := correct(t, f, hotspot.Correction{User: late}); got.Changed != hotspot.PartLimits || f.Row(late.Name)["limit-uptime"] != "5m" {
			t.Fatalf("%s: %+v %v", x, got, f.Row(late.Name))
		}
	}
}

// switchedOff is kept out, but keeps its end until that is over: enabling it on the router
// gives it no more than was sold.
func switchedOff(t *testing.T, f Fixture) {
	hold(t, f, true)
	u := endless("abcdefg", hotspot.Bound{EndsAt: f.Now().Add(time.Hour).Unix()})
	online(t, f, u)
	whole := f.Row(u.Name)["comment"]
	for _, changed := range []hotspot.Parts{hotspot.PartDisabled, 0} {
		if got := correct(t, f, hotspot.Correction{User: u, Off: true}); got != (hotspot.Corrected{Changed: changed}) {
			t.Fatalf("%+v", got)
		}
		if row := f.Row(u.Name); f.OnlineAs(phone) != "" || row["disabled"] != "true" || row["comment"] != whole {
			t.Fatalf("%v", row)
		}
	}
	f.Change(u.Name, "disabled", "no")
	f.Wait(time.Hour + endGrace)
	if f.Row(u.Name)["disabled"] != "true" {
		t.Fatal("enabled on the router, it got more than was sold")
	}
	if got := correct(t, f, hotspot.Correction{User: u}); got != (hotspot.Corrected{Changed: hotspot.PartDisabled}) {
		t.Fatalf("let in again: %+v", got)
	}
	past := endless("hijklmn", hotspot.Bound{EndsAt: time.Now().Add(-time.Hour).Unix()})
	_, err := f.Driver.EnsureUser(ctx, f.Router, past)
	must(t, err)
	correct(t, f, hotspot.Correction{User: past, Off: true})
	if row := f.Row(past.Name); row["disabled"] != "true" || row["comment"] != past.Comment {
		t.Fatalf("%v", row)
	}
}

func state(t *testing.T, f Fixture, want hotspot.SchedulerState) {
	t.Helper()
	roll, err := f.Driver.ListUsers(ctx, f.Router, func(hotspot.Brief) bool { return false })
	must(t, err)
	if roll.Ends != want || roll.Time.IsZero() {
		t.Fatalf("the scheduler is %s, want %s: %v", roll.Ends, want, f.Scheduler())
	}
}

func scheduler(t *testing.T, f Fixture) {
	state(t, f, hotspot.SchedulerMissing)
	set := func(on, changed bool, now hotspot.SchedulerState) {
		t.Helper()
		did, err := f.Driver.HoldEnds(ctx, f.Router, on)
		must(t, err)
		if did != changed {
			t.Fatal("changed:", did)
		}
		state(t, f, now)
	}
	set(true, true, hotspot.SchedulerOn)
	set(true, false, hotspot.SchedulerOn)
	whole := f.Scheduler()
	if whole["start-date"] == "" || whole["start-time"] == "" || whole["next-run"] == "" {
		t.Fatalf("%v", whole)
	}
	for _, x := range [][2]string{{"on-event", ":log info x"}, {"interval", "1d"}, {"start-time", "startup"}, {"start-date", "2031-01-01"}, {"policy", "read"}, {"comment", "x"}} {
		f.Alter(x[0], x[1])
		state(t, f, hotspot.SchedulerAltered)
		set(true, true, hotspot.SchedulerOn)
		for _, field := range []string{"on-event", "interval", "start-time", "start-date", "policy", "comment"} {
			if now := f.Scheduler()[field]; now != whole[field] {
				t.Fatalf("%s: %q, was %q", field, now, whole[field])
			}
		}
	}
	f.Alter("disabled", "yes")
	state(t, f, hotspot.SchedulerOff)
	set(true, true, hotspot.SchedulerOn)
	set(false, true, hotspot.SchedulerOff)
	set(false, false, hotspot.SchedulerOff)
	f.Alter("comment", hotspot.ProvisioningMark+": akhir voucher 0")
	state(t, f, hotspot.SchedulerOutdated)
	set(true, true, hotspot.SchedulerOn)
	f.Alter("", "")
	state(t, f, hotspot.SchedulerMissing)
	f.Set(NoPermission)
	_, err := f.Driver.HoldEnds(ctx, f.Router, true)
	want(t, err, fault.Config, "router.permission")
	f.Set(Down)
	_, err = f.Driver.HoldEnds(ctx, f.Router, true)
	want(t, err, fault.Unavailable, "router.unreachable")
}

func endsByClock(t *testing.T, f Fixture) {
	real := f.Now()
	u := endless("abcdefg", hotspot.Bound{EndsAt: real.Add(time.Hour).Unix()})
	online(t, f, u)
	hold(t, f, true)
	f.SetClock(-50 * 365 * 24 * time.Hour) // as after a reboot without network
	f.Wait(2 * time.Hour)
	if f.OnlineAs(phone) != u.Name {
		t.Fatal("ended by a clock that was never set")
	}
	f.SetClock(-2*time.Hour - hotspot.EndsSkew + time.Minute)
	f.Wait(time.Hour - hotspot.EndsSkew)
	if f.OnlineAs(phone) != u.Name {
		t.Fatal("ended early")
	}
	roll, err := f.Driver.ListUsers(ctx, f.Router, func(hotspot.Brief) bool { return false })
	must(t, err)
	if roll.Skew > 2*time.Hour || roll.Skew < 30*time.Minute { // of a router on which three hours have passed and which is behind
		t.Fatal(roll.Skew)
	}
	f.SetClock(0)
	f.Wait(time.Minute)
	if who := f.OnlineAs(phone); who != "" {
		t.Fatal("online as", who)
	}
}
