package web

import (
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// DifferenceCounts are sentences that count how many users of a router differ, and how.
func DifferenceCounts(p templates.Panel, counts []vouchers.DifferenceCount) (out []string) {
	for _, c := range counts {
		out = append(out, p.T("vouchers.difference.count", "n", c.N, "what", p.T("vouchers.difference."+string(c.Kind))))
	}
	return out
}

// DifferenceLine is how a router holds a voucher otherwise than it should, in sentences.
func DifferenceLine(p templates.Panel, d vouchers.DifferenceLine) templates.DifferenceLine {
	out := templates.DifferenceLine{ID: d.ID, Name: d.Name, State: string(d.State), Since: d.Since}
	for _, kind := range d.Kinds {
		out.Kinds = append(out.Kinds, p.T("vouchers.difference."+string(kind)))
	}
	if key := "vouchers.difference.why." + d.Why; templates.HasText(key) {
		out.Why = p.T(key)
	} else {
		out.Why = p.Trouble(d.Why)
	}
	return out
}
