package catalog

import "strings"

// longestSlug is the most characters that the address of a site has.
const longestSlug = 40

// SlugFrom makes the address of a site out of its name: lower-case letters and digits, words
// divided by hyphens. A name without any of them gives "hotspot".
func SlugFrom(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() >= longestSlug:
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "hotspot"
}
