package reports

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/report"
	"gerai/internal/shop/reports"
	"gerai/templates"
)

// resale shows what was sold on in the name of the upstream provider, month by
// month and plan by plan: the record that Permenkominfo 13/2019, article 22,
// asks of those who resell internet access.
func resale(k *web.Request) error {
	p, q, ok, err := reportQuery(k, "/reports/resale", "resale")
	if err != nil || !ok {
		return err
	}
	books, err := k.Shop.Reports.Books(k.AuditContext(), q.Filter)
	if err != nil {
		return err
	}
	page := templates.ResalePage{Panel: p, Report: reportForm(k.Handler, p, q, "/reports/resale", "resale"), Licence: p.Brand().Licence, Months: resaleTable(k.Handler, p, q, books).grid(p)}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func resaleTable(d *web.Handler, p templates.Panel, q inquiry, books reports.Books) table {
	t := table{key: "resale", heads: []string{"month", "plans", "sold", "sales", "back"}}
	months := report.By(books.Cells, nil, func(c report.Cell) string { return string(report.Monthly.Of(c.Day)) + "|" + c.PlanID })
	for m := report.Monthly.Of(q.From); m <= q.To; m = report.Monthly.Next(m) {
		var all report.Sum
		for _, l := range months {
			of, plan, _ := strings.Cut(l.Key, "|")
			if of != string(m) || plan == "" {
				continue
			}
			t.add("", month(m), nameOf(d, p, q, "plan", plan), l.Sold, l.Sales, l.Back)
			all.Sold, all.Sales, all.Back = all.Sold+l.Sold, all.Sales+l.Sales, all.Back+l.Back
		}
		if all.Sold > 0 || all.Back > 0 {
			t.add("", month(m), p.T("reports.all"), all.Sold, all.Sales, all.Back)
		}
	}
	return t
}
