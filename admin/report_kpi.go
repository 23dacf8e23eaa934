package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/report"
	"gerai/internal/shop"
	"gerai/templates"
)

// kpi shows how well the shop works, all sites together and one by one.
func (d *Door) kpi(k *desk) error {
	p, q, ok, err := d.asked(k, "/reports/kpi", "kpi")
	if err != nil || !ok {
		return err
	}
	books, err := d.Shop.Books(k.ctx(), q.Filter)
	if err != nil {
		return err
	}
	page := templates.KPIPage{Panel: p, Report: d.reportForm(p, q, "/reports/kpi", "kpi")}
	_, by := report.Gather(books.Flows, func(report.Flow) string { return "" })
	n := by[""]
	if n == nil {
		n = &report.Numbers{}
	}
	for _, f := range figures(*n) {
		page.Figures = append(page.Figures, templates.Figure{Key: f.key, Value: spell(p, f.value)})
	}
	page.Sites = d.kpiTable(p, q, books).grid(p)
	return k.send(fiber.StatusOK, p.Theme, page)
}

// figure is one key figure.
type figure struct {
	key   string
	value any
}

// figures are the key figures that orders tell. Sources: facts/ux-reliability.md
// C4 and S38. Reconciliation time and receivables have no source yet and say so.
func figures(n report.Numbers) []figure {
	return []figure{
		{"transaction", span(n.Waits)}, {"counter", span(n.DeskWaits)},
		{"activation", share{n.InMinute, n.Paid}}, {"activation_day", share{n.InDay, n.Paid}},
		{"conversion", share{n.Paid, n.Shown}}, {"expired", share{n.Expired, n.Created}}, 
		{"late", share{n.Late, n.Paid}}, {"over", share{n.Over, n.Paid}}, {"double", share{n.Double, n.Paid}}, {"webhook", share{n.Webhook, n.Online}},
		{"errors", share{n.Undone, n.Desk}}, {"reconciliation", share{}}, {"receivables", share{}},
	}
}

func span(w report.Waits) seconds {
	n, known := w.Median()
	return seconds{n, known}
}

// kpiTable is the key figures site by site.
func (d *Door) kpiTable(p templates.Panel, q inquiry, books shop.Books) table {
	t := table{key: "kpi", heads: []string{"sites", "created", "paid", "conversion", "expired", "activation", "transaction", "late", "webhook"}}
	keys, by := report.Gather(books.Flows, func(x report.Flow) string { return x.SiteID })
	for _, site := range keys {
		n := by[site]
		t.add("", d.nameOf(p, q, "site", site), n.Created, n.Paid, share{n.Paid, n.Shown}, share{n.Expired, n.Created}, share{n.InMinute, n.Paid}, span(n.Waits),
			share{n.Late, n.Paid}, share{n.Webhook, n.Online})
	}
	return t
}
