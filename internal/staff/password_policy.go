package staff

import (
	"time"
	"unicode"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/store"
)

// longestPassword bounds what is hashed, in bytes.
const longestPassword = 1024

// check judges a new password. The rules are those of ASVS 5.0 6.2: length
// and a check against leaked ones count, composition only where it is switched
// on. Errors: Invalid at "password": "staff.password_short",
// "staff.password_plain", "staff.password_known".
func (p Policy) check(name, password string) error {
	switch {
	case utf8.RuneCountInString(password) < max(p.MinLength, MinPassword) || len(password) > longestPassword:
		return fault.AtField("password", "staff.password_short")
	case p.Complexity && !mixed(password):
		return fault.AtField("password", "staff.password_plain")
	case guessable(password, name):
		return fault.AtField("password", "staff.password_known")
	}
	return nil
}

func mixed(password string) bool {
	var upper, lower, digit bool
	for _, r := range password {
		upper, lower, digit = upper || unicode.IsUpper(r), lower || unicode.IsLower(r), digit || unicode.IsDigit(r)
	}
	return upper && lower && digit
}

// stale reports whether a password has to be changed now.
func (p Policy) stale(s store.Staff, now time.Time) bool {
	if s.MustChange {
		return true
	}
	return p.ExpiryDays > 0 && now.Sub(s.PasswordAt) > time.Duration(p.ExpiryDays)*24*time.Hour
}
