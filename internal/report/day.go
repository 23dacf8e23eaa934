package report

import (
	"fmt"
	"time"
)

// Day is a calendar day in the operator's time zone, "2026-11-24". Days of
// that form sort as text.
type Day string

const dayForm = "2006-01-02"

// DayOf is the day an instant falls on.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(dayForm)) }

// ParseDay reads a day as forms send it.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(dayForm, s)
	if err != nil || t.Year() < 2000 {
		return "", fmt.Errorf("report: %q is no day", s)
	}
	return Day(s), nil
}

func (d Day) date() time.Time {
	t, _ := time.Parse(dayForm, string(d)) // days are made by this package
	return t
}

// Date is the day as the calendar has it, at midnight UTC.
func (d Day) Date() time.Time { return d.date() }

// Start is the first instant of the day. Where a zone change skips midnight it
// is the first instant after it.
func (d Day) Start(zone *time.Location) time.Time {
	t := d.date()
	at := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	if DayOf(at, zone) < d { // midnight does not exist: time.Date answered with the hour before
		at = at.Add(time.Hour)
	}
	return at
}

// End is the first instant of the next day.
func (d Day) End(zone *time.Location) time.Time { return d.Add(1).Start(zone) }

// Add is the day n days later.
func (d Day) Add(n int) Day { return Day(d.date().AddDate(0, 0, n).Format(dayForm)) }

// Days counts the days from d to the last one, both included.
func (d Day) Days(last Day) int { return int(last.date().Sub(d.date())/(24*time.Hour)) + 1 }

// Period is how days are put together.
type Period string

const (
	// Daily leaves days alone.
	Daily Period = "day"
	// Weekly runs from Monday to Sunday.
	Weekly Period = "week"
	// Monthly is the calendar's month.
	Monthly Period = "month"
)

// Periods lists every period.
var Periods = []Period{Daily, Weekly, Monthly}

// Of is the first day of the period that d lies in.
func (p Period) Of(d Day) Day {
	t := d.date()
	switch p {
	case Weekly:
		return d.Add(-(int(t.Weekday()) + 6) % 7)
	case Monthly:
		return d.Add(1 - t.Day())
	}
	return d
}

// Next is the first day of the period after the one that begins with d.
func (p Period) Next(d Day) Day {
	switch p {
	case Weekly:
		return d.Add(7)
	case Monthly:
		return Day(d.date().AddDate(0, 1, 0).Format(dayForm))
	}
	return d.Add(1)
}
