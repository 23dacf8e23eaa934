package backup

import (
	"cmp"
	"slices"
	"time"
)

// How many backups are kept: the newest of each of so many days, weeks and months
// that have any. Where none is made for a long time, none is lost either.
const (
	KeepDaily   = 7
	KeepWeekly  = 4
	KeepMonthly = 12
	// keepFresh is how long before the newest every one is kept: those made by hand
	// before some work are not removed by the daily one the night after.
	keepFresh = 24 * time.Hour
)

// Keep divides backups of one series into those to keep and those to remove, the
// newest first. Days, weeks and months are those of the zone. No age makes it remove a
// backup, only newer ones do. Names of a time still to come do not count: a wrong clock
// gave them, or another who may write to the place and wants the others to go.
func Keep(files []File, now time.Time, zone *time.Location) (kept, removed []File) {
	all := slices.Clone(files)
	slices.SortFunc(all, func(a, b File) int { return cmp.Or(b.TakenAt.Compare(a.TakenAt), cmp.Compare(b.Name, a.Name)) })
	type period struct{ kind, year, number int }
	seen, counts := map[period]bool{}, map[int]int{}
	first := func(most int, p period) bool {
		if seen[p] || counts[p.kind] >= most {
			return false
		}
		seen[p] = true
		counts[p.kind]++
		return true
	}
	newest, _ := Newest(all, now)
	for _, f := range all {
		if f.TakenAt.After(newest.TakenAt) {
			kept = append(kept, f)
			continue
		}
		at := f.TakenAt.In(zone)
		year, week := at.ISOWeek()
		day := first(KeepDaily, period{1, at.Year(), at.YearDay()})
		weekly := first(KeepWeekly, period{2, year, week})
		month := first(KeepMonthly, period{3, at.Year(), int(at.Month())})
		if day || weekly || month || newest.TakenAt.Sub(f.TakenAt) < keepFresh {
			kept = append(kept, f)
		} else {
			removed = append(removed, f)
		}
	}
	return kept, removed
}
