package hotspottest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// everything is what a listing says, by name; digests holds those of all rows.
func everything(t *testing.T, f Fixture) (users map[string]hotspot.Listed, digests map[string]uint64) {
	t.Helper()
	users, digests = map[string]hotspot.Listed{}, map[string]uint64{}
	roll, err := f.Driver.ListUsers(ctx, f.Router, func(b hotspot.Brief) bool { digests[b.Name] = b.Digest; return true })
	must(t, err)
	for _, u := range roll.Users {
		if u.Digest != digests[u.Name] {
			t.Fatalf("%s: two digests of one row", u.Name)
		}
		users[u.Name] = u
	}
	return users, digests
}

func listing(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Foreign("member")
	users, before := everything(t, f)
	if x := users[u.Name]; x.Found != (hotspot.Found{Name: u.Name, Password: u.Password, Comment: u.Comment, Profile: u.Profile.Name, LimitUptime: u.LimitUptime, LimitBytes: u.LimitBytes}) {
		t.Fatalf("%+v", x)
	}
	if x := users["member"]; x.LimitUptime != 0 || x.LimitBytes != 0 || x.Disabled {
		t.Fatalf("%+v", x)
	}
	for field, value := range map[string]string{"disabled": "yes", "limit-uptime": "1s", "limit-bytes-total": "7", "limit-bytes-in": "5", "profile": "default", "comment": "", "password": "x"} {
		_, was := everything(t, f)
		f.Change(u.Name, field, value)
		if _, now := everything(t, f); now[u.Name] == was[u.Name] || now["member"] != before["member"] {
			t.Errorf("%s does not show in the digest, or shows in another row's", field)
		}
	}
	users, _ = everything(t, f)
	if x := users[u.Name]; x.Found != (hotspot.Found{Name: u.Name, Password: "x", Profile: "default", Disabled: true, LimitUptime: time.Second, LimitBytes: 7, OneWay: true}) {
		t.Fatalf("%+v", x)
	}
	if u := User("abcdefg"); u.Owns(users[u.Name].Found) {
		t.Fatal("taken for a user whose name was just drawn")
	}
	roll, err := f.Driver.ListUsers(ctx, f.Router, func(b hotspot.Brief) bool { return b.Name == "member" })
	must(t, err)
	if len(roll.Users) != 1 || roll.Users[0].Name != "member" {
		t.Fatalf("%+v", roll)
	}
	f.Set(Down)
	_, err = f.Driver.ListUsers(ctx, f.Router, func(hotspot.Brief) bool { return true })
	want(t, err, fault.Unavailable, "router.unreachable")
}

// correct is what CorrectUsers made of one user.
func correct(t *testing.T, f Fixture, c hotspot.Correction) hotspot.Corrected {
	t.Helper()
	out := f.Driver.CorrectUsers(ctx, f.Router, []hotspot.Correction{c})
	if len(out) != 1 {
		t.Fatalf("%+v", out)
	}
	return out[0]
}

func corrections(t *testing.T, f Fixture) {
	u := User("abcdefg")
	u.Recorded = true
	if got := correct(t, f, hotspot.Correction{User: u}); got != (hotspot.Corrected{Added: true}) {
		t.Fatalf("%+v", got)
	}
	whole := f.Row(u.Name)
	same := func(what string) {
		t.Helper()
		now := f.Row(u.Name)
		for _, field := range []string{"password", "profile", "comment", "limit-uptime", "limit-bytes-total", "disabled", "mac-address", "email"} {
			if now[field] != whole[field] {
				t.Fatalf("%s: %s is %q, was %q", what, field, now[field], whole[field])
			}
		}
		if n := now["limit-bytes-in"]; n != "" && n != "0" {
			t.Fatalf("%s: data up is limited to %s", what, n)
		}
	}
	for _, x := range []struct {
		field, value string
		part         hotspot.Parts
	}{
		{"disabled", "yes", hotspot.PartDisabled}, {"limit-uptime", "0s", hotspot.PartLimits}, {"limit-bytes-total", "7", hotspot.PartLimits}, {"limit-bytes-in", "5", hotspot.PartLimits},
		{"profile", "default", hotspot.PartProfile}, {"comment", "", hotspot.PartComment}, {"password", "x", hotspot.PartPassword},
	} {
		f.Change(u.Name, x.field, x.value)
		if got := correct(t, f, hotspot.Correction{User: u}); got != (hotspot.Corrected{Changed: x.part}) {
			t.Fatalf("%s: %+v", x.field, got)
		}
		same(x.field)
		if got := correct(t, f, hotspot.Correction{User: u, Rewrite: true}); got != (hotspot.Corrected{}) {
			t.Fatalf("%s again: %+v", x.field, got)
		}
	}
	f.Change(u.Name, "mac-address", "AA:BB:CC:00:00:09") // Mikhmon locks users to devices
	whole = f.Row(u.Name)
	f.Change(u.Name, "limit-uptime", "1s")
	correct(t, f, hotspot.Correction{User: u})
	same("what is not ours to say")
}

func correctionsOfStrangers(t *testing.T, f Fixture) {
	u := User("abcdefg")
	u.Recorded = true
	f.Foreign(u.Name)
	before := f.Row(u.Name)
	for _, c := range []hotspot.Correction{{User: u}, {User: u, Rewrite: true}, {User: u, Off: true}} {
		want(t, correct(t, f, c).Err, fault.Conflict, "router.name_taken")
	}
	for _, err := range f.Driver.RemoveUsers(ctx, f.Router, []hotspot.User{u}) {
		want(t, err, fault.Conflict, "router.name_taken")
	}
	for field, v := range before {
		if now := f.Row(u.Name)[field]; now != v {
			t.Fatalf("a stranger's %s is %q, was %q", field, now, v)
		}
	}
	u.Claimed = true // a person said that it is ours
	if got := correct(t, f, hotspot.Correction{User: u}); got.Err != nil || f.Row(u.Name)["comment"] != u.Comment {
		t.Fatalf("%+v", got)
	}
}

func endings(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	for _, err := range f.Driver.RemoveUsers(ctx, f.Router, []hotspot.User{u}) {
		want(t, err, fault.Conflict, "router.row_changed")
	}
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}, u.Name, u.Password))
	for _, changed := range []hotspot.Parts{hotspot.PartDisabled, 0} {
		if got := correct(t, f, hotspot.Correction{User: u, Off: true}); got != (hotspot.Corrected{Changed: changed}) {
			t.Fatalf("%+v", got)
		}
		if who := f.OnlineAs("AA:BB:CC:00:00:01"); who != "" || f.Row(u.Name)["disabled"] != "true" {
			t.Fatal("still online as", who)
		}
	}
	for range 2 {
		for _, err := range f.Driver.RemoveUsers(ctx, f.Router, []hotspot.User{u}) {
			must(t, err)
		}
		if f.Users(u.Name) != 0 {
			t.Fatal("still there")
		}
	}
	if got := correct(t, f, hotspot.Correction{User: u, Off: true}); got != (hotspot.Corrected{}) {
		t.Fatalf("one that is gone: %+v", got)
	}
}

// correctedMany corrects what an old backup would bring, in one call.
func correctedMany(t *testing.T, f Fixture) {
	var all []hotspot.Correction
	for i := range 40 {
		u := User(fmt.Sprintf("user%02d", i))
		u.Recorded = true
		if i%4 != 0 { // the rest is missing
			_, err := f.Driver.EnsureUser(ctx, f.Router, u)
			must(t, err)
		}
		switch i % 4 {
		case 1:
			f.Change(u.Name, "disabled", "yes")
		case 2:
			f.Change(u.Name, "limit-uptime", "1s")
		}
		all = append(all, hotspot.Correction{User: u, Off: i%4 == 3})
	}
	expect := []hotspot.Corrected{{Added: true}, {Changed: hotspot.PartDisabled}, {Changed: hotspot.PartLimits}, {Changed: hotspot.PartDisabled}}
	for tries, left := 0, all; len(left) > 0; tries++ {
		if tries > 20 {
			t.Fatal("does not come to an end")
		}
		var again []hotspot.Correction
		for i, got := range f.Driver.CorrectUsers(ctx, f.Router, left) {
			if errors.Is(got.Err, hotspot.ErrBusy) {
				again = append(again, left[i])
				continue
			}
			if must(t, got.Err); tries == 0 && got != expect[i%4] {
				t.Fatalf("%d: %+v", i, got)
			}
		}
		left = again
	}
	for i, got := range f.Driver.CorrectUsers(ctx, f.Router, all) {
		if got != (hotspot.Corrected{}) {
			t.Fatalf("%d again: %+v", i, got)
		}
	}
	f.Set(Down)
	for _, got := range f.Driver.CorrectUsers(ctx, f.Router, all) {
		want(t, got.Err, fault.Unavailable, "router.unreachable")
	}
	for _, err := range f.Driver.RemoveUsers(ctx, f.Router, []hotspot.User{all[0].User}) {
		want(t, err, fault.Unavailable, "router.unreachable")
	}
	if len(f.Driver.CorrectUsers(ctx, f.Router, nil))+len(f.Driver.RemoveUsers(ctx, f.Router, nil)) != 0 {
		t.Fatal("nothing is something")
	}
}
