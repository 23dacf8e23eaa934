package staff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/internal/store/storetest"
)

// empty is the accounts of a shop without any.
func empty(t *testing.T) (*staff.Accounts, *storetest.Fixture) {
	t.Helper()
	f := storetest.Open(t, storetest.SQLite(t))
	return staff.New(f.Store, cache.NewMemory(f.Clock), f.Clock), f
}

func TestPasswordsThatAreGuessed(t *testing.T) {
	o, f := empty(t)
	try := func(name, password string) string {
		_, err := o.Add(ctx, actor.Named("cli:test"), name, staff.Kasir, password)
		if err == nil {
			return ""
		}
		return fault.CodeOf(err)
	}
	for _, bad := range []string{"password1234", "Password2024!", "P@ssw0rd12345", "indonesia2024", "Rahasia17081945", "qwertyuiop12", "1q2w3e4r5t6y", "aaaaaaaaaaaa", "123456789012", "839201847362",
		"passwordpassword", "sayangsayang1", "abcdefghijkl", "mikrotik12345", "xoxoxoxoxoxo", "admin admin admin", "wati12345678", "!!!!iloveyou!!!", "dragon!!dragon", "zyxwvutsrqpo", strings.Repeat("password", 12)} {
		if got := try("wati", bad); got != "staff.password_known" {
			t.Errorf("%q: %q", bad, got)
		}
	}
	for i, good := range []string{"correct horse battery", "kopi manis pagi hari", "3f9a1c77e2d0b485", "Tr0ub4dor&3 melati", "gajah terbang biru", "k7m2pqrWxyz9!aQ", "ngantukbanget-subuh"} {
		if got := try("orang"+string(rune('a'+i)), good); got != "" {
			t.Errorf("%q: %q", good, got)
		}
	}
	p := staff.DefaultPolicy
	p.Complexity, p.MinLength = true, 16
	f.Must(o.SetPolicy(ctx, actor.Named("test"), "", p))
	for password, want := range map[string]string{"kopi manis pagi": "staff.password_short", "kopi manis pagi hari": "staff.password_plain", "Kopi Manis Pagi Hari": "staff.password_plain", "Kopi Manis Pagi 7 Hari": ""} {
		if got := try("eka", password); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestPoliciesAreChecked(t *testing.T) {
	o, f := empty(t)
	for field, change := range map[string]func(*staff.Policy){
		"second_factor": func(p *staff.Policy) { p.SecondFactor = []string{"boss"} },
		"min_length":    func(p *staff.Policy) { p.MinLength = 11 },
		"expiry_days":   func(p *staff.Policy) { p.ExpiryDays = -1 },
		"idle_minutes":  func(p *staff.Policy) { p.IdleMinutes = 721 },
		"allow_from":    func(p *staff.Policy) { p.AllowFrom = []string{"10.0.0.0/33"} },
	} {
		p := staff.DefaultPolicy
		change(&p)
		err := o.SetPolicy(ctx, actor.Named("test"), "10.0.0.9", p)
		var bad *fault.Error
		if !errors.As(err, &bad) || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if p, err := o.Policy(ctx); err != nil || !p.Demands(staff.Admin) || p.MinLength != 12 || p.Complexity || p.ExpiryDays != 0 {
		t.Errorf("%+v %v", p, err)
	}
	p := staff.DefaultPolicy
	p.AllowFrom = []string{"192.0.2.0/24", "2001:db8::/32"}
	want(t, o.SetPolicy(ctx, actor.Named("test"), "10.0.0.9", p), "staff.locks_out")
	f.Must(o.SetPolicy(ctx, actor.Named("test"), "192.0.2.77", p))
	p, err := o.Policy(ctx)
	f.Must(err)
	for address, in := range map[string]bool{"192.0.2.1": true, "::ffff:192.0.2.1": true, "192.0.3.1": false, "2001:db8:1::7": true, "2001:db9::1": false, "": false, "nonsense": false, "127.0.0.1": false} {
		if p.Admits(address) != in {
			t.Errorf("%q: %t", address, !in)
		}
	}
	f.Must(o.AllowAny(ctx, actor.Named("cli:test")))
	if p, err = o.Policy(ctx); err != nil || !p.Admits("198.51.100.1") || p.MinLength != 12 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestIdleTimeAndExpiry(t *testing.T) {
	each(t, func(b *harness) {
		b.rules(func(p *staff.Policy) { p.IdleMinutes, p.LongShift, p.ExpiryDays = 10, true, 30 })
		_, ani := b.in("ani")
		_, siti := b.in("siti")
		b.Fixture.Clock.Add(9 * time.Minute)
		b.who(ani)
		b.Fixture.Clock.Add(11 * time.Minute)
		wantOut(t, b.Accounts, ani)
		b.Fixture.Clock.Add(11 * time.Hour)
		b.who(siti) // a whole shift without a word
		b.Fixture.Clock.Add(time.Hour)
		wantOut(t, b.Accounts, siti)
		b.Fixture.Clock.Add(30 * 24 * time.Hour)
		p, _ := b.in("siti")
		if p.RequiredStep != staff.StepPassword {
			t.Fatal(p.RequiredStep)
		}
		token, _, err := b.ChangePassword(ctx, p, password, "kopi manis pagi hari", "kopi manis pagi hari")
		b.Must(err)
		if p = b.who(token); p.RequiredStep != staff.StepNone {
			t.Error(p.RequiredStep)
		}
	})
}

func TestOwnAccount(t *testing.T) {
	each(t, func(b *harness) {
		p, here := b.in("siti")
		_, there := b.in("siti")
		want(t, b.Rename(ctx, p, "Siti!", "id"), "staff.name_form")
		want(t, b.Rename(ctx, p, "ani", "id"), "staff.name_taken")
		b.Must(b.Rename(ctx, p, "sitti", "en"))
		if p = b.who(here); p.Name != "sitti" || p.Lang != "en" {
			t.Errorf("%+v", p.Staff)
		}
		for _, c := range []struct{ current, password, again, code string }{
			{"wrong wrong wrong", "kopi manis pagi hari", "kopi manis pagi hari", "staff.password_wrong"},
			{password, "short", "short", "staff.password_short"},
			{password, "password12345", "password12345", "staff.password_known"},
			{password, "kopi manis pagi hari", "kopi manis pagi", "staff.password_twice"},
			{password, password, password, "staff.password_same"},
		} {
			_, _, err := b.ChangePassword(ctx, p, c.current, c.password, c.again)
			want(t, err, c.code)
		}
		b.who(there)
		token, n, err := b.ChangePassword(ctx, p, password, "kopi manis pagi hari", "kopi manis pagi hari")
		if err != nil || n != 1 {
			t.Error(n, err)
		}
		wantOut(t, b.Accounts, there)
		wantOut(t, b.Accounts, here) // this browser goes on under another token
		here = token
		p = b.who(here)
		// The form sent a second time finds that the old password is old.
		_, _, err = b.ChangePassword(ctx, p, password, "kopi manis pagi hari", "kopi manis pagi hari")
		want(t, err, "staff.password_wrong")
		second, err := b.SignIn(ctx, "sitti", "kopi manis pagi hari", staff.From{Address: "10.0.0.1", Agent: "Safari\x00\xff" + strings.Repeat("x", 500)})
		b.Must(err)
		third, err := b.SignIn(ctx, "sitti", "kopi manis pagi hari", staff.From{Address: "10.0.0.2"})
		b.Must(err)
		want(t, b.EndSession(ctx, p, "0123"), "staff.session_gone")
		b.Must(b.EndSession(ctx, p, staff.SessionName(b.who(second).Session)))
		wantOut(t, b.Accounts, second)
		// An account cannot end the sessions of another.
		ani, _ := b.in("ani")
		want(t, b.EndSession(ctx, ani, staff.SessionName(b.who(third).Session)), "staff.session_gone")
		if n, err := b.EndOtherSessions(ctx, p); err != nil || n != 1 {
			t.Error(n, err)
		}
		wantOut(t, b.Accounts, third)
		b.who(here)
	})
}
