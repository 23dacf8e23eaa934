package counter

import (
	"bytes"
	"fmt"

	"gerai/admin/web"
	"gerai/internal/sheet"
	"gerai/internal/shop/counter"
	"gerai/templates"
)

// exportShift is the report of a shift as a file.
func exportShift(k *web.Request) error {
	s, err := readShift(k, k.Param("id"))
	if err != nil {
		return err
	}
	p, err := k.Panel("shift")
	if err != nil {
		return err
	}
	r, err := k.Shop.Counter.ShiftReport(k.AuditContext(), s)
	if err != nil {
		return err
	}
	o := web.SheetOptions(k, p.T("counter.shift.report"))
	if err := k.Shop.Counter.ExportShift(k.AuditContext(), k.Principal.Actor(), s.ID, string(o.Format)); err != nil {
		return err
	}
	var b bytes.Buffer
	err = writeShift(&b, o, p, k.Handler, r)
	return web.Done(k, err, fmt.Sprintf("shift-%s-%s.%s", s.StaffName, s.OpenedAt.In(k.Zone).Format("20060102-1504"), o.Format), sheet.Types[o.Format], &b)
}

// writeShift writes the same rows as the printed report: what, plan, way to pay,
// how many and how much.
func writeShift(b *bytes.Buffer, o sheet.Options, p templates.Panel, d *web.Handler, r counter.ShiftReport) error {
	w, err := sheet.New(b, o)
	if err != nil {
		return err
	}
	rows := [][]any{{p.T("counter.shift.part"), p.T("reports.column.plans"), p.T("reports.column.methods"), p.T("counter.shift.number"), p.T("counter.shift.amount")},
		{p.T("counter.my_sale.by"), r.Shift.StaffName, nil, nil, nil}, {p.T("counter.shift.opened"), r.Shift.OpenedAt.In(d.Zone), nil, nil, nil}}
	if !r.Shift.ClosedAt.IsZero() {
		rows = append(rows, []any{p.T("counter.shift.closed"), r.Shift.ClosedAt.In(d.Zone), nil, nil, nil})
	}
	for _, s := range r.Sales {
		rows = append(rows, []any{p.T("counter.shift.sales"), s.Plan, p.MethodName(s.Method), s.N, s.Amount})
	}
	add := func(key string, n any, amount any) { rows = append(rows, []any{p.T(key), nil, nil, n, amount}) }
	n, amount := r.Sold()
	add("counter.shift.sold", n, amount)
	n, amount = r.Open()
	add("counter.shift.unseen", n, amount)
	add("counter.shift.undone", r.Undone.Count, r.Undone.Amount)
	add("counter.shift.opening", nil, r.Shift.Opening)
	for _, s := range r.Sums {
		add("counter.till."+s.Kind, s.Count, s.Amount)
	}
	for _, m := range r.ByHand {
		rows = append(rows, []any{p.T("counter.till." + m.Kind), m.Reason, nil, nil, m.Amount})
	}
	add("counter.shift.expected", nil, r.Expected)
	if !r.Shift.ClosedAt.IsZero() {
		add("counter.shift.counted", nil, r.Shift.Counted)
		add("counter.shift.differs", nil, r.Shift.Counted-r.Expected)
	}
	for _, row := range rows {
		if err := w.Row(row...); err != nil {
			return err
		}
	}
	return w.Close()
}
