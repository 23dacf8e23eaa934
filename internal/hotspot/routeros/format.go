package routeros

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// duration prints a time span as RouterOS does: 1w2d3h4m5s, zero parts left
// out, 0s for none. Parts of a second are cut.
func duration(d time.Duration) string {
	s := int64(d / time.Second)
	if s <= 0 {
		return "0s"
	}
	var b strings.Builder
	for _, unit := range []struct {
		seconds int64
		letter  string
	}{{604800, "w"}, {86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}} {
		if n := s / unit.seconds; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.letter)
			s %= unit.seconds
		}
	}
	return b.String()
}

var (
	unitForm  = regexp.MustCompile(`^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:\d+ms)?$`)
	clockForm = regexp.MustCompile(`^(?:(\d+)w)?(?:(\d+)d ?)?(\d+):(\d\d):(\d\d)$`)
)

// parseDuration reads what RouterOS prints: 1w2d3h4m5s or 1d02:03:04; anything
// else, such as "none" or nothing, is zero.
func parseDuration(s string) time.Duration {
	m := unitForm.FindStringSubmatch(s)
	if m == nil {
		m = clockForm.FindStringSubmatch(s)
	}
	if m == nil {
		return 0
	}
	var total int64
	for i, seconds := range []int64{604800, 86400, 3600, 60, 1} {
		n, _ := strconv.ParseInt(m[i+1], 10, 32) // digits only; an absent part is zero
		total += n * seconds
	}
	return time.Duration(total) * time.Second
}

// dateLayouts are the styles of a date: since 7.10, and before.
var dateLayouts = []string{"2006-01-02", "Jan/02/2006"}

var offsetForm = regexp.MustCompile(`^([+-])(\d\d):(\d\d)$`)

// parseClock reads /system/clock.
func parseClock(r row) (time.Time, bool) {
	offset := int64(0)
	if m := offsetForm.FindStringSubmatch(r["gmt-offset"]); m != nil {
		h, _ := strconv.ParseInt(m[2], 10, 32)
		min, _ := strconv.ParseInt(m[3], 10, 32)
		if offset = h*3600 + min*60; m[1] == "-" {
			offset = -offset
		}
	}
	zone := time.FixedZone("router", int(offset))
	text := r["date"] + " " + r["time"]
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout+" 15:04:05", text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseDate reads a day in the style of any version.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func yes(s string) bool { return s == "true" || s == "yes" }

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // absent or odd counts as zero
	return n
}

// quickDuration is parseDuration for listings, which have thousands of them.
func quickDuration(s []byte) time.Duration {
	var total, n int64
	for i, c := range s {
		unit := int64(0)
		switch c {
		case 'w':
			unit = 604800
		case 'd':
			unit = 86400
		case 'h':
			unit = 3600
		case 'm':
			if unit = 60; i+1 < len(s) && s[i+1] == 's' { // parts of a second
				return parseDuration(string(s))
			}
		case 's':
			unit = 1
		default:
			if c < '0' || c > '9' || n > 1<<31 {
				return parseDuration(string(s))
			}
			n = n*10 + int64(c-'0')
			continue
		}
		total, n = total+n*unit, 0
	}
	if n > 0 { // a number without its unit, or another notation
		return parseDuration(string(s))
	}
	return time.Duration(total) * time.Second
}

// quickNumber is number for listings.
func quickNumber(s []byte) int64 {
	var n int64
	for _, c := range s {
		if c < '0' || c > '9' || n > 1<<59 {
			return number(string(s))
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
