package staff

import (
	"strings"
	"unicode/utf8"

	"gerai/internal/fault"
)

// By is who manages people: a person of the panel, or somebody at the server's
// terminal, who has no id.
type By struct{ Actor, ID string }

// By names the person as the one who acts.
func (p Person) By() By { return By{Actor: p.Actor(), ID: p.ID} }

// Confirmation comes with an act that cannot simply be taken back: the name of
// the account typed out, and why.
type Confirmation struct{ Typed, Reason string }

// Bounds of a reason, in characters.
const (
	shortestReason = 3
	longestReason  = 300
)

// check returns the reason to keep. Errors: Invalid at "typed" or "reason".
func (c Confirmation) check(name string) (reason string, err error) {
	if strings.TrimSpace(strings.ToLower(c.Typed)) != name {
		return "", fault.AtField("typed", "staff.typed_wrong")
	}
	reason = strings.TrimSpace(c.Reason)
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > longestReason {
		return "", fault.AtField("reason", "staff.reason_missing")
	}
	return reason, nil
}
