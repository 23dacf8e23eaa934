package reports

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/templates"
)

// baselineForm shows the figures from before Gerai.
func baselineForm(k *web.Request) error {
	return showBaseline(k, fiber.StatusOK, templates.Typed{})
}

// setBaseline keeps them.
func setBaseline(k *web.Request) error {
	var b report.Baseline
	revenue, ok := money.ParseField(k.FormValue("revenue"))
	var err error
	if b.Revenue = revenue; !ok {
		err = fault.AtField("revenue", "report.baseline")
	}
	for _, x := range []struct {
		field string
		into  *int64
	}{{"vouchers", &b.Vouchers}, {"complaints", &b.Complaints}} {
		if err == nil && k.FormValue(x.field) != "" {
			var n int
			n, err = web.Number(k, x.field, "report.baseline")
			*x.into = int64(n)
		}
	}
	if err == nil {
		err = k.Shop.Reports.SetBaseline(k.AuditContext(), k.Principal.Actor(), b)
	}
	if form, typed := k.Typed(err, "revenue", "vouchers", "complaints"); typed {
		return showBaseline(k, httpx.Status(err), form)
	}
	return k.Back("/reports/baseline", "baseline", err)
}

func showBaseline(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("reports")
	if err != nil {
		return err
	}
	b, err := k.Store.Baseline(k.AuditContext())
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.BaselinePage{Panel: p}
	for _, x := range []struct {
		field string
		n     int64
	}{{"revenue", int64(b.Revenue)}, {"vouchers", b.Vouchers}, {"complaints", b.Complaints}} {
		value := ""
		if x.n > 0 {
			value = strconv.FormatInt(x.n, 10)
		}
		page.Lines = append(page.Lines, templates.BaselineLine{Field: x.field, Value: form.Value(x.field, value)})
	}
	return k.SendPage(status, p.Theme, page)
}

// complaintsTable counts what customers complained of.
func complaintsTable(k *web.Request, p templates.Panel, q inquiry) (t table, sum int64, err error) {
	t = table{key: "complaints", heads: []string{"complaints", "count"}}
	found, err := k.Store.ComplaintCounts(k.AuditContext(), q.From.Start(k.Zone), q.To.End(k.Zone))
	if err != nil {
		return t, 0, err
	}
	by := map[order.Complaint]int64{}
	for _, c := range found {
		if q.Serves(c.SiteID) {
			by[c.Reason], sum = by[c.Reason]+c.N, sum+c.N
		}
	}
	for _, c := range order.Complaints {
		if by[c] > 0 {
			t.add("", p.T("refunds.complaint."+string(c)), by[c])
		}
	}
	return t, sum, nil
}

// baselineTable sets a month before Gerai beside a month at the pace of the report's days; it
// is empty where no figures were typed in, and where the report is about a part of the shop.
func baselineTable(k *web.Request, p templates.Panel, q inquiry, s report.Sum, complaints int64) (table, error) {
	t := table{key: "baseline", heads: []string{"baseline", "before_gerai", "now_month"}}
	b, err := k.Store.Baseline(k.AuditContext())
	if err != nil || b == (report.Baseline{}) || q.Site != "" || q.Plan != "" || !k.Principal.AllSites() {
		return t, err
	}
	days := int(q.To.End(k.Zone).Sub(q.From.Start(k.Zone))/(24*time.Hour) + 1)
	if q.To.End(k.Zone).Sub(q.From.Start(k.Zone))%(24*time.Hour) == 0 {
		days--
	}
	t.add("", p.T("reports.baseline.revenue"), b.Revenue, money.Rupiah(report.Month(int64(s.In-s.Back), days)))
	t.add("", p.T("reports.baseline.vouchers"), b.Vouchers, report.Month(s.Handed, days))
	t.add("", p.T("reports.baseline.complaints"), b.Complaints, report.Month(complaints, days))
	return t, nil
}
