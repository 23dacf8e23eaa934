package backup

import "time"

// SkippedReceipts are numbers of receipts that are not given out any more: they may have
// been, after the backup was taken.
type SkippedReceipts struct {
	Year  int `json:"year"`
	First int `json:"first"`
	Last  int `json:"last"`
}

const (
	// leastSkipped is skipped at least; busiestTimes is how many times the busiest day
	// that the books know each lost day may have had.
	leastSkipped = 1000
	busiestTimes = 3
	// roundSkipped is what the last skipped number is a multiple of, so that a person sees
	// at the number where the new ones begin.
	roundSkipped = 1000
)

// SkipReceipts says which numbers to skip after a restore. last is the last number of each
// year in the backup, busiest the most receipts of one day; taken and now are in the zone
// that receipts are numbered in.
func SkipReceipts(last map[int]int, busiest int, taken, now time.Time) (out []SkippedReceipts) {
	if now.Before(taken) { // the clock is behind: numbers are given out in the backup's year all the same
		now = taken
	}
	days := int(now.Sub(taken)/(24*time.Hour)) + 2 // both days count that the span touches
	more := max(leastSkipped, busiestTimes*busiest*days)
	for year := taken.Year(); year <= now.Year(); year++ {
		end := (last[year] + more + roundSkipped - 1) / roundSkipped * roundSkipped
		out = append(out, SkippedReceipts{Year: year, First: last[year] + 1, Last: end})
	}
	return out
}
