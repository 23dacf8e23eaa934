package catalog

import "time"

// Weekdays is a set of days of the week; the empty set stands for all.
type Weekdays uint8

// WeekdaysOf is the set of some days.
func WeekdaysOf(days ...time.Weekday) (w Weekdays) {
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

// Has reports whether a day is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w == 0 || w&(1<<d) != 0 }

// Hours is a span of the day in whole minutes after midnight. From after Until goes on
// after midnight; equal ends are the whole day.
type Hours struct{ From, Until int }

// dayMinutes is a day.
const dayMinutes = 24 * 60

// WholeDay reports whether the span leaves nothing of the day out.
func (h Hours) WholeDay() bool { return h.From == h.Until }

// AtHour reports whether an instant lies in the hours and days of the week of the promotion,
// in a zone. Hours that go on after midnight belong to the day on which they begin.
func (p Promotion) AtHour(t time.Time, zone *time.Location) bool {
	local := t.In(zone)
	minute, today := local.Hour()*60+local.Minute(), local.Weekday()
	yesterday := (today + 6) % 7
	h := p.Hours
	switch {
	case h.WholeDay():
		return p.Weekdays.Has(today)
	case h.From < h.Until:
		return minute >= h.From && minute < h.Until && p.Weekdays.Has(today)
	}
	return minute >= h.From && p.Weekdays.Has(today) || minute < h.Until && p.Weekdays.Has(yesterday)
}

// Changes is the first instant after now, and no later than the end of a span, at which the
// promotion begins or ceases to hold by the clock; zero for none. Zones differ from UTC
// by whole minutes, so hours change at the full minute.
func (p Promotion) Changes(now time.Time, span time.Duration, zone *time.Location) (first time.Time) {
	end := now.Add(span)
	note := func(t time.Time) {
		if t.After(now) && !t.After(end) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	note(p.From)
	note(p.Until)
	if p.Weekdays == 0 && p.Hours.WholeDay() {
		return first
	}
	was := p.AtHour(now, zone)
	for t := now.Truncate(time.Minute).Add(time.Minute); !t.After(end); t = t.Add(time.Minute) {
		if p.AtHour(t, zone) != was {
			note(t)
			break
		}
	}
	return first
}
