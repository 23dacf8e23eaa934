package hotspottest

import (
	"fmt"
	"slices"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// batch is n vouchers of one batch: they share comment and mark.
func batch(n int) []hotspot.User {
	out := make([]hotspot.User, n)
	for i := range out {
		out[i] = User(fmt.Sprintf("stok%03d", i))
		out[i].Comment, out[i].OrderMark = "vc-123-11.24.26-gb.K7M4XQ.warung", "gb.K7M4XQ"
	}
	return out
}

func many(t *testing.T, f Fixture) {
	users := batch(60)
	f.Foreign(users[7].Name)
	_, err := f.Driver.EnsureUser(ctx, f.Router, users[9])
	must(t, err)
	for range 2 { // the second time everything is there
		for i, err := range f.Driver.AddUsers(ctx, f.Router, users) {
			if i == 7 {
				want(t, err, fault.Conflict, "router.name_taken")
				continue
			}
			must(t, err)
			row := f.Row(users[i].Name)
			if f.Users(users[i].Name) != 1 || row["password"] != "234567" || row["comment"] != users[i].Comment || row["limit-uptime"] != "1h30m" || row["profile"] != users[i].Profile.Name {
				t.Fatal(i, row)
			}
		}
	}
	if row := f.Row(users[7].Name); row["comment"] == users[7].Comment {
		t.Fatal("changed somebody else's user", row)
	}
	if len(f.Driver.AddUsers(ctx, f.Router, nil)) != 0 {
		t.Fatal("nothing is something")
	}
}

func manyTroubled(t *testing.T, f Fixture, trouble Trouble) {
	users := batch(20)
	f.Set(trouble)
	errs := f.Driver.AddUsers(ctx, f.Router, users)
	f.Set(None)
	for tries := 0; slices.ContainsFunc(errs, func(err error) bool { return err != nil }) && tries < 20; tries++ {
		for _, err := range errs {
			if err != nil && !fault.Is(err, fault.Unknown) && !fault.Is(err, fault.Unavailable) {
				t.Fatal("steers wrongly:", err)
			}
		}
		errs = f.Driver.AddUsers(ctx, f.Router, users)
	}
	for i, u := range users {
		must(t, errs[i])
		if n := f.Users(u.Name); n != 1 {
			t.Errorf("%s: %d users", u.Name, n)
		}
	}
}

func manyEnded(t *testing.T, f Fixture) {
	users := batch(12)
	names := []string{"nobody"}
	for i, err := range f.Driver.AddUsers(ctx, f.Router, users) {
		must(t, err)
		names = append(names, users[i].Name)
	}
	f.Join("AA:00:00:00:00:01", "10.5.50.7")
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: "AA:00:00:00:00:01", IP: "10.5.50.7"}, users[3].Name, users[3].Password))
	for range 2 {
		for _, err := range f.Driver.DisableUsers(ctx, f.Router, names) {
			must(t, err)
		}
	}
	for _, u := range users {
		if row := f.Row(u.Name); row["disabled"] != "true" {
			t.Error(row)
		}
	}
	if who := f.OnlineAs("AA:00:00:00:00:01"); who != "" {
		t.Error("still online as", who)
	}
}

func manyAway(t *testing.T, f Fixture) {
	f.Set(Down)
	for _, err := range f.Driver.AddUsers(ctx, f.Router, batch(30)) {
		want(t, err, fault.Unavailable, "router.unreachable")
	}
	for _, err := range f.Driver.DisableUsers(ctx, f.Router, []string{"a", "b"}) {
		want(t, err, fault.Unavailable, "router.unreachable")
	}
	f.Set(NoPermission)
	f.Driver.Forget(f.Router.ID)
	refused := 0
	for _, err := range f.Driver.AddUsers(ctx, f.Router, batch(30)) {
		if err == nil {
			t.Fatal("made without permission")
		}
		if fault.Is(err, fault.Config) {
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("nothing says why")
	}
}

func takenNames(t *testing.T, f Fixture) {
	f.Foreign("warung")
	_, err := f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	must(t, err)
	names, err := f.Driver.TakenNames(ctx, f.Router)
	must(t, err)
	for _, name := range []string{"warung", "abcdefg", "default", hotspot.OwnPrefix + "sehari"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not among %v", name, names)
		}
	}
}
