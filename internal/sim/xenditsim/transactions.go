package xenditsim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// entry is a line of the account's statement: a payment or a refund.
type entry struct {
	id, product, kind, reference, currency string
	of                                     *paymentRequest
	amount                                 int64
	at                                     time.Time
}

// statement is every line of the account, the newest first.
func (s *Sim) statement() []entry {
	var all []entry
	for _, p := range s.order {
		for _, x := range p.Payments {
			all = append(all, entry{id: "txn_" + x.ID, product: x.ID, kind: "PAYMENT", reference: p.ReferenceID, currency: x.Currency, of: p, amount: x.Amount, at: x.At.Truncate(time.Millisecond)})
		}
	}
	for _, f := range s.refOrder {
		if f.Status == "SUCCEEDED" {
			all = append(all, entry{id: "txn_" + f.ID, product: f.ID, kind: "REFUND", reference: f.ReferenceID, currency: "IDR", of: s.requests[f.RequestID], amount: f.Amount, at: f.Created.Truncate(time.Millisecond)})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return b.at.Compare(a.at) })
	return all
}

// listTransactions is the account's statement, filtered and cut into pages.
func (s *Sim) listTransactions(w http.ResponseWriter, r *http.Request, _ []byte) {
	q := r.URL.Query()
	var bounds [4]time.Time
	for i, name := range []string{"created[gte]", "created[lte]", "updated[gte]", "updated[lte]"} {
		if !q.Has(name) {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, q.Get(name))
		if err != nil {
			fail(w, 400, "API_VALIDATION_ERROR", name+" must be an ISO 8601 instant")
			return
		}
		bounds[i] = at
	}
	within := func(at, from, until time.Time) bool {
		return !at.Before(from) && (until.IsZero() || !at.After(until))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strikes("transactions_forbidden", s.faults.TransactionsForbidden) {
		fail(w, 403, "REQUEST_FORBIDDEN_ERROR", "the key may not do this")
		return
	}
	all := slices.DeleteFunc(s.statement(), func(e entry) bool {
		return !within(e.at, bounds[0], bounds[1]) || !within(s.updated(e), bounds[2], bounds[3]) || slices.Contains(s.faults.HideTransactions, e.reference) ||
			len(q["types"]) > 0 && !slices.Contains(q["types"], e.kind) || q.Get("currency") != "" && q.Get("currency") != e.currency ||
			q.Get("reference_id") != "" && q.Get("reference_id") != e.reference
	})
	slices.Reverse(all) // paged turns them around
	page, more := paged(all, q.Get("limit"), q.Get("after_id"), func(e entry) string { return e.id })
	data, links := []any{}, []any{}
	for _, e := range page {
		data = append(data, s.transaction(e))
	}
	if more {
		q.Set("after_id", page[len(page)-1].id)
		links = append(links, map[string]any{"href": "/transactions?" + q.Encode(), "rel": "next", "method": "GET"})
	}
	answer(w, 200, map[string]any{"data": data, "has_more": more, "links": links})
}

// settles is when a payment is in the balance: QRIS after two days, BCA on the next
// working day, other accounts at once. Refunds leave the balance at once.
func (e entry) settles() time.Time {
	switch {
	case e.kind == "PAYMENT" && e.of.isQR():
		return e.at.Add(48 * time.Hour)
	case e.kind == "PAYMENT" && e.of.Channel == "BCA":
		at := e.at.Add(24 * time.Hour)
		for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			at = at.Add(24 * time.Hour)
		}
		return at
	}
	return e.at
}

// updated is when a line last changed.
func (s *Sim) updated(e entry) time.Time {
	if at := e.settles(); !s.now().Before(at) {
		return at
	}
	return e.at
}

// fee is what the gateway keeps of a payment, and the tax in it, at list prices: 0.7 %
// of QRIS, Rp4.000 and 11 % of an account.
func (s *Sim) fee(e entry) (fee, tax int64) {
	total := int64(0)
	switch {
	case e.kind != "PAYMENT":
	case e.of.isQR():
		total = (e.amount*70 + 5000) / 10_000
	default:
		total = 4440
	}
	total = min(total+s.faults.TransactionFee, e.amount)
	tax = (total*11 + 55) / 111
	return total - tax, tax
}

// transaction is the API's rendering of a line. What product_data holds differs by
// product; refunds have none.
func (s *Sim) transaction(e entry) map[string]any {
	category, cashflow := "VIRTUAL_ACCOUNT", "MONEY_IN"
	if e.of.isQR() {
		category = "QR_CODE"
	}
	fee, tax := s.fee(e)
	amount := e.amount
	settlement, feeStatus := "PENDING", "PENDING"
	if !s.now().Before(e.settles()) {
		settlement, feeStatus = "SETTLED", "COMPLETED"
	}
	m := map[string]any{"id": e.id, "product_id": e.product, "type": e.kind, "status": "SUCCESS", "channel_category": category, "channel_code": e.of.Channel,
		"reference_id": e.reference, "account_identifier": nil, "currency": e.currency, "net_amount_currency": e.currency, "business_id": e.of.BusinessID,
		"settlement_status": settlement, "estimated_settlement_time": stamp3(e.settles()), "created": stamp3(e.at), "updated": stamp3(s.updated(e))}
	if e.kind == "PAYMENT" {
		amount += s.faults.TransactionAmount
		if !s.faults.BareTransactions {
			m["product_data"] = map[string]any{"payment_request_id": e.of.ID}
		}
	} else {
		cashflow, feeStatus = "MONEY_OUT", "NOT_APPLICABLE"
		m["estimated_settlement_time"] = nil
	}
	if s.faults.BareTransactions {
		m["product_id"] = strings.TrimPrefix(e.product, "qrpy_")
	}
	m["amount"], m["net_amount"], m["cashflow"] = amount, amount-fee-tax, cashflow
	m["fee"] = map[string]any{"xendit_fee": fee, "value_added_tax": tax, "xendit_withholding_tax": 0, "third_party_withholding_tax": 0, "status": feeStatus}
	return m
}
