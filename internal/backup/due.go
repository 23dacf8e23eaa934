package backup

import (
	"fmt"
	"time"

	"gerai/internal/clock"
	"gerai/internal/mistake"
)

// TimeOfDay is when the daily backup is made, in the operator's time zone.
type TimeOfDay struct{ Hour, Minute int }

// ParseTimeOfDay reads a time like 03:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return TimeOfDay{}, mistake.New("must be a time of the day like 03:00")
	}
	return TimeOfDay{t.Hour(), t.Minute()}, nil
}

// String is the form that ParseTimeOfDay reads.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute) }

const (
	// OldAfter is the age from which the newest backup is too old: a day, the time
	// that making one takes, and some tries.
	OldAfter = 30 * time.Hour
	// ByHandAfter is how long the private key counts as proven.
	ByHandAfter = 90 * 24 * time.Hour
)

// Slot is the latest instant, not after now, at which a daily backup was due.
func Slot(now time.Time, at TimeOfDay, zone *time.Location) time.Time {
	local := now.In(zone)
	slot := time.Date(local.Year(), local.Month(), local.Day(), at.Hour, at.Minute, 0, 0, zone)
	if slot.After(now) {
		slot = time.Date(local.Year(), local.Month(), local.Day()-1, at.Hour, at.Minute, 0, 0, zone)
	}
	return slot
}

// Due reports whether a backup is due when the newest was taken then; the zero
// time is none.
func Due(newest, now time.Time, at TimeOfDay, zone *time.Location) bool {
	return newest.Before(Slot(now, at, zone))
}

// DrillDue reports whether the last good drill lies in an earlier month.
func DrillDue(last, now time.Time, zone *time.Location) bool {
	if last.IsZero() {
		return true
	}
	a, b := last.In(zone), now.In(zone)
	return a.Year() < b.Year() || a.Year() == b.Year() && a.Month() < b.Month()
}

// Newest is the newest backup that the clock does not contradict: a name from a
// time still to come was given by a wrong clock, and would hide that none follows.
func Newest(files []File, now time.Time) (newest File, found bool) {
	for _, f := range files {
		if !f.TakenAt.After(now.Add(clock.Skew)) && (!found || f.TakenAt.After(newest.TakenAt)) {
			newest, found = f, true
		}
	}
	return newest, found
}
