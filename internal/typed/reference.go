package typed

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Reference is the normal form of a reference that people copy from a bank's
// message: letters and digits alone, in capitals. Case, blanks, punctuation and
// full-width forms make no other reference.
func Reference(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(s))
}
