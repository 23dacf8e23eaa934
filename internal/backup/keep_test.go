package backup

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var jakarta = time.FixedZone("WIB", 7*60*60)

func local(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, jakarta)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func taken(at time.Time) File { return File{Name: NameOf("toko", at, SQLite, false), TakenAt: at} }

func days(files []File) (out []string) {
	for _, f := range files {
		out = append(out, f.TakenAt.In(jakarta).Format("2006-01-02 15:04"))
	}
	return out
}

func TestKeep(t *testing.T) {
	daily := func(until string, n int) (out []File) {
		last := local(t, until)
		for i := range n {
			out = append(out, taken(last.AddDate(0, 0, -i)))
		}
		return out
	}
	for name, c := range map[string]struct {
		files []File
		kept  string
	}{
		"none":     {nil, ""},
		"one":      {daily("2026-12-01 03:00", 1), "2026-12-01"},
		"a week":   {daily("2026-12-01 03:00", 7), "2026-12-01 2026-11-30 2026-11-29 2026-11-28 2026-11-27 2026-11-26 2026-11-25"},
		"ten days": {daily("2026-12-01 03:00", 10), "2026-12-01 2026-11-30 2026-11-29 2026-11-28 2026-11-27 2026-11-26 2026-11-25 2026-11-22"},
		"five weeks": {daily("2026-12-01 03:00", 36), "2026-12-01 2026-11-30 2026-11-29 2026-11-28 2026-11-27 2026-11-26 2026-11-25 2026-11-22 2026-11-15 " +
			"2026-10-31"},
		"two years": {daily("2026-12-01 03:00", 730), "2026-12-01 2026-11-30 2026-11-29 2026-11-28 2026-11-27 2026-11-26 2026-11-25 2026-11-22 2026-11-15 " +
			"2026-10-31 2026-09-30 2026-08-31 2026-07-31 2026-06-30 2026-05-31 2026-04-30 2026-03-31 2026-02-28 2026-01-31"},
		// Nothing was made for a year: what is there stays as it is.
		"a gap": {append(daily("2025-12-01 03:00", 3), daily("2026-12-01 03:00", 2)...), "2026-12-01 2026-11-30 2025-12-01 2025-11-30 2025-11-29"},
		// All of the last 24 hours stay, of older days the newest.
		"several a day": {[]File{taken(local(t, "2026-12-01 03:00")), taken(local(t, "2026-11-30 21:00")), taken(local(t, "2026-11-30 03:30")), taken(local(t, "2026-11-29 22:00")),
			taken(local(t, "2026-11-29 03:00"))}, "2026-12-01 2026-11-30 2026-11-30 2026-11-29"},
		// A day begins at midnight of the zone and not of UTC.
		"around midnight": {[]File{taken(local(t, "2026-12-09 12:00")), taken(local(t, "2026-12-02 00:30")), taken(local(t, "2026-12-01 23:30"))}, "2026-12-09 2026-12-02 2026-12-01"},
	} {
		t.Run(name, func(t *testing.T) {
			slices.Reverse(c.files)
			kept, removed := Keep(c.files, local(t, "2026-12-31 23:59"), jakarta)
			var got []string
			for _, d := range days(kept) {
				got = append(got, d[:len("2006-01-02")])
			}
			if strings.Join(got, " ") != c.kept || len(kept)+len(removed) != len(c.files) {
				t.Errorf("kept %s, want %s; removed %v", strings.Join(got, " "), c.kept, days(removed))
			}
		})
	}
}

// Removing again, with a new one each day, ends at what one removal of all would keep.
func TestKeepDayByDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 1, 1, 20, 0, 0, 0, time.UTC)
		var here, all []File
		for range rapid.IntRange(1, 500).Draw(t, "days") {
			at = at.Add(time.Duration(rapid.IntRange(20, 60).Draw(t, "hours")) * time.Hour)
			all = append(all, taken(at))
			here, _ = Keep(append(here, taken(at)), at, jakarta)
			if here[0].TakenAt != at {
				t.Fatal("the newest is not kept")
			}
			if len(here) > KeepDaily+KeepWeekly+KeepMonthly+1 {
				t.Fatalf("%d are kept", len(here))
			}
		}
		want, _ := Keep(all, at, jakarta)
		for _, f := range want {
			if !slices.Contains(here, f) {
				t.Fatalf("day by day %s was lost", fmt.Sprint(days([]File{f})))
			}
		}
	})
}

// Names of a time still to come are kept and push none out, however many there are; with a
// clock that was set back, that is all of them.
func TestKeepBesideNamesToCome(t *testing.T) {
	now := local(t, "2026-12-01 03:00")
	var real, future []File
	for i := range 40 {
		real = append(real, taken(now.AddDate(0, 0, -i)))
		future = append(future, taken(now.AddDate(0, i, 1)))
	}
	alone, over := Keep(real, now, jakarta)
	kept, removed := Keep(slices.Concat(real, future), now, jakarta)
	if len(removed) != len(over) || len(kept) != len(alone)+len(future) {
		t.Errorf("%d kept and %d removed, alone %d and %d", len(kept), len(removed), len(alone), len(over))
	}
	if kept, removed := Keep(real, now.AddDate(-50, 0, 0), jakarta); len(removed) != 0 || len(kept) != len(real) {
		t.Errorf("with a clock that was set back %d are removed", len(removed))
	}
}
