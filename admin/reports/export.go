package reports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/report"
	"gerai/internal/sheet"
	"gerai/internal/shop/reports"
	"gerai/internal/store"
	"gerai/templates"
)

// export writes one table of a report, or the orders of a range, into a file.
func export(k *web.Request) error {
	return exportOf(k, append([]string{"kpi", "hours", "figures", "resale"}, MoneyTables...)...)
}

func exportOf(k *web.Request, allowed ...string) error {
	what := strings.Clone(k.FormValue("what"))
	if !slices.Contains(allowed, what) {
		return fault.New(fault.Invalid, "report.unknown")
	}
	p, err := k.Panel("reports")
	if err != nil {
		return err
	}
	q, err := inquire(k, k.FormValue)
	if err != nil {
		return err
	}
	o := web.SheetOptions(k, p.Table(what))
	fill, err := fill(k, p, q, what)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("gerai-%s-%s-%s.%s", what, q.From, q.To, o.Format)
	return web.Stream(k, name, o, fill, func() error {
		return k.Shop.Reports.Export(k.AuditContext(), k.Principal.Actor(), what, string(o.Format), q.Filter)
	})
}

// fill returns what writes the rows. Tables are small and made before the first
// byte; orders are read while they are written.
func fill(k *web.Request, p templates.Panel, q inquiry, what string) (func(context.Context, sheet.Writer) error, error) {
	if what == "orders" {
		return func(ctx context.Context, w sheet.Writer) error { return orderRows(k.Handler, ctx, p, q, w) }, nil
	}
	books, err := k.Shop.Reports.Books(k.AuditContext(), q.Filter)
	if err != nil {
		return nil, err
	}
	fees, err := k.Shop.Counter.Fees(k.AuditContext())
	if err != nil {
		return nil, err
	}
	var t table
	switch what {
	case "kpi":
		t = kpiTable(k.Handler, p, q, books, bySite(books))
	case "hours":
		t = hoursTable(k.Handler, p, q, bySite(books))
	case "figures":
		var signals reports.Indicators
		if signals, err = k.Shop.Reports.Indicators(k.AuditContext(), q.Filter); err == nil {
			t = figuresTable(p, books, signals)
		}
	case "resale":
		t = resaleTable(k.Handler, p, q, books)
	case "tech":
		t, err = techTable(k, p, q, books)
	default:
		t = moneyTable(k.Handler, what, p, q, books, fees)
	}
	return func(_ context.Context, w sheet.Writer) error { return t.write(w, p) }, err
}

// orderRows writes the orders of a range, one by one.
func orderRows(d *web.Handler, ctx context.Context, p templates.Panel, q inquiry, w sheet.Writer) error {
	head := []any{}
	for _, c := range []string{"code", "created_at", "paid_at", "activated_at", "sites", "plans", "methods", "channels", "seller", "status", "flags", "gross", "discount", "promotions", "price", "in", "back", "router", "validities", "redeems"} {
		head = append(head, p.Column(c))
	}
	if err := w.Row(head...); err != nil {
		return err
	}
	at := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.In(d.Zone)
	}
	sellers := map[string]string{}
	all, err := d.Store.ListStaff(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		sellers[s.ID] = s.Name
	}
	where, err := web.VoucherPlaces(d, ctx)
	if err != nil {
		return err
	}
	return d.Shop.Reports.EachOrder(ctx, q.Filter, func(o store.OrderRow) error {
		flags := make([]string, len(o.Flags))
		for i, f := range o.Flags {
			flags[i] = p.T("orders.flag." + f)
		}
		return w.Row(o.Code.Pretty(), at(o.CreatedAt), at(o.PaidAt), at(o.ActivatedAt), q.name("site", o.SiteID), q.name("plan", o.PlanID), p.Method(string(o.Method)),
			p.Channel(string(report.ChannelOf(o.Method))), sellers[o.SellerID], p.T("orders.status."+string(o.Status)), strings.Join(flags, ", "), o.Total+o.Discount, o.Discount, q.name("promotion", o.PromotionID), o.Total, o.In, o.Back, cmp.Or(where.Routers[o.RouterID], o.RouterID),
			p.Validity(o.Validity), p.Redeemed(o.Redeem))
	})
}
