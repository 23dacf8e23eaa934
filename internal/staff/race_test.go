package staff_test

import (
	"testing"
	"time"

	"gerai/internal/staff"
)

// Whoever was signed out between the question and the answer stays out: a code
// that is right does not bring the session back.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	each(t, func(b *bureau) {
		p, _ := b.in("siti")
		secret, _, _ := b.enrol(p)
		b.Fixture.Clock.Add(time.Minute)
		pending, _ := b.in("siti")
		_, err := b.EndSessionsOf(ctx, staff.By{Actor: "cli:test"}, p.ID)
		b.Must(err)
		token, err := b.Second(ctx, pending, b.code(secret, 0))
		want(t, err, "staff.signed_out")
		wantOut(t, b.Office, token)

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
	each(t, func(b *bureau) {
		from := staff.From{Address: "10.0.0.9"}
		p, _ := b.in("siti")
		_, err := b.ChangePassword(ctx, p, password, "an entirely other one", "an entirely other one")
		b.Must(err)
		_, err = b.Enter(ctx, p.Staff, from)
		want(t, err, "staff.sign_in_wrong")
		now, err := b.StaffByName(ctx, "siti")
		b.Must(err)
		_, err = b.Enter(ctx, now, from)
		b.Must(err)
		b.Must(b.Disable(ctx, staff.By{Actor: "cli:test"}, p.ID, sure("siti")))
		_, err = b.Enter(ctx, now, from)
		want(t, err, "staff.sign_in_wrong")
		if left, err := b.SessionsOf(ctx, p.ID, b.Fixture.Clock.Now()); err != nil || len(left) != 0 {
			t.Errorf("%v: %d sessions of a disabled account", err, len(left))
		}
	})
}
