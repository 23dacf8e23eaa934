package backup

import (
	"slices"
	"testing"
	"time"
)

func TestSkipReceipts(t *testing.T) {
	wib := time.FixedZone("WIB", 7*3600)
	at := func(text string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", text, wib)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for name, c := range map[string]struct {
		last       map[int]int
		busiest    int
		taken, now string
		want       []SkippedReceipts
	}{
		"quiet shop":       {map[int]int{2026: 41}, 5, "2026-11-24 03:00", "2026-11-24 09:00", []SkippedReceipts{{2026, 42, 2000}}},
		"nothing sold yet": {nil, 0, "2026-11-24 03:00", "2026-11-24 09:00", []SkippedReceipts{{2026, 1, 1000}}},
		"exactly round":    {map[int]int{2026: 1000}, 5, "2026-11-24 03:00", "2026-11-24 09:00", []SkippedReceipts{{2026, 1001, 2000}}},
		"busy, three days": {map[int]int{2026: 90_000}, 400, "2026-11-20 03:00", "2026-11-22 09:00", []SkippedReceipts{{2026, 90_001, 95_000}}},
		"over the year's end": {map[int]int{2026: 812}, 5, "2026-12-31 03:00", "2027-01-01 09:00",
			[]SkippedReceipts{{2026, 813, 2000}, {2027, 1, 1000}}},
		"a clock that was ahead":     {map[int]int{2026: 41}, 5, "2026-11-24 12:00", "2026-11-24 09:00", []SkippedReceipts{{2026, 42, 2000}}},
		"a clock that was never set": {map[int]int{2026: 41}, 5, "2026-11-24 03:00", "1970-01-02 00:00", []SkippedReceipts{{2026, 42, 2000}}},
		"a clock behind the year":    {map[int]int{2027: 41}, 5, "2027-01-01 03:00", "2026-12-31 23:00", []SkippedReceipts{{2027, 42, 2000}}},
	} {
		if got := SkipReceipts(c.last, c.busiest, at(c.taken), at(c.now)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestRecoveryReads(t *testing.T) {
	taken := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	since := taken.Add(6 * time.Hour)
	r := Recovery{Since: since, TakenAt: taken}
	if from, until := r.Span(since.Add(time.Minute)); !from.Equal(taken.Add(-time.Hour)) || !until.Equal(since.Add(time.Minute)) || r.AllRead() || !r.Stands() {
		t.Error(from, until, r.AllRead(), r.Stands())
	}
	again := r.After(Recovery{Since: since.Add(time.Hour), TakenAt: since.Add(time.Minute)})
	if from, _ := again.Span(since.Add(2 * time.Hour)); !from.Equal(taken.Add(-time.Hour)) {
		t.Error("restored once more, it forgets what was not read:", from)
	}
	r.Until = since.Add(time.Minute)
	if _, until := r.Span(since.Add(time.Hour)); !until.Equal(r.Until) {
		t.Error("a span that is being read changed its end:", until)
	}
	r.ReadTo, r.Until = r.Until, time.Time{}
	if r.AllRead() {
		t.Error("the list may lag behind")
	}
	if from, _ := r.Span(since.Add(time.Hour)); !from.Equal(since.Add(time.Minute - time.Hour)) {
		t.Error(from)
	}
	r.ReadTo = since.Add(StatementLag)
	if !r.AllRead() {
		t.Error("all was read")
	}
	if !r.MayRemake(since.Add(48*time.Hour)) || !r.MayRemake(since.Add(100*time.Hour)) || (Recovery{}).MayRemake(since) || (Recovery{}).Stands() {
		t.Error("when an order may be made again: as long as the gateway was not read, too")
	}
	r.EndedAt = since.Add(time.Hour)
	if r.Stands() || !r.MayRemake(since.Add(48*time.Hour)) || r.MayRemake(since.Add(73*time.Hour)) {
		t.Error("it has ended, and codes from before can be paid still")
	}
}
