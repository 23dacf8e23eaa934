package staff_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// recordingLimiter is a limiter that remembers the longest key it was asked about.
type recordingLimiter struct {
	cache.Limiter
	longest int
}

func (e *recordingLimiter) Allow(ctx context.Context, key string, l cache.Limit) (bool, time.Duration) {
	e.longest = max(e.longest, len(key))
	return e.Limiter.Allow(ctx, key, l)
}

// Every subscriber of IPv6 has a whole /64: guesses from different addresses of it count
// as one guesser.
func TestGuessingFromAWholeNetwork(t *testing.T) {
	each(t, func(b *harness) {
		guess := func(n int) error {
			_, err := b.SignIn(ctx, "siti", "wrong wrong wrong", staff.From{Address: fmt.Sprintf("2001:db8:1:2::%x", n+1)})
			return err
		}
		for n := range 10 {
			want(t, guess(n), "staff.sign_in_wrong")
		}
		want(t, guess(10), "limit.sign_in")
		_, err := b.SignIn(ctx, "siti", password, staff.From{Address: "2001:db8:1:3::1"})
		b.Must(err)
		open, err := b.OpenAlerts(ctx)
		b.Must(err)
		about := map[string]bool{}
		for _, a := range open {
			about[a.Subject] = a.Kind == staff.AlertSignIns
		}
		if len(open) != 2 || !about["2001:db8:1:2::/64"] {
			t.Errorf("alerts about %v", about)
		}
	})
}

// Customers of a hotspot often share the counter's address: their guesses do not block
// accounts that are signed in.
func TestStrangersAtTheSameAddress(t *testing.T) {
	each(t, func(b *harness) {
		siti, _ := b.in("siti")
		ani, _ := b.in("ani")
		secret, ani, _ := b.enrol(ani)
		b.Fixture.Clock.Add(time.Minute)
		for n := 0; ; n++ {
			_, err := b.SignIn(ctx, fmt.Sprintf("name%d", n), "wrong wrong wrong", staff.From{Address: siti.Session.Address})
			if fault.Is(err, fault.Limited) {
				break
			}
		}
		siti = b.proved(b.Reauthenticate(ctx, siti, password))
		b.proved(b.ReauthenticateTwoFactor(ctx, ani, b.code(secret, 0)))
		token, _, err := b.ChangePassword(ctx, siti, password, "an entirely other one", "an entirely other one")
		siti = b.proved(token, err)
		// Guessing at a session that was left open ends as before.
		for range 10 {
			_, err = b.Reauthenticate(ctx, siti, "wrong wrong wrong")
			want(t, err, "staff.password_wrong")
		}
		_, err = b.Reauthenticate(ctx, siti, "wrong wrong wrong")
		want(t, err, "limit.sign_in")
	})
}

// Addresses are cheap: guessing from ever new ones does not bury the alerts about
// money under alerts about addresses, and one about an account still opens.
func TestGuessingDoesNotBuryTheAlerts(t *testing.T) {
	each(t, func(b *harness) {
		b.Must(b.Accounts.Store.InTx(ctx, actor.Named("server"), func(tx *store.Tx) error { // as eighteen addresses left them
			for n := range 18 {
				address := fmt.Sprintf("192.0.2.%d", n)
				if _, err := tx.OpenAlert(ctx, staff.AlertSignIns, address, address); err != nil {
					return err
				}
			}
			return nil
		}))
		for a := range 3 {
			for n := range 10 {
				_, err := b.SignIn(ctx, fmt.Sprintf("name%d-%d", a, n), "wrong wrong wrong", staff.From{Address: fmt.Sprintf("198.51.100.%d", a)})
				want(t, err, "staff.sign_in_wrong")
			}
		}
		for range 10 {
			_, err := b.SignIn(ctx, "siti", "wrong wrong wrong", staff.From{Address: "203.0.113.5"})
			want(t, err, "staff.sign_in_wrong")
		}
		open, err := b.OpenAlerts(ctx)
		b.Must(err)
		ofAccount := 0
		for _, a := range open {
			if a.Detail == "siti" {
				ofAccount++
			}
		}
		if len(open) != 21 || ofAccount != 1 {
			t.Errorf("%d alerts, %d about the account", len(open), ofAccount)
		}
	})
}

// What is typed as a name is nothing to keep: no account has one that long.
func TestALongNameCostsNoMemory(t *testing.T) {
	each(t, func(b *harness) {
		heard := &recordingLimiter{Limiter: b.Accounts.Cache}
		b.Accounts.Cache = heard
		_, err := b.SignIn(ctx, strings.Repeat("a", 100_000), password, staff.From{Address: "203.0.113.5"})
		want(t, err, "staff.sign_in_wrong")
		if heard.longest > 100 {
			t.Errorf("a key of %d bytes", heard.longest)
		}
	})
}

// An audit search reads all names that an account ever had: renames are limited, so that
// it stays possible.
func TestRenamingHasAnEnd(t *testing.T) {
	each(t, func(b *harness) {
		p, token := b.in("siti")
		var err error
		for n := 0; n < 100 && err == nil; n++ {
			err = b.Rename(ctx, p, fmt.Sprintf("siti%d", n), "id")
			p = b.who(token)
		}
		want(t, err, "limit.rename")
		b.Must(b.Rename(ctx, p, p.Name, p.Lang)) // the same form again changes nothing
		b.Fixture.Clock.Add(24 * time.Hour)
		p, _ = b.in(p.Name)
		b.Must(b.Rename(ctx, p, "siti", "id"))
	})
}

// Verifying while the shop sells finds nothing wrong.
func TestVerifyingWhileOthersWrite(t *testing.T) {
	each(t, func(b *harness) {
		written := make(chan error, 1)
		go func() {
			for range 400 {
				if err := b.InTx(ctx, actor.Named("server"), func(tx *store.Tx) error { tx.Audit("act", "thing", nil); return nil }); err != nil {
					written <- err
					return
				}
			}
			written <- nil
		}()
		for {
			_, err := b.Accounts.VerifyAudit(ctx)
			b.Must(err)
			select {
			case err := <-written:
				b.Must(err)
				return
			default:
			}
		}
	})
}
