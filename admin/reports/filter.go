package reports

import (
	"cmp"
	"slices"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/report"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/templates"
)

// ReportDays is how many days a report has without a filter.
const ReportDays = 60

// inquiry is what one report is asked about, and the names of what it may
// name.
type inquiry struct {
	report.Filter
	period report.Period
	sites  []catalog.Site // the account's
	names  map[string]string
	plans  []catalog.Plan
}

// inquire reads a report's parameters; value is Query of a page and FormValue
// of an export. Errors: Invalid at the field, NotFound for sites that are not
// the account's.
func inquire(k *web.Request, value func(string, ...string) string) (inquiry, error) {
	today := k.Shop.Reports.ThisDay()
	q := inquiry{Filter: report.Filter{From: today.Add(1 - ReportDays), To: today, Sites: k.Principal.Sites, Test: !k.Live()}, period: report.Daily, names: map[string]string{}}
	if err := nameAll(k, &q); err != nil {
		return q, err
	}
	for _, day := range []struct {
		field string
		into  *report.Day
	}{{"from", &q.From}, {"to", &q.To}} {
		text := value(day.field)
		if text == "" {
			continue
		}
		parsed, err := report.ParseDay(text)
		if err != nil {
			return q, fault.AtField(day.field, "report.day")
		}
		*day.into = parsed
	}
	if q.From > q.To || q.From.Days(q.To) > 3660 {
		return q, fault.AtField("from", "report.range")
	}
	if p := report.Period(value("period")); slices.Contains(report.Periods, p) {
		q.period = p
	}
	if c := report.Channel(value("channel")); slices.Contains(report.Channels, c) {
		q.Channel = c
	}
	if m := payments.Method(value("method")); slices.Contains(methods, m) {
		q.Method = m
	}
	if r := report.Redeem(value("redeem")); slices.Contains(report.Redeems, r) {
		q.Redeem = r
	}
	if v, ok := web.ParseValidity(value("validity")); ok {
		q.Validity = &v
	}
	return q, q.narrow(value("site"), value("plan"))
}

// narrow takes site and plan, which must be ones that the account may see.
func (q *inquiry) narrow(site, plan string) error {
	if site != "" && !slices.ContainsFunc(q.sites, func(s catalog.Site) bool { return s.ID == site }) {
		return store.ErrSiteNotFound
	}
	if plan != "" && !slices.ContainsFunc(q.plans, func(p catalog.Plan) bool { return p.ID == plan }) {
		return fault.New(fault.NotFound, "report.no_plan")
	}
	q.Site, q.Plan = site, plan
	return nil
}

// nameAll reads the sites and plans of the account, hidden ones too: they were
// sold once.
func nameAll(k *web.Request, q *inquiry) error {
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return err
	}
	promotions, err := k.Shop.Catalogue.Promotions(k.AuditContext(), k.Principal.Sites)
	if err != nil {
		return err
	}
	q.names["promotion:"+report.ByStaff] = templates.Base{Lang: k.Lang()}.T("reports.by_staff")
	for _, x := range promotions {
		q.names["promotion:"+x.ID] = x.Name
	}
	for _, s := range sites {
		if !k.Principal.Serves(s.ID) {
			continue
		}
		plans, err := k.Store.Plans(k.AuditContext(), s.ID)
		if err != nil {
			return err
		}
		q.sites, q.plans = append(q.sites, s), append(q.plans, plans...)
		q.names["site:"+s.ID] = s.Name
		for _, p := range plans {
			q.names["plan:"+p.ID] = p.Name + " · " + s.Name
		}
	}
	return nil
}

// name is what people call a site or plan, or its id where it is gone.
func (q inquiry) name(kind, id string) string { return cmp.Or(q.names[kind+":"+id], id) }

// methods are the ways to pay that a report can be narrowed to.
var methods = func() []payments.Method {
	out := []payments.Method{payments.QRIS}
	for _, b := range payments.Banks {
		out = append(out, payments.VA(b))
	}
	return append(out, payments.Cash, payments.Transfer, payments.StaticQRIS)
}()

// pairs are the inquiry as parameters, in an address or in a hidden field.
func (q inquiry) pairs(more ...string) []string {
	return append([]string{"from", string(q.From), "to", string(q.To), "site", q.Site, "plan", q.Plan, "channel", string(q.Channel), "method", string(q.Method),
		"validity", q.validity(), "redeem", string(q.Redeem), "period", string(q.period)}, more...)
}

// validity is the chosen validity as addresses carry it, "" for any.
func (q inquiry) validity() string {
	if q.Validity == nil {
		return ""
	}
	return web.Minutes(*q.Validity)
}

// form is the inquiry as its form shows it.
func reportForm(d *web.Handler, p templates.Panel, q inquiry, path string, exports ...string) templates.ReportForm {
	f := templates.ReportForm{Path: web.Root + path, From: string(q.From), To: string(q.To), Exports: exports}
	option := func(value, name string, picked bool) templates.ReportChoice {
		return templates.ReportChoice{Value: value, Name: name, Picked: picked}
	}
	for _, s := range q.sites {
		f.Sites = append(f.Sites, option(s.ID, s.Name, s.ID == q.Site))
	}
	for _, x := range q.plans {
		f.Plans = append(f.Plans, option(x.ID, q.name("plan", x.ID), x.ID == q.Plan))
	}
	for _, c := range report.Channels {
		f.Channels = append(f.Channels, option(string(c), p.Channel(string(c)), c == q.Channel))
	}
	for _, m := range methods {
		f.Methods = append(f.Methods, option(string(m), p.Method(string(m)), m == q.Method))
	}
	served := map[string]string{}
	for _, x := range q.sites {
		served[x.ID] = x.Name
	}
	for _, x := range web.Lasting(p, q.plans, served) {
		f.Lasting = append(f.Lasting, option(x.Value, x.Name, x.Value == q.validity()))
	}
	for _, r := range report.Redeems {
		f.Redeems = append(f.Redeems, option(string(r), p.T("reports.redeem."+string(r)), r == q.Redeem))
	}
	for _, x := range report.Periods {
		f.Periods = append(f.Periods, option(string(x), p.Period(string(x)), x == q.period))
	}
	today := d.Shop.Reports.ThisDay()
	month := report.Monthly.Of(today)
	for _, r := range []struct {
		key      string
		from, to report.Day
	}{{"today", today, today}, {"yesterday", today.Add(-1), today.Add(-1)}, {"week", today.Add(-6), today}, {"month", month, today},
		{"last_month", report.Monthly.Of(month.Add(-1)), month.Add(-1)}, {"sixty", today.Add(1 - ReportDays), today}, {"year", today.Add(-364), today}} {
		o := q
		o.From, o.To = r.from, r.to
		f.Ranges = append(f.Ranges, templates.RangeLink{Key: r.key, Path: p.Href(web.Root+path, o.pairs()...), On: r.from == q.From && r.to == q.To})
	}
	return f
}

func methodOf(s string) payments.Method { return payments.Method(s) }
