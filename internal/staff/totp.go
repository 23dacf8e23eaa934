package staff

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"gerai/internal/fault"
	"gerai/internal/store"
)

// RFC 6238 with the values every authenticator app knows. drift is how many
// steps a phone's clock may be off, either way.
const (
	totpPeriod = 30 * time.Second
	totpDigits = otp.DigitsSix
	totpDrift  = 1
	totpSecret = 20 // bytes, as RFC 4226 section 4 R6 recommends
)

// TOTPSetup is a new secret, to be entered into an authenticator app.
type TOTPSetup struct {
	Secret string // base32, to type
	URI    string // otpauth://…, to scan
}

// NewTOTP makes a secret; nothing is kept until EnrolTOTP. issuer is the
// shop's name.
func (o *Accounts) NewTOTP(issuer string, p Principal) (TOTPSetup, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: p.Name, SecretSize: totpSecret, Rand: rand.Reader})
	if err != nil {
		return TOTPSetup{}, fmt.Errorf("make a secret for %s: %w", p.Name, err)
	}
	return setup(issuer, p, key.Secret()), nil
}

// SameTOTP is the setup of a secret made before, to show it once more.
func SameTOTP(issuer string, p Principal, secret string) TOTPSetup { return setup(issuer, p, secret) }

func setup(issuer string, p Principal, secret string) TOTPSetup {
	q := url.Values{"secret": {secret}, "issuer": {issuer}}
	return TOTPSetup{Secret: secret, URI: "otpauth://totp/" + url.PathEscape(issuer+":"+p.Name) + "?" + q.Encode()}
}

// step returns the time step in which a code is right; ok is false when it is
// in none. Steps up to the last used one do not count.
func step(secret, code string, last int64, now time.Time) (found int64, ok bool) {
	current := now.Unix() / int64(totpPeriod/time.Second)
	for _, s := range []int64{current, current - totpDrift, current + totpDrift} {
		right, err := hotp.ValidateCustom(code, uint64(s), secret, hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // a time after 1970
		if err == nil && right {
			return s, s > last
		}
	}
	return 0, false
}

// spend checks a six-digit or recovery code and makes it useless for the next
// time. Errors: Invalid "staff.code_wrong" or "staff.code_used" at "code".
func spend(ctx context.Context, tx *store.Tx, s *store.Staff, typed string) error {
	digits, recovery := readCode(typed)
	switch {
	case digits != "" && s.TOTP != "":
		at, ok := step(s.TOTP, digits, s.TOTPStep, tx.Now())
		if !ok && at == 0 {
			return fault.AtField("code", "staff.code_wrong")
		}
		used, err := tx.UseTOTPStep(ctx, s.ID, at)
		if err != nil {
			return err
		}
		if !ok || !used {
			return fault.AtField("code", "staff.code_used")
		}
		s.TOTPStep = at
		return nil
	case recovery != "":
		used, err := tx.UseRecoveryCode(ctx, s.ID, hashRecovery(s.ID, recovery))
		if err != nil {
			return err
		}
		if !used {
			return fault.AtField("code", "staff.code_wrong")
		}
		tx.Audit("staff.recovery_used", "staff:"+s.ID, nil)
		told(s, NoticeRecoveryUsed, tx.Now())
		return tx.SaveStaff(ctx, *s)
	}
	return fault.AtField("code", "staff.code_wrong")
}
