package routerossim

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// parseDur reads the notations routers accept: 1w2d3h4m5s, 02:03:04,
// 1d02:03:04, 1d 02:00:00, plain seconds, 200ms and .200.
func parseDur(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	var total time.Duration
	rest := s
	for rest != "" {
		rest = strings.TrimLeft(rest, " ")
		i := 0
		for i < len(rest) && (rest[i] >= '0' && rest[i] <= '9' || rest[i] == '.' || rest[i] == ':') {
			i++
		}
		if i == 0 {
			return 0, false
		}
		number := rest[:i]
		j := i
		for j < len(rest) && rest[j] >= 'a' && rest[j] <= 'z' {
			j++
		}
		unit := rest[i:j]
		rest = rest[j:]
		part, ok := durPart(number, unit)
		if !ok || total > math.MaxInt64-part {
			return 0, false
		}
		total += part
	}
	return total, true
}

var durUnits = map[string]time.Duration{"": time.Second, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "ms": time.Millisecond}

func durPart(number, unit string) (time.Duration, bool) {
	if strings.Contains(number, ":") {
		if unit != "" {
			return 0, false
		}
		return clockPart(number)
	}
	size, ok := durUnits[unit]
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || f < 0 || f*float64(size) > 1<<62 {
		return 0, false
	}
	if i, err := strconv.ParseInt(number, 10, 64); err == nil {
		return time.Duration(i) * size, true
	}
	return time.Duration(math.Round(f*1e3)) * size / 1e3, true
}

func clockPart(s string) (time.Duration, bool) {
	var total time.Duration
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0, false
	}
	for _, p := range parts {
		f, err := strconv.ParseFloat(p, 64)
		if err != nil || f < 0 || f > 1e6 {
			return 0, false
		}
		total = total*60 + time.Duration(f*1e9)
	}
	if len(parts) == 2 { // 02:30 is hours and minutes
		total *= 60
	}
	return total, true
}

// formatDur prints 1w2d3h4m5s without zero parts; nothing is 0s.
func formatDur(d time.Duration) string {
	if d < time.Millisecond {
		return "0s"
	}
	var b strings.Builder
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}} {
		if n := d / u.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10))
			b.WriteString(u.name)
			d -= n * u.size
		}
	}
	return b.String()
}

func parseBool(s string) (value, ok bool) {
	switch s {
	case "yes", "true":
		return true, true
	case "no", "false":
		return false, true
	}
	return false, false
}

// parseMAC reads colons, dashes, dots or none, and returns upper case with colons.
func parseMAC(s string) (string, bool) {
	hex := make([]byte, 0, 12)
	for i := range len(s) {
		c := s[i]
		switch {
		case c == ':' || c == '-' || c == '.':
			continue
		case c >= '0' && c <= '9', c >= 'A' && c <= 'F':
		case c >= 'a' && c <= 'f':
			c -= 32
		default:
			return "", false
		}
		hex = append(hex, c)
	}
	if len(hex) != 12 || len(s) > 17 {
		return "", false
	}
	parts := make([]string, 0, 6)
	for i := 0; i < 12; i += 2 {
		parts = append(parts, string(hex[i:i+2]))
	}
	return strings.Join(parts, ":"), true
}

// activeID builds the id of an active row: the address as little-endian hex
// (inferred from one capture: *D3080A0A is 10.10.8.211).
func activeID(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || !a.Is4() {
		return ""
	}
	b := a.As4()
	n := uint64(b[3])<<24 | uint64(b[2])<<16 | uint64(b[1])<<8 | uint64(b[0])
	return "*" + strings.ToUpper(strconv.FormatUint(n, 16))
}

// parseSize reads a byte count: RouterOS takes binary k, M and G on input and
// prints plain integers.
func parseSize(s string) (int64, bool) {
	mult := int64(1)
	if s != "" {
		switch s[len(s)-1] {
		case 'k', 'K':
			mult = 1 << 10
		case 'M':
			mult = 1 << 20
		case 'G':
			mult = 1 << 30
		}
		if mult > 1 {
			s = s[:len(s)-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/mult {
		return 0, false
	}
	return n * mult, true
}

// parseRate reads 512k, 2M or 1000000 (decimal multiples, bits per second).
func parseRate(s string) (int64, bool) {
	mult := int64(1)
	if s != "" {
		switch s[len(s)-1] {
		case 'k', 'K':
			mult = 1000
		case 'M':
			mult = 1000_000
		case 'G':
			mult = 1000_000_000
		}
		if mult > 1 {
			s = s[:len(s)-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/mult {
		return 0, false
	}
	return n * mult, true
}

func durOf(s string) time.Duration {
	d, _ := parseDur(s)
	return d
}

func unixMilli(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func milli(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

func numOf(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func sinceText(now time.Time, from string) string {
	return formatDur(max(0, now.Sub(milli(from))).Truncate(time.Second))
}

func unix(t time.Time) string { return t.UTC().Format(time.RFC3339) }
