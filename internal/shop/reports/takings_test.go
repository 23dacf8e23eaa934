package reports_test

import (
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/reports"
	"gerai/internal/shop/shoptest"
)

// Today's sales stand beside those of yesterday and of last week until the same time of
// day; what was sold later on those days is no part of them.
func TestTakings(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "today beside the days before", Test: takings}})
}

func takings(t *testing.T, k *shoptest.Harness) {
	sell := func(n int) {
		for range n {
			k.Pay(k.BuyOne())
			k.RunAll()
		}
	}
	read := func(sites ...string) reports.Takings {
		k.Advance(10 * time.Second) // longer than a reading is kept
		got, err := k.Shop.Reports.Takings(ctx, sites, true)
		k.Must(err)
		return got
	}
	price := k.BuyOne().Total
	sell(1)
	k.Advance(3 * time.Hour)
	sell(4) // later on that day
	k.Advance(6*24*time.Hour - 3*time.Hour)
	sell(2)
	k.Advance(24 * time.Hour)
	sell(3)
	got := read()
	hour := shoptest.Start.In(time.FixedZone("WIB", 7*3600)).Hour()
	for what, x := range map[string][2]reports.Amount{
		"today":               {got.SoFar, {Count: 3, Sales: 3 * price}},
		"yesterday":           {got.Yesterday, {Count: 2, Sales: 2 * price}},
		"last week":           {got.LastWeekSoFar, {Count: 1, Sales: price}},
		"this hour":           {got.Today[hour], {Count: 3, Sales: 3 * price}},
		"last week, later":    {got.LastWeek[hour+3], {Count: 4, Sales: 4 * price}},
		"the last day":        {got.Days[len(got.Days)-1].Amount, {Count: 3, Sales: 3 * price}},
		"the day before":      {got.Days[len(got.Days)-2].Amount, {Count: 2, Sales: 2 * price}},
		"a week ago, whole":   {got.Days[len(got.Days)-8].Amount, {Count: 5, Sales: 5 * price}},
		"of a site of others": {read("kopi-lain").SoFar, {}},
	} {
		if x[0] != x[1] {
			t.Errorf("%s: %+v, want %+v", what, x[0], x[1])
		}
	}
	if last := got.Days[len(got.Days)-1]; last.Activated != 3 || last.Average() != price {
		t.Errorf("today: %+v", last)
	}
	if first := got.Days[len(got.Days)-8]; first.Failed != 1 {
		t.Errorf("an order that ran out unpaid is not counted: %+v", first)
	}
}

// What was sold today is what the sums of the day say once it is over: nothing that was given
// away, and either real money or simulated money.
func TestTakingsOfTodayAreThoseOfTheDay(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "free and cancelled orders", Test: func(t *testing.T, k *shoptest.Harness) {
		k.Promote(catalog.Promotion{Name: "Coba gratis", DiscountKind: catalog.Trial, Plans: []string{"sehari"}})
		k.Join("pojok", "AA:BB:CC:00:02:01", "10.5.52.1")
		form := k.Form("sehari", "qris")
		form.Hints, form.Phone = order.Hints{MAC: "AA:BB:CC:00:02:01", IP: "10.5.52.1"}, "081234567890"
		free, err := k.Shop.Orders.Place(ctx, form)
		if err != nil || !free.Item.Free() {
			t.Fatal(free.Total, err)
		}
		k.Pay(k.Buy("sejam", "qris"))
		cancelled := k.Buy("sejam", "qris")
		k.Must(k.Shop.Orders.Cancel(ctx, k.Staff("admin"), cancelled.ID, "uji coba"))
		k.Pay(cancelled)
		k.RunAll()
		read := func(test bool) reports.Takings {
			k.Advance(10 * time.Second)
			got, err := k.Shop.Reports.Takings(ctx, nil, test)
			k.Must(err)
			return got
		}
		today, real := read(true), read(false)
		if real.SoFar != (reports.Amount{}) {
			t.Errorf("simulated money is counted as real: %+v", real.SoFar)
		}
		k.Advance(24 * time.Hour)
		next := read(true)
		if over := next.Days[len(next.Days)-2].Amount; today.SoFar != over || over.Count == 0 {
			t.Errorf("today %+v, the day after %+v", today.SoFar, over)
		}
	}}})
}
