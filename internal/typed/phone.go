package typed

import "strings"

// phoneDigits drops what people put between the digits of a phone number. plus
// says that the number began with +.
func phoneDigits(s string) (digits string, plus, ok bool) {
	var b strings.Builder
	s = strings.TrimSpace(s)
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '.' || r == '(' || r == ')' || r == '+' && i == 0:
		default:
			return "", false, false
		}
	}
	return b.String(), strings.HasPrefix(s, "+"), true
}

// Mobile reads an Indonesian mobile number as people type it and returns
// +62…; an empty one stays empty. ok is false for anything else.
func Mobile(s string) (phone string, ok bool) {
	d, plus, ok := phoneDigits(s)
	if !ok || d == "" {
		return "", ok && strings.TrimSpace(s) == ""
	}
	switch {
	case strings.HasPrefix(d, "62"):
		d = d[2:]
	case plus:
		return "", false // another country
	case d[0] == '0':
		d = d[1:]
	}
	if len(d) < 8 || len(d) > 13 || d[0] != '8' {
		return "", false
	}
	return "+62" + d, true
}

// WhatsApp reads a WhatsApp number and returns its international digits:
// "0812…", "+62 812…", "62812…" and "812…" are one number. Numbers of other
// countries begin with + or their country code. An empty one stays empty.
func WhatsApp(s string) (digits string, ok bool) {
	if m, ok := Mobile(s); ok {
		return strings.TrimPrefix(m, "+"), true
	}
	d, plus, ok := phoneDigits(s)
	switch {
	case !ok:
		return "", false
	case !plus && strings.HasPrefix(d, "0"): // a landline of Indonesia, which WhatsApp Business takes
		d = "62" + d[1:]
	}
	if len(d) < 8 || len(d) > 15 || d[0] == '0' || strings.HasPrefix(d, "620") {
		return "", false
	}
	return d, true
}
