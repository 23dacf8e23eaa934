package staff_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/internal/store/storetest"
)

const password = "correct horse battery"

var ctx = context.Background()

func accounts(t *testing.T) (*staff.Accounts, *storetest.Fixture) {
	t.Helper()
	f := storetest.Open(t, storetest.SQLite(t))
	o := staff.New(f.Store, cache.NewMemory(f.Clock), f.Clock)
	if _, err := o.Add(ctx, actor.Named("cli:test"), "siti", staff.Kasir, password); err != nil {
		t.Fatal(err)
	}
	return o, f
}

func signIn(t *testing.T, o *staff.Accounts) string {
	t.Helper()
	token, err := o.SignIn(ctx, "siti", password, staff.From{Address: "10.0.0.9"})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestAddRefuses(t *testing.T) {
	o, _ := accounts(t)
	for _, c := range []struct{ name, role, password, code, field string }{
		{"siti", staff.Admin, password, "staff.name_taken", ""},
		{"Siti", staff.Kasir, password, "staff.name_form", "name"},
		{"s", staff.Kasir, password, "staff.name_form", "name"},
		{"../etc", staff.Kasir, password, "staff.name_form", "name"},
		{"budi", "root", password, "staff.role_unknown", "role"},
		{"budi", staff.Kasir, "eleven char", "staff.password_short", "password"},
		{"budi", staff.Kasir, strings.Repeat("x", 1025), "staff.password_short", "password"},
	} {
		_, err := o.Add(ctx, actor.Named("cli:test"), c.name, c.role, c.password)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != c.code || f.Field != c.field {
			t.Errorf("%q %q: %+v", c.name, c.role, f)
		}
	}
}

func TestSessionLivesAndDies(t *testing.T) {
	o, f := accounts(t)
	token := signIn(t, o)
	// Seen every twenty minutes it lives, but not beyond twelve hours.
	for range 35 {
		f.Clock.Add(20 * time.Minute)
		if who, err := o.Authenticate(ctx, token); err != nil || who.Name != "siti" || who.Role != staff.Kasir {
			t.Fatalf("%+v %v", who, err)
		}
	}
	f.Clock.Add(21 * time.Minute)
	wantOut(t, o, token)
	// Half an hour of silence ends it.
	token = signIn(t, o)
	f.Clock.Add(31 * time.Minute)
	wantOut(t, o, token)
	// Signing out does, twice as well as once.
	token = signIn(t, o)
	for range 2 {
		if err := o.SignOut(ctx, token); err != nil {
			t.Fatal(err)
		}
	}
	wantOut(t, o, token)
	wantOut(t, o, "")
}

func wantOut(t *testing.T, o *staff.Accounts, token string) {
	t.Helper()
	if _, err := o.Authenticate(ctx, token); fault.CodeOf(err) != "staff.signed_out" {
		t.Errorf("still in: %v", err)
	}
}

// A wrong password and an unknown name get the same answer.
func TestWrongSignIn(t *testing.T) {
	o, _ := accounts(t)
	for _, c := range [][2]string{{"siti", password + " "}, {"siti", ""}, {"nobody", password}, {"SITI", password}} {
		_, err := o.SignIn(ctx, c[0], c[1], staff.From{Address: "10.0.0.9"})
		if fault.CodeOf(err) != "staff.sign_in_wrong" {
			t.Errorf("%q: %v", c[0], err)
		}
	}
}

// A guesser is stopped, at one name and over many, and locks no account out.
func TestGuessing(t *testing.T) {
	o, f := accounts(t)
	guess := func(name, address string) error {
		_, err := o.SignIn(ctx, name, "wrong wrong wrong", staff.From{Address: address})
		return err
	}
	for range 10 {
		if err := guess("siti", "203.0.113.5"); fault.CodeOf(err) != "staff.sign_in_wrong" {
			t.Fatal(err)
		}
	}
	if _, err := o.SignIn(ctx, "siti", password, staff.From{Address: "203.0.113.5"}); !fault.Is(err, fault.Limited) {
		t.Errorf("an eleventh try: %v", err)
	}
	signIn(t, o)
	for n := range 49 {
		if err := guess(fmt.Sprintf("name%d", n), "203.0.113.5"); fault.CodeOf(err) != "staff.sign_in_wrong" {
			t.Fatalf("%d: %v", n, err)
		}
	}
	if err := guess("one-more", "203.0.113.5"); !fault.Is(err, fault.Limited) {
		t.Errorf("a sixty-first try: %v", err)
	}
	f.Clock.Add(11 * time.Minute)
	if _, err := o.SignIn(ctx, "siti", password, staff.From{Address: "203.0.113.5"}); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

// The database knows no password and no token.
func TestNothingToSteal(t *testing.T) {
	o, f := accounts(t)
	token := signIn(t, o)
	account, err := f.StaffByName(ctx, "siti")
	if err != nil || !strings.HasPrefix(account.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(account.PasswordHash, password) {
		t.Fatalf("%q %v", account.PasswordHash, err)
	}
	if _, _, err := f.StaffBySession(ctx, token, f.Clock.Now()); !fault.Is(err, fault.NotFound) {
		t.Error("the session is found by the token itself")
	}
}
