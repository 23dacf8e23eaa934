package ledger

import (
	"strings"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/money"
)

const (
	shortestReason = 3
	longestReason  = 300
)

// Reason validates and trims the reason of an act that cannot be taken back. Errors:
// Invalid at "reason".
func Reason(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if n := utf8.RuneCountInString(s); n < shortestReason || n > longestReason || !Plain(s) {
		return "", fault.AtField("reason", "confirm.reason")
	}
	return s, nil
}

// Plain reports whether a text can be kept and shown.
func Plain(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// Confirmed checks that the typed text is the name of the subject of an act, in any
// case and with or without the hyphen it is shown with. Errors: Invalid at "typed".
func Confirmed(typed, want string) error {
	tidy := strings.NewReplacer("-", "", " ", "")
	if want == "" || !strings.EqualFold(tidy.Replace(typed), tidy.Replace(want)) {
		return fault.AtField("typed", "confirm.typed")
	}
	return nil
}

// ConfirmedAmount is Confirmed for an amount. Errors: Invalid at "typed".
func ConfirmedAmount(typed string, want money.Rupiah) error {
	if got, ok := money.ParseField(typed); !ok || got != want {
		return fault.AtField("typed", "confirm.amount")
	}
	return nil
}
