package staff_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/staff"
)

// The way through the second step: each step has a session of its own, and a code works
// once.
func TestSecondStep(t *testing.T) {
	each(t, func(b *harness) {
		p, first := b.in("siti")
		if p.RequiredStep != staff.StepNone || p.HasTwoFactor {
			t.Fatalf("%+v", p)
		}
		secret, now, codes := b.enrol(p)
		wantOut(t, b.Accounts, first)
		if !now.HasTwoFactor || now.RequiredStep != staff.StepNone || len(codes) != staff.RecoveryCodes {
			t.Fatal(now.RequiredStep, codes)
		}
		// The code that enrolled is spent.
		p, token := b.in("siti")
		if p.RequiredStep != staff.StepTwoFactor {
			t.Fatal("the password alone opens the panel")
		}
		_, err := b.CheckTwoFactor(ctx, p, b.code(secret, 0))
		want(t, err, "staff.code_used")
		b.Fixture.Clock.Add(30 * time.Second)
		_, err = b.CheckTwoFactor(ctx, p, "000000")
		want(t, err, "staff.code_wrong")
		second, err := b.CheckTwoFactor(ctx, p, b.code(secret, 0))
		b.Must(err)
		wantOut(t, b.Accounts, token)
		if who := b.who(second); who.RequiredStep != staff.StepNone || !who.Reauthenticated(b.Fixture.Clock.Now()) || second == token {
			t.Fatal(who.RequiredStep)
		}
		_, err = b.CheckTwoFactor(ctx, b.who(second), b.code(secret, 30*time.Second))
		want(t, err, "staff.nothing_owed")
		// Another session of hers that was open before lacks the step now.
		row, err := b.StaffByName(ctx, "siti")
		b.Must(err)
		if strings.Contains(row.Notices, secret) {
			t.Error("a secret in the notices")
		}
	})
}

func TestACodeDriftsOneStepAndNoMore(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		secret, _, _ := b.enrol(p)
		for _, c := range []struct {
			drift time.Duration
			code  string
		}{{-60 * time.Second, "staff.code_wrong"}, {-30 * time.Second, ""}, {60 * time.Second, "staff.code_wrong"}, {30 * time.Second, ""}} {
			b.Fixture.Clock.Add(5 * time.Minute)
			p, _ := b.in("siti")
			_, err := b.CheckTwoFactor(ctx, p, b.code(secret, c.drift))
			if fault.CodeOf(err) != c.code && (err != nil || c.code != "") {
				t.Errorf("%s: %v", c.drift, err)
			}
		}
		// After a code that ran ahead an earlier one is too late.
		b.Fixture.Clock.Add(5 * time.Minute)
		p, _ = b.in("siti")
		_, err := b.CheckTwoFactor(ctx, p, b.code(secret, 30*time.Second))
		b.Must(err)
		p, _ = b.in("siti")
		_, err = b.CheckTwoFactor(ctx, p, b.code(secret, 0))
		want(t, err, "staff.code_used")
	})
}

// Two browsers with the same code at once: one of them gets in.
func TestOneCodeTwoBrowsers(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		secret, _, codes := b.enrol(p)
		b.Fixture.Clock.Add(time.Minute)
		for _, code := range []string{b.code(secret, 0), codes[0]} {
			var in, out int
			var mu sync.Mutex
			var all sync.WaitGroup
			for range 4 {
				p, _ := b.in("siti")
				all.Go(func() {
					_, err := b.CheckTwoFactor(ctx, p, code)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						in++
					} else {
						out++
					}
				})
			}
			all.Wait()
			if in != 1 || out != 3 {
				t.Errorf("%d in, %d out", in, out)
			}
			b.Fixture.Clock.Add(20 * time.Minute)
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		_, p, codes := b.enrol(p)
		seen := map[string]bool{}
		for _, c := range codes {
			if seen[c] || len(strings.ReplaceAll(c, "-", "")) != 16 {
				t.Errorf("%q", c)
			}
			seen[c] = true
		}
		try := func(code string) error {
			p, _ := b.in("siti")
			_, err := b.CheckTwoFactor(ctx, p, code)
			return err
		}
		b.Must(try(strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))))
		want(t, try(codes[3]), "staff.code_wrong")
		if n, err := b.CountRecoveryCodes(ctx, p.ID); err != nil || n != 9 {
			t.Error(n, err)
		}
		fresh, err := b.NewRecovery(ctx, p)
		b.Must(err)
		want(t, try(codes[4]), "staff.code_wrong")
		b.Must(try(fresh[0]))
		// Codes of another account are not hers.
		ani, _ := b.in("ani")
		_, _, others := b.enrol(ani)
		b.Fixture.Clock.Add(20 * time.Minute)
		want(t, try(others[0]), "staff.code_wrong")
		// The owner is told at the next sign-in, until she has read it.
		b.Must(try(fresh[1]))
		b.Fixture.Clock.Add(time.Second)
		p, token := b.in("siti")
		told := map[string]int{}
		for _, n := range p.News() {
			told[n.Code]++
		}
		if told[staff.NoticeRecoveryUsed] != 3 || told[staff.NoticeTOTPAdded] != 1 {
			t.Error(told)
		}
		b.Must(b.Seen(ctx, p))
		if news := b.who(token).News(); len(news) != 0 {
			t.Error(news)
		}
	})
}

// Guessing at the second step ends the guesser's session, not the owner's, and
// never locks the owner out.
func TestGuessingCodes(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		secret, mine, codes := b.enrol(p)
		for try := range 6 {
			if try == 0 {
				p, _ = b.in("siti")
			}
			_, err := b.CheckTwoFactor(ctx, p, "123456")
			if try < 5 {
				want(t, err, "staff.code_wrong")
			} else {
				want(t, err, "staff.signed_out")
			}
		}
		wantOut(t, b.Accounts, "whatever")
		if _, err := b.StaffByID(ctx, mine.ID); err != nil {
			t.Fatal(err)
		}
		// A whole army with the password: six digits stop working for an hour,
		// recovery codes do not.
		for n := range 100 {
			soldier := mine
			soldier.Session.TokenHash = fmt.Sprintf("%064d", n)
			soldier.Session.TwoFactorAt = time.Time{}
			if _, err := b.ReauthenticateTwoFactor(ctx, soldier, "123456"); err == nil {
				t.Fatal("guessed")
			}
		}
		token, err := b.SignIn(ctx, "siti", password, staff.From{Address: "10.0.0.77"})
		b.Must(err)
		p = b.who(token)
		_, err = b.CheckTwoFactor(ctx, p, b.code(secret, 0))
		want(t, err, "limit.code")
		_, err = b.CheckTwoFactor(ctx, p, codes[0])
		b.Must(err)
		b.Fixture.Clock.Add(2 * time.Hour)
		p, _ = b.in("siti")
		_, err = b.CheckTwoFactor(ctx, p, b.code(secret, 0))
		b.Must(err)
	})
}

func TestProvingAgain(t *testing.T) {
	each(t, func(b *harness) {
		_, token := b.in("siti")
		b.Fixture.Clock.Add(6 * time.Minute)
		p := b.who(token)
		if p.Reauthenticated(b.Fixture.Clock.Now()) {
			t.Fatal("fresh for ever")
		}
		ends := p.Session.ExpiresAt
		_, err := b.Reauthenticate(ctx, p, "wrong wrong wrong")
		want(t, err, "staff.password_wrong")
		b.who(token) // a wrong password changes nothing
		old := token
		token, err = b.Reauthenticate(ctx, p, password)
		p = b.proved(token, err)
		if !p.Reauthenticated(b.Fixture.Clock.Now()) || !p.Session.ExpiresAt.Equal(ends) {
			t.Errorf("%+v, the session ended at %v", p.Session, ends)
		}
		wantOut(t, b.Accounts, old)
		if staff.Family(old) != staff.Family(token) || staff.Family(old) == old {
			t.Error("forms of other tabs are lost")
		}
		// With a second factor the password is not enough.
		secret, p, _ := b.enrol(b.who(token))
		b.Fixture.Clock.Add(6 * time.Minute)
		_, err = b.Reauthenticate(ctx, p, password)
		want(t, err, "staff.code_wanted")
		want(t, b.RemoveTOTP(ctx, p), "staff.second_missing")
		_, err = b.ReauthenticateTwoFactor(ctx, p, "000000")
		want(t, err, "staff.code_wrong")
		before := p
		p = b.proved(b.ReauthenticateTwoFactor(ctx, p, b.code(secret, 0)))
		if p.Session.TokenHash == before.Session.TokenHash {
			t.Error("the proof left the token as it was")
		}
		b.Fixture.Clock.Add(time.Minute)
		_, err = b.ReauthenticateTwoFactor(ctx, before, b.code(secret, 0))
		want(t, err, "staff.signed_out")
	})
}

// Removing a factor needs a factor, is recorded in the audit trail and notified.
func TestRemovingAFactor(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		want(t, b.RemoveTOTP(ctx, p), "staff.no_factor")
		_, p, _ = b.enrol(p)
		_, err := b.EnrolTOTP(ctx, p, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "123456")
		want(t, err, "staff.totp_there")
		b.Must(b.RemoveTOTP(ctx, p))
		if n, err := b.CountRecoveryCodes(ctx, p.ID); err != nil || n != 0 {
			t.Error("recovery codes outlive the factor", n, err)
		}
		b.Fixture.Clock.Add(time.Second)
		p, _ = b.in("siti")
		if news := p.News(); p.RequiredStep != staff.StepNone || len(news) != 2 || news[1].Code != staff.NoticeTOTPRemoved {
			t.Error(p.RequiredStep, news)
		}
		trail, err := b.AuditOf(ctx, "staff:"+p.ID)
		b.Must(err)
		found := false
		for _, row := range trail {
			found = found || row.Action == "staff.totp_remove"
		}
		if !found {
			t.Error("not in the trail")
		}
	})
}

// A role that must have a second factor is led to one and gets nothing else.
func TestDemandedFactor(t *testing.T) {
	each(t, func(b *harness) {
		b.rules(func(p *staff.Policy) { p.SecondFactor = []string{staff.Admin} })
		p, _ := b.in("ani")
		if p.RequiredStep != staff.StepTwoFactorSetup {
			t.Fatal(p.RequiredStep)
		}
		if kasir, _ := b.in("siti"); kasir.RequiredStep != staff.StepNone {
			t.Error(kasir.RequiredStep)
		}
		if _, p, _ = b.enrol(p); p.RequiredStep != staff.StepNone {
			t.Error(p.RequiredStep)
		}
	})
}
