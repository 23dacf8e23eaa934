package hotspottest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"gerai/internal/fault"
)

func made(t *testing.T, f Fixture) {
	u := User("abcdefg")
	got, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	row := f.Row(u.Name)
	if got.Existed || row["password"] != u.Password || row["profile"] != u.Profile.Name || row["comment"] != u.Comment || row["limit-uptime"] != "1h30m" || row["limit-bytes-total"] != "500000000" {
		t.Fatalf("%v %v", got, row)
	}
	there, err := f.Driver.FindUser(ctx, f.Router, u.Name, u.OrderMark)
	must(t, err)
	other, err := f.Driver.FindUser(ctx, f.Router, "nobody", u.OrderMark)
	must(t, err)
	if !there || other {
		t.Fatal(there, other)
	}
}

func again(t *testing.T, f Fixture) {
	u := User("abcdefg")
	for i := range 3 {
		got, err := f.Driver.EnsureUser(ctx, f.Router, u)
		must(t, err)
		if got.Existed != (i > 0) {
			t.Fatal(i, got)
		}
	}
	if n := f.Users(u.Name); n != 1 {
		t.Fatalf("%d users", n)
	}
}

func foreign(t *testing.T, f Fixture) {
	u := User("abcdefg")
	f.Foreign(u.Name)
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	want(t, err, fault.Conflict, "router.name_taken")
	if row := f.Row(u.Name); row["password"] == u.Password || row["profile"] == u.Profile.Name {
		t.Fatal("changed somebody else's user", row)
	}
	there, err := f.Driver.FindUser(ctx, f.Router, u.Name, u.OrderMark)
	must(t, err)
	if there {
		t.Fatal("took it for ours")
	}
}

func drift(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	for field, value := range map[string]string{"disabled": "yes", "limit-uptime": "1s", "profile": "default"} {
		f.Change(u.Name, field, value)
		_, err = f.Driver.EnsureUser(ctx, f.Router, u)
		must(t, err)
		if row := f.Row(u.Name); row["disabled"] == "true" || row["limit-uptime"] != "1h30m" || row["profile"] != u.Profile.Name {
			t.Fatal(field, row)
		}
	}
}

func oneUser(t *testing.T, f Fixture, trouble Trouble) {
	u := User("abcdefg")
	f.Set(trouble)
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	f.Set(None)
	for tries := 0; err != nil && tries < 20; tries++ {
		if !fault.Is(err, fault.Unknown) && !fault.Is(err, fault.Unavailable) {
			t.Fatal("steers wrongly:", err)
		}
		_, err = f.Driver.EnsureUser(ctx, f.Router, u)
	}
	must(t, err)
	if n := f.Users(u.Name); n != 1 {
		t.Fatalf("%d users", n)
	}
}

func parallel(t *testing.T, f Fixture) {
	var all sync.WaitGroup
	for i := range 50 {
		all.Add(1)
		go func() {
			defer all.Done()
			if _, err := f.Driver.EnsureUser(ctx, f.Router, User(fmt.Sprintf("user%d", i%25))); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	for i := range 25 {
		if n := f.Users(fmt.Sprintf("user%d", i)); n != 1 {
			t.Errorf("user%d: %d", i, n)
		}
	}
}

func refused(t *testing.T, f Fixture) {
	f.Set(NoPermission)
	_, err := f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	want(t, err, fault.Config, "router.permission")
	f.Set(WrongLogin)
	f.Driver.Forget(f.Router.ID)
	_, err = f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	want(t, err, fault.Config, "router.login_rejected")
	f.Set(Down)
	f.Driver.Forget(f.Router.ID)
	_, err = f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	want(t, err, fault.Unavailable, "router.unreachable")
}

func hanging(t *testing.T, f Fixture) {
	f.Set(HangEverybody)
	done := make(chan error, 1)
	go func() { _, err := f.Driver.EnsureUser(ctx, f.Router, User("abcdefg")); done <- err }()
	select {
	case err := <-done:
		want(t, err, fault.Unavailable, "")
	case <-time.After(20 * time.Second):
		t.Fatal("not bounded")
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.Driver.Ping(short, f.Router); err == nil {
		t.Fatal("a cancelled call succeeded")
	}
}
