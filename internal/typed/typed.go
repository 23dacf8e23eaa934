package typed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestCount is how many digits a count may have; nine fit every int.
const longestCount = 9

// Digits reads a whole number of plain digits: no sign, blank, fraction,
// underscore or leading zero, which other programs read as octal.
func Digits(s string) (int, bool) {
	if s == "" || len(s) > longestCount || len(s) > 1 && s[0] == '0' || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Count is Digits for a form or a file, where blanks around the number are no
// part of it.
func Count(s string) (int, bool) { return Digits(strings.TrimSpace(s)) }

// Port reads a TCP port, 1 to 65535.
func Port(s string) (int, bool) {
	n, ok := Digits(s)
	return n, ok && n >= 1 && n <= 65535
}

const number = `(0|[1-9]\d{0,4})`

var durationForm = regexp.MustCompile(`^(?:` + number + `d)?(?:` + number + `h)?(?:` + number + `m)?(?:` + number + `s)?$`)

// Duration reads days, hours, minutes and seconds in this order: "90m", "7d",
// "1d12h", "30s".
func Duration(s string) (time.Duration, bool) {
	m := durationForm.FindStringSubmatch(s)
	if s == "" || m == nil {
		return 0, false
	}
	var d time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(m[i+1]) // five digits at most; an absent part is zero
		d += time.Duration(n) * unit
	}
	return d, true
}

var sizeForm = regexp.MustCompile(`^([1-9]\d{0,5}) ?([MG]B)$`)

// Size reads decimal sizes in whole units: "500MB", "2 gb".
func Size(s string) (bytes int64, ok bool) {
	m := sizeForm.FindStringSubmatch(strings.ToUpper(s))
	if m == nil {
		return 0, false
	}
	n, _ := strconv.ParseInt(m[1], 10, 64) // six digits at most
	if m[2] == "GB" {
		return n * 1_000_000_000, true
	}
	return n * 1_000_000, true
}
