package reports

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/report"
	"gerai/internal/sheet"
	"gerai/internal/shop/reports"
	"gerai/templates"
)

// MoneyTables are the tables of the report about money; the first one is the
// trend, the last one is made for files only.
var MoneyTables = []string{"trend", "plans", "validities", "redeems", "sites", "methods", "channels", "promotions", "orders"}

// reportsPage shows the money of some days.
func reportsPage(k *web.Request) error {
	p, q, ok, err := reportQuery(k, "/reports", MoneyTables...)
	if err != nil || !ok {
		return err
	}
	books, err := k.Shop.Reports.Books(k.AuditContext(), q.Filter)
	if err != nil {
		return err
	}
	fees, err := k.Shop.Counter.Fees(k.AuditContext())
	if err != nil {
		return err
	}
	page := templates.ReportsPage{Panel: p, Report: reportForm(k.Handler, p, q, "/reports", MoneyTables...)}
	sum := report.Total(books.Cells, fees)
	tile := func(key, value, tone string) {
		page.Tiles = append(page.Tiles, templates.Tile{Name: p.Column(key), Value: value, Tone: tone})
	}
	tile("sales", sum.Sales.String(), "good")
	if sum.Discount > 0 {
		tile("gross", sum.Gross().String(), "")
		tile("discount", sum.Discount.String(), "")
	}
	tile("sold", p.Count(sum.Sold), "")
	tile("average", sum.Average().String(), "")
	tile("in", sum.In.String(), "")
	tile("beside", sum.Beside().String(), "")
	tile("back", sum.Back.String(), "")
	tile("fees", sum.Fees.String(), "")
	tile("net", sum.Net().String(), "")
	trend := moneyTable(k.Handler, "trend", p, q, books, fees)
	if page.Chart, err = trendChart(k, p, q, books); err != nil {
		return err
	}
	page.Trend = trend.grid(p)
	for _, key := range MoneyTables[1 : len(MoneyTables)-1] {
		page.Tables = append(page.Tables, moneyTable(k.Handler, key, p, q, books, fees).grid(p))
	}
	complaints, n, err := complaintsTable(k, p, q)
	if err != nil {
		return err
	}
	before, err := baselineTable(k, p, q, sum, n)
	if err != nil {
		return err
	}
	if page.Baseline = before.grid(p); len(complaints.rows) > 0 {
		page.Tables = append(page.Tables, complaints.grid(p))
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// reportQuery reads a report's parameters. ok is false when they were wrong and the
// form has been shown again with what was typed.
func reportQuery(k *web.Request, path string, exports ...string) (p templates.Panel, q inquiry, ok bool, err error) {
	if p, err = k.Panel("reports"); err != nil {
		return p, q, false, err
	}
	q, err = inquire(k, k.Query)
	if err == nil {
		return p, q, true, nil
	}
	form, typed := k.Typed(err)
	if !typed || form.Field == "" {
		return p, q, false, err
	}
	q.From, q.To = report.Day(web.Truncate(k.Query("from"))), report.Day(web.Truncate(k.Query("to")))
	p.Form = form
	page := templates.ReportsPage{Panel: p, Report: reportForm(k.Handler, p, q, path)}
	return p, q, false, k.SendPage(httpx.Status(err), p.Theme, page)
}

// moneyTable makes one of the tables of money.
func moneyTable(d *web.Handler, key string, p templates.Panel, q inquiry, books reports.Books, fees report.Fees) table {
	t := table{key: key, heads: append([]string{key}, moneyHeads...)}
	drill := func(change func(*inquiry)) string {
		o := q
		change(&o)
		return p.Href(web.Root+"/orders", "from", string(o.From), "until", string(o.To), "site", o.Site, "plan", o.Plan, "channel", string(o.Channel), "validity", o.validity(), "redeem", string(o.Redeem))
	}
	cells := report.Money(books.Cells)
	switch key {
	case "trend":
		for _, l := range report.Trend(cells, fees, q.From, q.To, q.period) {
			from := report.Day(l.Key)
			last := q.period.Next(from).Add(-1)
			t.add(drill(func(o *inquiry) { o.From, o.To = max(from, q.From), min(last, q.To) }), moneyRow(q.named(from), l.Sum)...)
		}
	case "plans":
		for _, l := range report.By(cells, fees, func(c report.Cell) string { return c.PlanID }) {
			t.add(drill(func(o *inquiry) { o.Plan = l.Key }), moneyRow(nameOf(d, p, q, "plan", l.Key), l.Sum)...)
		}
	case "validities":
		for _, l := range report.By(cells, fees, func(c report.Cell) string { return web.Minutes(c.Validity) }) {
			v, _ := web.ParseValidity(l.Key) // made a line ago
			t.add(drill(func(o *inquiry) { o.Validity = &v }), moneyRow(p.Validity(v), l.Sum)...)
		}
	case "redeems":
		t.heads = []string{"redeems", "handed", "handed_share", "worth", "sold", "sales", "back"}
		all := report.Total(books.Cells, fees)
		lines := report.By(books.Cells, fees, func(c report.Cell) string { return string(c.Redeem) })
		for _, r := range report.Redeems {
			var s report.Sum
			for _, l := range lines {
				if l.Key == string(r) {
					s = l.Sum
				}
			}
			t.add(drill(func(o *inquiry) { o.Redeem = r }), p.T("reports.redeem."+string(r)), s.Handed, share{s.Handed, all.Handed}, s.Worth, s.Sold, s.Sales, s.Back)
		}
	case "sites":
		for _, l := range report.By(cells, fees, func(c report.Cell) string { return c.SiteID }) {
			t.add(drill(func(o *inquiry) { o.Site = l.Key }), moneyRow(nameOf(d, p, q, "site", l.Key), l.Sum)...)
		}
	case "methods":
		for _, l := range report.By(cells, fees, func(c report.Cell) string { return string(c.Method) }) {
			t.add(drill(func(o *inquiry) { o.Channel = report.ChannelOf(methodOf(l.Key)) }), moneyRow(p.Method(l.Key), l.Sum)...)
		}
	case "channels":
		for _, l := range report.By(cells, fees, func(c report.Cell) string { return string(report.ChannelOf(c.Method)) }) {
			t.add(drill(func(o *inquiry) { o.Channel = report.Channel(l.Key) }), moneyRow(p.Channel(l.Key), l.Sum)...)
		}
	case "promotions":
		t.heads = []string{"promotions", "discounts", "discount"}
		for _, l := range report.By(report.Discounts(cells), fees, func(c report.Cell) string { return c.PromotionID }) {
			t.add("", q.name("promotion", l.Key), l.Discounts, l.Discount)
		}
	}
	return t
}

// named is a period's first day, or the month it is.
func (q inquiry) named(from report.Day) any {
	if q.period == report.Monthly {
		return month(from)
	}
	return sheet.Date(from)
}

// nameOf is the name of a site or plan; money without an order has none.
func nameOf(d *web.Handler, p templates.Panel, q inquiry, kind, id string) string {
	if id == "" {
		return p.T("reports.stray")
	}
	return q.name(kind, id)
}
