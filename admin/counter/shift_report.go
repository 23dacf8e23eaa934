package counter

import (
	"gerai/internal/shop/counter"
	"gerai/templates"
)

// shiftReport is what was sold during a shift, as pages show it.
func shiftReport(p templates.Panel, r counter.ShiftReport) templates.ShiftSales {
	out := templates.ShiftSales{Undone: templates.SumLine{Count: r.Undone.Count, Amount: r.Undone.Amount}}
	out.Sold.Count, out.Sold.Amount = r.Sold()
	out.Open.Count, out.Open.Amount = r.Open()
	for _, s := range r.Sales {
		out.Lines = append(out.Lines, templates.SaleLine{Plan: s.Plan, Method: p.MethodName(s.Method), Count: s.N, Amount: s.Amount})
	}
	return out
}
