package reports

import (
	"html/template"

	"gerai/admin/web"
	"gerai/internal/report"
	"gerai/internal/shop/reports"
	"gerai/templates"
)

// trendChart draws the sales of each period, with the same number of days before as an
// outline.
func trendChart(k *web.Request, p templates.Panel, q inquiry, books reports.Books) (template.HTML, error) {
	days := q.From.Days(q.To)
	was := q.Filter
	was.From, was.To = q.From.Add(-days), q.From.Add(-1)
	before, err := k.Shop.Reports.Books(k.AuditContext(), was)
	if err != nil {
		return "", err
	}
	// The days before are moved onto these, so that a period stands beside the one as far in.
	for i, c := range before.Cells {
		before.Cells[i].Day = c.Day.Add(days)
	}
	chart := templates.Bars{Label: p.T("reports.chart", "value", report.Total(books.Cells, nil).Sales), Now: p.Column("sales"), Before: p.T("reports.chart.before", "n", days)}
	old := report.Trend(before.Cells, nil, q.From, q.To, q.period)
	for i, l := range report.Trend(books.Cells, nil, q.From, q.To, q.period) {
		at := report.Day(l.Key)
		chart.Items = append(chart.Items, templates.BarItem{Name: p.PeriodName(at, q.period), Full: p.PeriodFull(at, q.period), Value: l.Sales, Before: old[i].Sales})
	}
	return p.Draw(chart), nil
}
