package typed

import (
	"slices"
	"strings"
)

// Name reads a name: one line of text of at most most characters. Blanks at its ends are
// left out; ok is false for an empty or longer one and for control characters.
func Name(s string, most int) (name string, ok bool) {
	name = strings.TrimSpace(s)
	runes := []rune(name)
	bad := func(r rune) bool { return r < ' ' || r == '\u007f' || r == '\ufffd' }
	return name, len(runes) > 0 && len(runes) <= most && !slices.ContainsFunc(runes, bad)
}
