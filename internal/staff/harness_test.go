package staff_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/internal/store/storetest"
)

// harness is the accounts of a shop, on one engine.
type harness struct {
	*staff.Accounts
	*storetest.Fixture
	t *testing.T
}

// each runs fn with an admin "ani" and a kasir "siti" on every engine; afterwards the
// audit chain has to be sound.
func each(t *testing.T, fn func(b *harness)) {
	t.Helper()
	t.Parallel()
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		b := &harness{Accounts: staff.New(f.Store, cache.NewMemory(f.Clock), f.Clock), Fixture: f, t: t}
		b.SetPasswordCost(staff.LeastCost)
		b.rules(func(p *staff.Policy) { p.SecondFactor = nil })
		for name, role := range map[string]string{"ani": staff.Admin, "siti": staff.Kasir} {
			_, err := b.Add(ctx, actor.Named("cli:test"), name, role, password)
			b.Must(err)
		}
		fn(b)
		if !t.Failed() {
			_, err := b.Accounts.VerifyAudit(ctx)
			b.Must(err)
		}
	})
}

func (b *harness) rules(change func(*staff.Policy)) {
	b.t.Helper()
	p, err := b.Policy(ctx)
	b.Must(err)
	change(&p)
	b.Must(b.SetPolicy(ctx, actor.Named("cli:test"), "", p))
}

// in signs an account in with the password.
func (b *harness) in(name string) (staff.Principal, string) {
	b.t.Helper()
	token, err := b.SignIn(ctx, name, password, staff.From{Address: "10.0.0.9", Agent: "Firefox"})
	b.Must(err)
	return b.who(token), token
}

// somewhere is where links are opened from.
var somewhere = staff.From{Address: "10.0.0.9"}

// proved is the person after a proof, under the session's new token.
func (b *harness) proved(token string, err error) staff.Principal {
	b.t.Helper()
	b.Must(err)
	return b.who(token)
}

func (b *harness) who(token string) staff.Principal {
	b.t.Helper()
	p, err := b.Authenticate(ctx, token)
	b.Must(err)
	return p
}

func (b *harness) code(secret string, after time.Duration) string {
	b.t.Helper()
	code, err := totp.GenerateCode(secret, b.Fixture.Clock.Now().Add(after))
	b.Must(err)
	return code
}

// enrol gives an account a code app and returns its secret, the new session and the
// recovery codes.
func (b *harness) enrol(p staff.Principal) (secret string, now staff.Principal, codes []string) {
	b.t.Helper()
	s, err := b.NewTOTP("Gerai", p)
	b.Must(err)
	e, err := b.EnrolTOTP(ctx, p, s.Secret, b.code(s.Secret, 0))
	b.Must(err)
	return s.Secret, b.who(e.Token), e.Codes
}

// want asserts the code of an error.
func want(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || fault.CodeOf(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}
