package order

import "gerai/internal/money"

// Missing lists what has to be added to the refund queue so that it holds all that is
// due, and no more: what is due on a payment may grow or move to another one when earlier
// money is recorded later. No payment gets a second refund for the same reason. Refunds
// that staff decided are additional, and so are those made at the gateway of a payment of
// which nothing is due; rejected ones do not count.
func (v View) Missing(f Facts) []Refund {
	if len(v.RefundsDue) == 0 {
		return nil
	}
	why := v.RefundsDue[0].Reason
	rest, owes := sum(v.RefundsDue), map[string]money.Rupiah{}
	for _, r := range v.RefundsDue {
		owes[r.PaymentKey] += r.Amount
	}
	queued, taken := map[string]money.Rupiah{}, map[string]bool{}
	for _, r := range f.Refunds {
		if r.State == RefundRejected {
			continue
		}
		queued[r.PaymentKey] += r.Amount
		taken[r.PaymentKey] = taken[r.PaymentKey] || r.Reason == why
		switch {
		case !r.Gift() || v.Status == Refunded:
			rest -= r.Amount
		case r.Reason == RefundExternal:
			covers := min(r.Amount, owes[r.PaymentKey])
			rest, owes[r.PaymentKey] = rest-covers, owes[r.PaymentKey]-covers
		}
	}
	var out []Refund
	at := map[string]int{}
	add := func(r Refund) {
		r.Amount = min(rest, r.Amount-queued[r.PaymentKey])
		if r.Amount <= 0 || taken[r.PaymentKey] {
			return
		}
		rest -= r.Amount
		queued[r.PaymentKey] += r.Amount
		if i, added := at[r.PaymentKey]; added {
			out[i].Amount += r.Amount
			return
		}
		at[r.PaymentKey] = len(out)
		out = append(out, r)
	}
	for _, r := range v.RefundsDue {
		add(r)
	}
	for _, p := range count(f).parts {
		add(refundsDue(p, p.Amount, why))
	}
	return out
}

func sum(refunds []Refund) money.Rupiah {
	var total money.Rupiah
	for _, r := range refunds {
		total += r.Amount
	}
	return total
}
