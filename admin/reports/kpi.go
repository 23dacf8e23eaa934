package reports

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/report"
	"gerai/internal/shop/reports"
	"gerai/templates"
)

// kpiFiles are the tables of this page that files are made of.
var kpiFiles = []string{"figures", "kpi", "hours"}

// kpi shows how well the shop works, all sites together and one by one.
func kpi(k *web.Request) error {
	p, q, ok, err := reportQuery(k, "/reports/kpi", kpiFiles...)
	if err != nil || !ok {
		return err
	}
	books, err := k.Shop.Reports.Books(k.AuditContext(), q.Filter)
	if err != nil {
		return err
	}
	signals, err := k.Shop.Reports.Indicators(k.AuditContext(), q.Filter)
	if err != nil {
		return err
	}
	page := templates.KPIPage{Panel: p, Report: reportForm(k.Handler, p, q, "/reports/kpi", kpiFiles...)}
	sites := bySite(books)
	for _, f := range figures(books, sites, signals) {
		page.Figures = append(page.Figures, templates.Figure{Key: f.key, Value: spell(p, f.value), Target: target(f)})
	}
	page.Sites, page.Hours = kpiTable(k.Handler, p, q, books, sites).grid(p), hoursTable(k.Handler, p, q, sites).grid(p)
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// figure is one key figure.
type figure struct {
	key   string
	value any
}

// numbers are what became of orders, by site. Adding a year up takes a while:
// the tables of one page share it.
type numbers struct {
	sites []string
	by    map[string]*report.Numbers
}

func bySite(books reports.Books) (n numbers) {
	n.sites, n.by = report.Gather(books.Flows, func(x report.Flow) string { return x.SiteID })
	return n
}

// figures are the key figures: row S38 of docs/coverage.md.
func figures(books reports.Books, sites numbers, s reports.Indicators) []figure {
	var n report.Numbers
	for _, x := range sites.by {
		n.Plus(*x)
	}
	sum := report.Total(books.Cells, nil)
	redeemed := handed(books.Cells)
	var checks, answers int64
	for _, x := range s.Reaches {
		checks, answers = checks+x.Checks, answers+x.Answers
	}
	return []figure{
		{"transaction", span(n.Waits, 50)}, {"counter", span(n.CounterWaits, 50)},
		{"activation", share{n.InMinute, n.Paid}}, {"activation_day", share{n.InDay, n.Paid}},
		{"conversion", bought(n)}, {"expired", share{n.Expired, n.Created}},
		{"unused", share{redeemed[report.Unused], sum.Handed}}, {"lapsed", share{redeemed[report.Lapsed], sum.Handed}},
		{"late", share{n.Late, n.Paid}}, {"over", share{n.Over, n.Paid}}, {"double", share{n.Double, n.Paid}}, {"webhook", share{n.Webhook, n.Online}},
		{"support", perThousand{s.Helped, n.Created}}, {"availability", share{answers, checks}}, {"errors", share{n.Undone, n.Counter}},
		{"reconciliation", span(s.Solved, 50)}, {"reconciliation_slow", span(s.Solved, 95)},
		{"receivables", share{int64(s.Outstanding), int64(sum.Sales)}}, {"owing", s.Outstanding},
	}
}

// bought is how many of the orders that could be paid online were paid.
func bought(n report.Numbers) share {
	shown, paid := n.Hours.Total()
	return share{paid, shown}
}

// handed counts the vouchers handed out by how far they have come.
func handed(cells []report.Cell) map[report.Redeem]int64 {
	out := map[report.Redeem]int64{}
	for _, c := range cells {
		if c.Kind == report.Handed {
			out[c.Redeem] += c.N
		}
	}
	return out
}

func span(w report.Waits, percent int64) seconds {
	n, known := w.Percentile(percent)
	return seconds{n, known}
}

// figuresTable is the key figures for a file.
func figuresTable(p templates.Panel, books reports.Books, s reports.Indicators) table {
	t := table{key: "figures", heads: []string{"figure", "value", "note"}}
	for _, f := range figures(books, bySite(books), s) {
		t.add("", p.T("reports.figure."+f.key), f.value, p.T("reports.note."+f.key))
	}
	return t
}

// kpiTable is the key figures site by site.
func kpiTable(d *web.Handler, p templates.Panel, q inquiry, books reports.Books, sites numbers) table {
	t := table{key: "kpi", heads: []string{"sites", "created", "paid", "conversion", "expired", "activation", "transaction", "late", "webhook", "unused", "lapsed"}}
	cells := map[string][]report.Cell{}
	for _, c := range books.Cells {
		cells[c.SiteID] = append(cells[c.SiteID], c)
	}
	for _, site := range sites.sites {
		n, all, redeemed := sites.by[site], report.Total(cells[site], nil).Handed, handed(cells[site])
		t.add("", nameOf(d, p, q, "site", site), n.Created, n.Paid, bought(*n), share{n.Expired, n.Created}, share{n.InMinute, n.Paid}, span(n.Waits, 50),
			share{n.Late, n.Paid}, share{n.Webhook, n.Online}, share{redeemed[report.Unused], all}, share{redeemed[report.Lapsed], all})
	}
	return t
}

// hoursTable is how many of the orders that could be paid were paid, by site and
// by the hour of the operator's day in which they were made.
func hoursTable(d *web.Handler, p templates.Panel, q inquiry, sites numbers) table {
	t := table{key: "hours", heads: []string{"hours", "sites", "shown", "paid", "conversion"}}
	for _, site := range sites.sites {
		for hour := range 24 {
			x := sites.by[site].Hours[hour]
			if x != [2]int64{} {
				t.add("", fmt.Sprintf("%02d:00–%02d:59", hour, hour), nameOf(d, p, q, "site", site), x[0], x[1], share{x[1], x[0]})
			}
		}
	}
	return t
}
