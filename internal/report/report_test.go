package report

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones asked about here

	"pgregory.net/rapid"

	"gerai/internal/money"
	"gerai/payments"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Every instant lies in exactly one day, also where the clock is put forward
// or back, at midnight too.
func TestDaysHaveNoGapsAndNoOverlaps(t *testing.T) {
	for _, name := range []string{"Asia/Jakarta", "Asia/Jayapura", "America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "UTC"} {
		z := zone(t, name)
		for d := Day("2018-01-01"); d < "2019-12-31"; d = d.Add(1) {
			from, until := d.Start(z), d.End(z)
			if DayOf(from, z) != d || DayOf(from.Add(-time.Millisecond), z) != d.Add(-1) || DayOf(until.Add(-time.Millisecond), z) != d {
				t.Fatalf("%s in %s runs from %s to %s", d, name, from, until)
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	for _, x := range []struct {
		p         Period
		day, want Day
		next      Day
	}{{Daily, "2026-11-24", "2026-11-24", "2026-11-25"}, {Weekly, "2026-11-24", "2026-11-23", "2026-11-30"}, {Weekly, "2026-11-23", "2026-11-23", "2026-11-30"},
		{Weekly, "2026-11-29", "2026-11-23", "2026-11-30"}, {Weekly, "2027-01-01", "2026-12-28", "2027-01-04"}, {Monthly, "2026-02-28", "2026-02-01", "2026-03-01"}, {Monthly, "2026-12-31", "2026-12-01", "2027-01-01"}} {
		if got := x.p.Of(x.day); got != x.want || x.p.Next(got) != x.next {
			t.Errorf("%s of %s begins %s, next %s", x.p, x.day, got, x.p.Next(got))
		}
	}
	for _, bad := range []string{"", "24-11-2026", "2026-13-01", "2026-02-30", "1999-12-31", "2026-11-24x", "20261124", "99999-01-01"} {
		if d, err := ParseDay(bad); err == nil {
			t.Errorf("%q is %s", bad, d)
		}
	}
	if n := Day("2026-11-01").Days("2026-11-30"); n != 30 {
		t.Error(n)
	}
}

func TestFees(t *testing.T) {
	special := Fees{{Method: "va", Fixed: 4440}, {Method: "va:BCA", Fixed: 3000}, {Method: "qris", Hundredths: 70}}
	for _, x := range []struct {
		fees   Fees
		method payments.Method
		amount money.Rupiah
		want   money.Rupiah
	}{{DefaultFees, "qris", 5000, 35}, {DefaultFees, "qris", 71, 0}, {DefaultFees, "qris", 72, 1}, {DefaultFees, "qris", 2_000, 14}, {DefaultFees, "va:BCA", 85_000, 4440}, {DefaultFees, "va:BCA", 3000, 3000},
		{DefaultFees, "cash", 5000, 0}, {DefaultFees, "", 5000, 0}, {special, "va:BCA", 85_000, 3000}, {special, "va:BNI", 85_000, 4440}, {nil, "qris", 5000, 0}} {
		if got := x.fees.Of(x.method, x.amount); got != x.want {
			t.Errorf("%s %s costs %s, want %s", x.method, x.amount, got, x.want)
		}
	}
}

func TestMedian(t *testing.T) {
	if _, known := (Waits)(nil).Median(); known {
		t.Error("the median of nothing is known")
	}
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int64Range(0, 200), 1, 60).Draw(t, "waits")
		var w Waits
		for _, s := range all {
			w.Add(s, 1)
		}
		got, known := w.Median()
		var below, upTo int
		for _, s := range all {
			if s < got {
				below++
			}
			if s <= got {
				upTo++
			}
		}
		if !known || 2*below >= len(all) || 2*upTo < len(all) {
			t.Fatalf("%v: %d", all, got)
		}
	})
}

// However cells are put together, nothing gets lost and nothing is counted
// twice.
func TestTablesAddUpToTheTotal(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) Cell {
		return Cell{Day: Day("2026-10-01").Add(rapid.IntRange(0, 70).Draw(t, "day")), Kind: rapid.SampledFrom([]Kind{Sold, In, Back, Handed}).Draw(t, "kind"),
			SiteID: rapid.SampledFrom([]string{"", "kopi", "kos"}).Draw(t, "site"), PlanID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "plan"),
			Method: rapid.SampledFrom([]payments.Method{"qris", "va:BCA", "cash", "transfer", "odd"}).Draw(t, "method"), Amount: money.Rupiah(rapid.IntRange(1, 100_000).Draw(t, "amount")), N: int64(rapid.IntRange(1, 50).Draw(t, "n"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOf(cell).Draw(t, "cells")
		want := Total(cells, DefaultFees)
		for name, lines := range map[string][]Line{"plan": By(cells, DefaultFees, func(c Cell) string { return c.PlanID }), "channel": By(cells, DefaultFees, func(c Cell) string { return string(ChannelOf(c.Method)) }),
			"week": Trend(cells, DefaultFees, "2026-10-01", "2026-12-31", Weekly), "month": Trend(cells, DefaultFees, "2026-10-01", "2026-12-31", Monthly), "day": Trend(cells, DefaultFees, "2026-10-01", "2026-12-31", Daily)} {
			var got Sum
			for _, l := range lines {
				got = Sum{got.Sold + l.Sold, got.Sales + l.Sales, got.Paid + l.Paid, got.In + l.In, got.Backs + l.Backs, got.Back + l.Back, got.Fees + l.Fees, got.Discounts + l.Discounts, got.Discount + l.Discount, got.Handed + l.Handed, got.Worth + l.Worth, got.values + l.values}
			}
			if got != want {
				t.Fatalf("by %s: %+v, want %+v", name, got, want)
			}
		}
	})
}

func TestFilter(t *testing.T) {
	c := Cell{Day: "2026-11-24", SiteID: "kopi", PlanID: "a", Method: "va:BCA", Test: true, Validity: time.Hour, Redeem: Spent}
	day, hour := 24*time.Hour, time.Hour
	all := Filter{From: "2026-11-24", To: "2026-11-24", Test: true}
	for name, x := range map[string]struct {
		change func(*Filter)
		want   bool
	}{"as it is": {func(*Filter) {}, true}, "before": {func(f *Filter) { f.To = "2026-11-23" }, false}, "after": {func(f *Filter) { f.From = "2026-11-25" }, false},
		"site": {func(f *Filter) { f.Site = "kos" }, false}, "scope": {func(f *Filter) { f.Sites = []string{"kos"} }, false}, "own scope": {func(f *Filter) { f.Sites = []string{"kos", "kopi"} }, true},
		"plan": {func(f *Filter) { f.Plan = "b" }, false}, "channel": {func(f *Filter) { f.Channel = Cash }, false}, "its channel": {func(f *Filter) { f.Channel = Online }, true},
		"method": {func(f *Filter) { f.Method = "qris" }, false}, "real money": {func(f *Filter) { f.Test = false }, false},
		"another validity": {func(f *Filter) { f.Validity = &day }, false}, "its validity": {func(f *Filter) { f.Validity = &hour }, true},
		"another state": {func(f *Filter) { f.Redeem = Lapsed }, false}, "its state": {func(f *Filter) { f.Redeem = Spent }, true}} {
		f := all
		x.change(&f)
		if f.Matches(c) != x.want {
			t.Errorf("%s: %v", name, !x.want)
		}
	}
	stray := Cell{Day: "2026-11-24"}
	if f := all; !f.Matches(stray) {
		t.Error("money without an order is not seen")
	}
	if f := all; f.Sites != nil || (Filter{From: all.From, To: all.To, Sites: []string{"kopi"}}).Matches(stray) {
		t.Error("money without an order is seen by somebody with one site")
	}
}

// Vouchers reach their end without an event: sums need not be made again for it.
func TestVouchersComeToTheirEnd(t *testing.T) {
	end := time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)
	hour := end.Unix() / 3600
	cells := []Cell{{Redeem: Unused, Ends: hour, N: 1}, {Redeem: Active, Ends: hour, N: 2}, {Redeem: Active, Ends: hour + 1, N: 4}, {Redeem: Spent, N: 8}, {Redeem: Unused, N: 16}, {N: 32}}
	counts := func(now time.Time) map[Redeem]int64 {
		out := map[Redeem]int64{}
		for _, c := range At(append([]Cell(nil), cells...), now) {
			if _, twice := out[c.Redeem]; twice {
				t.Errorf("%q stands there twice", c.Redeem)
			}
			out[c.Redeem] = c.N
		}
		return out
	}
	for _, x := range []struct {
		now                           time.Time
		unused, active, spent, lapsed int64
	}{{end.Add(-time.Second), 17, 6, 8, 0}, {end, 16, 4, 10, 1}, {end.Add(time.Hour), 16, 0, 14, 1}} {
		if got := counts(x.now); got[Unused] != x.unused || got[Active] != x.active || got[Spent] != x.spent || got[Lapsed] != x.lapsed || got[""] != 32 {
			t.Errorf("at %s: %v", x.now, got)
		}
	}
}

func TestPercentile(t *testing.T) {
	w := Waits{}
	for s := int64(1); s <= 100; s++ {
		w.Add(s, 1)
	}
	for percent, want := range map[int64]int64{50: 50, 95: 95, 100: 100, 1: 1} {
		if got, known := w.Percentile(percent); got != want || !known {
			t.Errorf("%d: %d", percent, got)
		}
	}
}

func TestHoursAreAddedUp(t *testing.T) {
	var a, b Numbers
	a.Hours.Add(13, 2, 1)
	b.Hours.Add(13, 3, 3)
	b.Hours.Add(14, 0, 0)
	a.Plus(b)
	if len(a.Hours) != 1 || a.Hours[13] != [2]int64{5, 4} {
		t.Error(a.Hours)
	}
}
