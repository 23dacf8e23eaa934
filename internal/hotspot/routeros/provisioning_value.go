package routeros

import (
	"slices"
	"strings"

	"gerai/internal/hotspot"
)

// fieldsOf reads command words back into a map.
func fieldsOf(words []string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		if name, value, ok := strings.Cut(strings.TrimPrefix(w, "="), "="); ok {
			out[name] = value
		}
	}
	return out
}

// words writes fields as a command's arguments, always in the same order.
func wordsOf(fields map[string]string) []string {
	out := make([]string, 0, len(fields))
	for name, value := range fields {
		out = append(out, "="+name+"="+value)
	}
	slices.Sort(out)
	return out
}

// unseen are fields that a router does not print, or not as they were given.
var unseen = []string{"password", "days-valid", "key-size", "key-usage"}

// agrees reports whether a row says what the fields say.
func agrees(fields map[string]string, have row) bool {
	for name, want := range fields {
		if !slices.Contains(unseen, name) && !sameValue(name, want, have[name]) {
			return false
		}
	}
	return true
}

// sameValue compares two notations of one value: yes and true, lists in any
// order, policies with and without their negatives, spans of time.
func sameValue(name, a, b string) bool {
	if a == b {
		return true
	}
	switch name {
	case "policy":
		return slices.Equal(granted(a), granted(b))
	case "login-by":
		return slices.Equal(sorted(a), sorted(b))
	case "disabled", "add-mac-cookie":
		return yes(a) == yes(b)
	case "session-timeout", "idle-timeout", "interval":
		return parseDuration(a) == parseDuration(b)
	case "start-date":
		x, ok1 := parseDate(a)
		y, ok2 := parseDate(b)
		return ok1 && ok2 && x.Equal(y)
	case "on-event":
		return lines(a) == lines(b)
	}
	return false
}

// lines is a script with its line ends made alike.
func lines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func sorted(list string) []string {
	out := strings.Split(list, ",")
	slices.Sort(out)
	return out
}

// granted lists what a policy allows.
func granted(policy string) []string {
	var out []string
	for _, p := range sorted(policy) {
		if p != "" && p[0] != '!' {
			out = append(out, p)
		}
	}
	return out
}

// marked reports whether a row is one that setup made.
func marked(r row) bool { return strings.HasPrefix(r["comment"], hotspot.ProvisioningMark) }

// pick is the part of a row that the fields name.
func pick(have row, fields map[string]string) map[string]string {
	out := map[string]string{}
	for name := range fields {
		if !slices.Contains(unseen, name) {
			out[name] = have[name]
		}
	}
	return out
}
