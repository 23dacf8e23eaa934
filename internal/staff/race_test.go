package staff_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// A session that was ended between the challenge and the answer stays ended: a code that
// is right does not bring it back.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		secret, _, _ := b.enrol(p)
		b.Fixture.Clock.Add(time.Minute)
		pending, _ := b.in("siti")
		_, err := b.EndSessionsOf(ctx, actor.Named("cli:test"), p.ID)
		b.Must(err)
		token, err := b.CheckTwoFactor(ctx, pending, b.code(secret, 0))
		want(t, err, "staff.signed_out")
		wantOut(t, b.Accounts, token)

		ani, _ := b.in("ani")
		b.Must(b.EndSession(ctx, ani, staff.SessionName(ani.Session)))
		s, err := b.NewTOTP("Gerai", ani)
		b.Must(err)
		_, err = b.EnrolTOTP(ctx, ani, s.Secret, b.code(s.Secret, 0))
		want(t, err, "staff.signed_out")
		if row, err := b.StaffByName(ctx, "ani"); err != nil || row.TOTP != "" {
			t.Errorf("%v: a factor of somebody who was signed out", err)
		}
	})
}

// A sign-in that was under way while the account changed opens nothing.
func TestASlowSignInComesTooLate(t *testing.T) {
	each(t, func(b *harness) {
		from := staff.From{Address: "10.0.0.9"}
		p, _ := b.in("siti")
		_, _, err := b.ChangePassword(ctx, p, password, "an entirely other one", "an entirely other one")
		b.Must(err)
		_, err = b.Enter(ctx, p.Staff, from)
		want(t, err, "staff.sign_in_wrong")
		now, err := b.StaffByName(ctx, "siti")
		b.Must(err)
		_, err = b.Enter(ctx, now, from)
		b.Must(err)
		b.Must(b.Disable(ctx, actor.Named("cli:test"), p.ID, confirmation("siti")))
		_, err = b.Enter(ctx, now, from)
		want(t, err, "staff.sign_in_wrong")
		if left, err := b.SessionsOf(ctx, p.ID, b.Fixture.Clock.Now()); err != nil || len(left) != 0 {
			t.Errorf("%v: %d sessions of a disabled account", err, len(left))
		}
	})
}

// busy is a limiter that needs the database to itself for a moment: asked
// inside a transaction on SQLite it would wait for its own asker.
type busy struct {
	cache.Limiter
	b *harness
}

func (l busy) Allow(ctx context.Context, key string, limit cache.Limit) (bool, time.Duration) {
	free := make(chan error, 1)
	go func() {
		free <- l.b.InTx(ctx, actor.Named("server"), func(tx *store.Tx) error { return tx.HoldAdmins(ctx) })
	}()
	select {
	case err := <-free:
		l.b.Must(err)
	case <-time.After(2 * time.Second):
		l.b.t.Errorf("%s was counted inside a transaction", key)
	}
	return l.Limiter.Allow(ctx, key, limit)
}

// Counting tries may take a network call, which nothing may wait for while it
// holds the database.
func TestTriesAreCountedOutsideOfTransactions(t *testing.T) {
	each(t, func(b *harness) {
		b.Accounts.Cache = busy{b.Accounts.Cache, b}
		p, _ := b.in("ani")
		secret, now, _ := b.enrol(p)
		b.Fixture.Clock.Add(time.Minute)
		b.proved(b.ReauthenticateTwoFactor(ctx, now, b.code(secret, 0)))
		b.Fixture.Clock.Add(time.Minute)
		p, _ = b.in("ani")
		_, err := b.CheckTwoFactor(ctx, p, b.code(secret, 0))
		b.Must(err)
	})
}

// A passkey that is removed while its answer is being checked opens nothing and
// does not come back.
func TestARemovedPasskeyStaysRemoved(t *testing.T) {
	each(t, func(b *harness) {
		b.Must(b.UsePasskeys(shopOrigin, "Gerai"))
		p, _ := b.in("siti")
		_, e := b.register(p, "HP kasir")
		b.Must(b.LateUse(ctx, p.Staff, func() {})) // nothing happened in between
		p = b.who(e.Token)
		err := b.LateUse(ctx, p.Staff, func() { b.Must(b.ResetTwoFactor(ctx, actor.Named("cli:test"), p.ID, confirmation("siti"))) })
		want(t, err, "staff.passkey_wrong")
		if keys, err := b.PasskeysOf(ctx, p.ID); err != nil || len(keys) != 0 {
			t.Errorf("%+v %v", keys, err)
		}
	})
}

// An admin who lost the right, or some sites, during the request sets no rules for all.
func TestRulesOfSomebodyWhoLostTheRight(t *testing.T) {
	each(t, func(b *harness) {
		b.twoSites()
		p := b.hired("budi", staff.Admin)
		loose := staff.DefaultPolicy
		loose.SecondFactor = nil
		loose.ExpiryDays = 7
		for code, post := range map[string]staff.Assignment{"staff.whole_only": {Role: staff.Admin, Sites: []string{"s1"}}, "staff.not_yours": {Role: staff.Kasir}} {
			b.Must(b.Reassign(ctx, actor.Named("cli:test"), p.ID, post, confirmation("budi")))
			want(t, b.SetPolicy(ctx, p.Actor(), p.Session.Address, loose), code)
		}
	})
}
