package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

var months = map[Lang][]string{
	Indonesian: {"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"},
	English:    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// ZoneName is the short name of Indonesia's three zones, UTC with the offset
// elsewhere.
func ZoneName(t time.Time) string {
	_, offset := t.Zone()
	switch offset {
	case 7 * 3600:
		return "WIB"
	case 8 * 3600:
		return "WITA"
	case 9 * 3600:
		return "WIT"
	case 0:
		return "UTC"
	}
	return "UTC" + t.Format("-07:00")
}

func (b Base) local(t time.Time) time.Time {
	if b.Zone == nil {
		return t.UTC()
	}
	return t.In(b.Zone)
}

// Clock prints the time of day: 14.32 WIB.
func (b Base) Clock(t time.Time) string {
	t = b.local(t)
	if b.Lang == English {
		return t.Format("15:04 ") + ZoneName(t)
	}
	return t.Format("15.04 ") + ZoneName(t)
}

// Stamp prints date and time: 24 Nov 2026 14.32 WIB.
func (b Base) Stamp(t time.Time) string {
	l := b.local(t)
	return fmt.Sprintf("%d %s %d %s", l.Day(), months[b.Lang][l.Month()-1], l.Year(), b.Clock(t))
}

// When prints the time of day when t is today at the site, else date and time.
func (b Base) When(t time.Time) string {
	l, now := b.local(t), b.local(b.Now)
	if l.YearDay() == now.YearDay() && l.Year() == now.Year() {
		return b.Clock(t)
	}
	return b.Stamp(t)
}

// Machine prints a time for the datetime attribute.
func (b Base) Machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Millis is a time for the script's countdown.
func (b Base) Millis(t time.Time) int64 { return t.UnixMilli() }

// Span prints a duration in whole words: "1 jam", "7 hari", "1 hari 12 jam".
// Seconds are left out above one minute.
func (b Base) Span(d time.Duration) string {
	return b.span(d, units)
}

// Hours is Span without days: "100 jam" of use is not four days.
func (b Base) Hours(d time.Duration) string { return b.span(d, units[1:]) }

var units = []unit{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}}

type unit struct {
	key  string
	size time.Duration
}

func (b Base) span(d time.Duration, units []unit) string {
	var parts []string
	for _, u := range units {
		if n := d / u.size; n > 0 {
			parts = append(parts, b.count(u.key, int64(n)))
			d -= n * u.size
		}
	}
	if len(parts) == 0 {
		return b.count("second", int64(d/time.Second))
	}
	return strings.Join(parts, " ")
}

func (b Base) count(unit string, n int64) string { return b.T("common.unit."+unit, "n", n) }

// Data prints an amount of traffic: "2 GB", "500 MB", "1,5 GB". Whole binary
// megabytes are counted in binary units, everything else in decimal ones,
// because routers are set up in both.
func (b Base) Data(bytes int64) string {
	step := 1000.0
	if bytes%(1<<20) == 0 {
		step = 1024
	}
	n, unit := float64(bytes), 0
	for n >= step && unit < 3 {
		n, unit = n/step, unit+1
	}
	return b.decimal(n) + " " + [...]string{"B", "kB", "MB", "GB"}[unit]
}

func (b Base) decimal(f float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
	if b.Lang == Indonesian {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Speed prints the download part of a RouterOS rate limit ("2M/5M", upload
// first) as people know it: "5 Mbps". It returns "" when there is no limit.
func (b Base) Speed(rate string) string {
	first, _, _ := strings.Cut(rate, " ")
	up, down, both := strings.Cut(first, "/")
	if !both {
		down = up
	}
	unit := " bps"
	switch {
	case strings.HasSuffix(down, "k"):
		unit = " kbps"
	case strings.HasSuffix(down, "M"):
		unit = " Mbps"
	case strings.HasSuffix(down, "G"):
		unit = " Gbps"
	}
	n := strings.TrimRight(down, "kMG")
	if n == "" || n == "0" {
		return ""
	}
	return n + unit
}

// Digits groups a number in fours for reading: 8808 1234 5678.
func (b Base) Digits(s string) string {
	var out strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// Spell puts a blank between characters, so that a screen reader says them one
// by one.
func (b Base) Spell(s string) string { return strings.Join(strings.Split(s, ""), " ") }
