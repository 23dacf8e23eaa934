package reports

import (
	"fmt"

	"gerai/admin/web"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/reports"
	"gerai/internal/store"
	"gerai/templates"
)

// takings adds what the shop sold today, by the hour and beside the days before.
func takings(k *web.Request, page *templates.DashboardPage, today reports.Dashboard) error {
	t, err := k.Shop.Reports.Takings(k.AuditContext(), k.Principal.Sites, !k.Live())
	if err != nil {
		return err
	}
	p := page.Panel
	card := templates.TakingsCard{Value: t.SoFar.Sales.String(), Changes: []templates.TakingsChange{
		change(p, "yesterday", t.SoFar.Sales, t.Yesterday.Sales), change(p, "last_week", t.SoFar.Sales, t.LastWeekSoFar.Sales)}}
	for _, s := range today.Sales {
		if card.Split != "" {
			card.Split += " · "
		}
		card.Split += p.T("orders.channel."+string(s.Channel)) + " " + s.Amount.String()
	}
	hours := table{key: "today", heads: []string{"hours", "today", "last_week"}}
	chart := templates.Bars{Label: p.T("reports.dashboard.chart", "value", card.Value), Now: p.T("reports.dashboard.title"), Before: p.T("reports.dashboard.last_week_same")}
	for hour := range 24 {
		span := fmt.Sprintf("%02d.00–%02d.59", hour, hour)
		chart.Items = append(chart.Items, templates.BarItem{Name: fmt.Sprintf("%02d", hour), Full: span, Value: t.Today[hour].Sales, Before: t.LastWeek[hour].Sales})
		if t.Today[hour].Count > 0 || t.LastWeek[hour].Count > 0 {
			hours.add("", span, t.Today[hour].Sales, t.LastWeek[hour].Sales)
		}
	}
	card.Chart, card.Hours = p.Draw(chart), hours.grid(p)
	page.Takings, page.Figures = &card, smallFigures(p, t)
	return nil
}

// change compares an amount with one before, in percent.
func change(p templates.Panel, with string, now, before money.Rupiah) templates.TakingsChange {
	key := "reports.dashboard.change." + with
	switch {
	case before == 0:
		return templates.TakingsChange{Text: p.T(key + "_none")}
	case now == before:
		return templates.TakingsChange{Text: p.T(key+"_same", "amount", before)}
	case now > before:
		return templates.TakingsChange{Text: p.T(key+"_up", "percent", p.Share(int64(now-before), int64(before))), Tone: "good", Icon: "arrow-up"}
	}
	return templates.TakingsChange{Text: p.T(key+"_down", "percent", p.Share(int64(before-now), int64(before))), Tone: "bad", Icon: "arrow-down"}
}

// smallFigures are those of today with the days before as a line.
func smallFigures(p templates.Panel, t reports.Takings) (out []templates.SmallFigure) {
	for _, f := range []struct {
		key, href string
		of        func(reports.DayFigures) int64
		say       func(int64) string
	}{
		{"sold", "/orders", func(d reports.DayFigures) int64 { return d.Count }, p.Count},
		{"average", "/reports", func(d reports.DayFigures) int64 { return int64(d.Average()) }, func(n int64) string { return money.Rupiah(n).String() }},
		{"activated", "/orders", func(d reports.DayFigures) int64 { return d.Activated }, p.Count},
		{"failed", "/orders?view=expired", func(d reports.DayFigures) int64 { return d.Failed }, p.Count},
	} {
		var course []int64
		for _, d := range t.Days {
			course = append(course, f.of(d))
		}
		out = append(out, templates.SmallFigure{Name: p.T("reports.dashboard.figure." + f.key), Value: f.say(course[len(course)-1]), Spark: p.Spark(course), Href: web.Root + f.href})
	}
	return out
}

// ordersShown is how many orders the first page lists of each kind.
const ordersShown = 5

// ownTill adds the till of who sells, what is to be collected, and their last sales.
func ownTill(k *web.Request, page *templates.DashboardPage) error {
	s, open, err := k.Store.OpenShift(k.AuditContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	page.Till = &templates.TillCard{Open: open, Since: s.OpenedAt}
	if open {
		r, err := k.Shop.Counter.ShiftReport(k.AuditContext(), s)
		if err != nil {
			return err
		}
		page.Till.Expected = r.Expected
	}
	for _, x := range []struct {
		filter store.OrderFilter
		into   *[]templates.OrderLine
	}{
		{store.OrderFilter{Status: order.Pending, Sites: k.Principal.Sites, Limit: ordersShown}, &page.Waiting},
		{store.OrderFilter{SellerID: k.Principal.ID, Sites: k.Principal.Sites, Limit: ordersShown}, &page.Mine},
	} {
		found, err := k.Store.ListOrders(k.AuditContext(), x.filter)
		if err != nil {
			return err
		}
		for _, o := range found {
			*x.into = append(*x.into, k.Line(k, o, ""))
		}
	}
	return nil
}
