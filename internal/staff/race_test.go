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
