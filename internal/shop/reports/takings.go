package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
)

// Amount is how many orders were paid in full, and their prices.
type Amount struct {
	Count int64
	Sales money.Rupiah
}

func (a *Amount) add(count int64, sales money.Rupiah) {
	a.Count, a.Sales = a.Count+count, a.Sales+sales
}

// DayFigures are the figures of one day.
type DayFigures struct {
	Day report.Day
	Amount
	Activated int64 // orders placed on the day that became a voucher
	Failed    int64 // those that ran out unpaid, or were cancelled
}

// Average is the mean price of a sold order, rounded down; 0 without any.
func (d DayFigures) Average() money.Rupiah {
	if d.Count == 0 {
		return 0
	}
	return d.Sales / money.Rupiah(d.Count)
}

// Takings are the sales of today beside those of days before.
type Takings struct {
	At              time.Time
	Today, LastWeek [24]Amount // by hour; the same day of last week is over
	SoFar           Amount     // today
	Yesterday       Amount     // until the same time of day
	LastWeekSoFar   Amount     // likewise
	Days            []DayFigures
}

// figureDays is how many days the small figures of the first page show, today being the last.
const figureDays = 14

// Takings reads the sales of today at some sites, none meaning all, at most dashboardLife
// old; test counts simulated money instead of real money.
func (s *Service) Takings(ctx context.Context, sites []string, test bool) (Takings, error) {
	sites = slices.Sorted(slices.Values(sites))
	t, err := s.takings.Get(ctx, fmt.Sprint(strings.Join(sites, ","), " ", test), func(ctx context.Context) (Takings, error) { return s.readTakings(ctx, sites, test) })
	if err != nil {
		return t, fmt.Errorf("read today's takings: %w", err)
	}
	return t, nil
}

func (s *Service) readTakings(ctx context.Context, sites []string, test bool) (Takings, error) {
	now := s.Clock.Now()
	today := report.DayOf(now, s.Zone)
	t := Takings{At: now}
	since := now.Sub(today.Start(s.Zone))
	var err error
	for _, x := range []struct {
		day   report.Day
		until time.Time
		hours *[24]Amount
		sofar *Amount
	}{
		{today, today.End(s.Zone), &t.Today, &t.SoFar},
		{today.Add(-7), today.Add(-6).Start(s.Zone), &t.LastWeek, nil},
		{today.Add(-1), today.Add(-1).Start(s.Zone).Add(since), nil, &t.Yesterday},
		{today.Add(-7), today.Add(-7).Start(s.Zone).Add(since), nil, &t.LastWeekSoFar},
	} {
		hours, err := s.Store.SalesByHour(ctx, x.day.Start(s.Zone), x.until, sites, test)
		if err != nil {
			return t, err
		}
		for _, h := range hours {
			if x.hours != nil {
				x.hours[min(h.Hour, 23)].add(h.Count, h.Amount) // a day may have 25 hours
			}
			if x.sofar != nil {
				x.sofar.add(h.Count, h.Amount)
			}
		}
	}
	if t.Days, err = s.dayFigures(ctx, today, sites, test); err != nil {
		return t, err
	}
	last := &t.Days[len(t.Days)-1]
	last.Amount = t.SoFar
	for status, into := range map[order.Status]*int64{order.Activated: &last.Activated, order.Expired: &last.Failed, order.Cancelled: &last.Failed} {
		n, err := s.Store.CountOrders(ctx, status, today.Start(s.Zone), sites)
		if err != nil {
			return t, err
		}
		*into += n
	}
	return t, nil
}

// dayFigures are those of the days before today, from their sums, and an empty one of today.
func (s *Service) dayFigures(ctx context.Context, today report.Day, sites []string, test bool) ([]DayFigures, error) {
	first := today.Add(1 - figureDays)
	out := make([]DayFigures, figureDays)
	at := map[report.Day]*DayFigures{}
	for i := range out {
		out[i].Day = first.Add(i)
		at[out[i].Day] = &out[i]
	}
	books, err := s.Books(ctx, report.Filter{From: first, To: today.Add(-1), Sites: sites, Test: test})
	if err != nil {
		return nil, err
	}
	for _, c := range books.Cells {
		if d := at[c.Day]; d != nil && c.Kind == report.Sold {
			d.add(c.N, c.Total())
		}
	}
	for _, f := range books.Flows {
		if d := at[f.Day]; d != nil {
			d.Activated, d.Failed = d.Activated+f.Activated, d.Failed+f.Expired+f.Cancelled
		}
	}
	return out, nil
}
