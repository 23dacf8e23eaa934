package main

import (
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// outcome is what becomes of an order, by weight of ten thousand.
type outcome int

const (
	pays outcome = iota
	leaves
	cancels
	paysLate
	paysTwice
	paysMore
	paysLess
)

var outcomes = []int{8240, 1500, 60, 90, 40, 30, 40}

// order makes one order and everything that followed from it.
func (p *past) order(h *store.History, created time.Time) {
	s := p.plan()
	id := order.ID(p.id("o", p.made))
	o := order.Order{ID: id, Code: order.Code(p.codeText()), Nonce: "seed-" + string(id),
		SiteID: s.site.ID, Lang: "id", Item: s.plan.Item(s.site), Total: s.plan.Price, Username: p.username(), Password: fmt.Sprintf("%06d", 222222+p.rnd.IntN(700000)),
		AttemptNo: 1, Test: true, CreatedAt: created, ExpiresAt: created.Add(30 * time.Minute), Version: 1}
	if p.rnd.IntN(3) > 0 {
		o.Phone = fmt.Sprintf("+62812%08d", p.rnd.IntN(100_000_000))
	}
	o.Hints = order.Hints{MAC: fmt.Sprintf("02:5E:ED:%02X:%02X:%02X", p.rnd.IntN(256), p.rnd.IntN(256), p.rnd.IntN(256)), IP: fmt.Sprintf("10.5.%d.%d", p.rnd.IntN(250), 1+p.rnd.IntN(250)), LoginURL: "http://" + s.site.LoginHosts[0] + "/login"}
	method := payments.QRIS
	if s.plan.Price >= 10_000 && p.rnd.IntN(4) == 0 {
		method = payments.VA(oneOf(p, "BCA", "BRI", "MANDIRI", "BNI"))
	}
	fate := outcome(p.pick(outcomes))
	money := p.pay(o, method, fate)
	f := order.Facts{Total: o.Total, Policies: o.Item.SitePolicies, Test: true, ExpiresAt: o.ExpiresAt, Payments: money}
	if fate == cancels {
		o.CancelledAt = within(p.now, created.Add(time.Duration(1+p.rnd.IntN(20))*time.Minute))
		f.CancelledAt = o.CancelledAt
	}
	unpaid := order.Derive(f, p.now)
	if unpaid.PaidAt.IsZero() || unpaid.PaidAt.After(o.ExpiresAt.Add(order.Grace)) {
		if end := o.ExpiresAt.Add(order.Grace + time.Second); fate != cancels && end.Before(p.now) {
			o.ExpiredAt, f.ExpiredAt = end, end
		}
	}
	p.allocate(h, s, &o, &f)
	p.giveBack(h, &f, id)
	v := order.Derive(f, p.now)
	o.Status, o.Flags, o.Attention, o.PaidAt = v.Status, v.Flags, v.Attention, v.PaidAt
	h.Orders = append(h.Orders, o)
	p.gateway(h, o, method, money)
}

func within(now, t time.Time) time.Time {
	if t.After(now) {
		return now
	}
	return t
}

// pay makes the money of an order; what would come after now has not come yet.
func (p *past) pay(o order.Order, m payments.Method, f outcome) []order.Payment {
	wait := time.Duration(25+p.rnd.IntN(50)+p.rnd.IntN(60)*p.rnd.IntN(4)) * time.Second
	amount := o.Total
	var out []order.Payment
	switch f {
	case leaves, cancels:
		return nil
	case paysLate:
		wait = 33*time.Minute + time.Duration(p.rnd.IntN(600))*time.Minute
	case paysMore:
		amount += money.Rupiah(1000 * (1 + p.rnd.IntN(5)))
	case paysLess:
		amount -= 1000
	}
	times := 1
	if f == paysTwice {
		times = 2
	}
	for i := range times {
		at := o.CreatedAt.Add(wait + time.Duration(i)*90*time.Second)
		if at.Add(2 * time.Second).After(p.now) {
			break
		}
		out = append(out, order.Payment{Gateway: "xendit", Key: fmt.Sprintf("pr-%s-%d", o.ID, i+1), OrderID: o.ID, AttemptNo: 1, Reference: string(o.Code) + "-1", Method: m, Amount: amount,
			Currency: money.Currency, PaidAt: at, RecordedAt: at.Add(time.Duration(300+p.rnd.IntN(1500)) * time.Millisecond)})
	}
	return out
}

// allocate makes the voucher of a paid order.
func (p *past) allocate(h *store.History, s sold, o *order.Order, f *order.Facts) {
	v := order.Derive(*f, p.now)
	if !v.Activate {
		return
	}
	o.ActivateAt = f.Payments[0].RecordedAt
	took := time.Duration(150+p.rnd.IntN(900)) * time.Millisecond
	if p.rnd.IntN(400) == 0 { // the router was away
		took = time.Duration(1+p.rnd.IntN(40)) * time.Minute
	}
	o.ActivatedAt = within(p.now, o.ActivateAt.Add(took))
	o.RouterID, o.RouterTouched = s.routers[p.rnd.IntN(len(s.routers))].ID, true
	w := store.Voucher{ID: p.id("v", p.made), OrderID: o.ID, SiteID: o.SiteID, PlanID: s.plan.ID, RouterID: o.RouterID, Username: o.Username, State: voucher.Sold, SoldAt: o.ActivatedAt}
	login := o.ActivatedAt.Add(time.Duration(5+p.rnd.IntN(240)) * time.Second)
	if p.rnd.IntN(25) > 0 && login.Before(p.now) {
		w.FirstLoginAt, w.State = login, voucher.Active
	}
	switch {
	case s.plan.ValidFrom == order.FromPurchase:
		w.ValidUntil = w.SoldAt.Add(s.plan.Validity)
	case !w.FirstLoginAt.IsZero():
		w.ValidUntil = w.FirstLoginAt.Add(s.plan.Validity)
	}
	if !w.ValidUntil.IsZero() && w.ValidUntil.Before(p.now) {
		w.State, w.EndedAt = voucher.Expired, w.ValidUntil
	}
	o.ValidUntil = w.ValidUntil
	f.Activation = &order.Activation{RouterID: o.RouterID, Username: o.Username, At: w.SoldAt}
	h.Vouchers = append(h.Vouchers, w)
}

// giveBack makes the refunds that the facts ask for; most are done within a
// day or two.
func (p *past) giveBack(h *store.History, f *order.Facts, id order.ID) {
	for i, r := range order.Derive(*f, p.now).RefundsDue {
		r.ID, r.OrderID, r.DueAt = fmt.Sprintf("%s-%d", p.id("f", p.made), i), id, f.Payments[len(f.Payments)-1].RecordedAt
		if done := r.DueAt.Add(time.Duration(1+p.rnd.IntN(48)) * time.Hour); done.Before(p.now) {
			r.DoneAt = done
		}
		f.Refunds = append(f.Refunds, r)
		h.Refunds = append(h.Refunds, r)
		if i == 0 { // the alert was closed when the first payment was dealt with
			h.Alerts = append(h.Alerts, store.Alert{ID: p.id("n", p.made), Kind: "refund_due", Subject: string(id), Detail: string(r.Reason), OpenedAt: r.DueAt, ClosedAt: r.DoneAt})
		}
	}
}

// gateway makes what the gateway knew and said.
func (p *past) gateway(h *store.History, o order.Order, m payments.Method, money []order.Payment) {
	a := order.Attempt{ID: p.id("a", p.made), OrderID: o.ID, No: 1, Method: m, Amount: o.Total, Reference: string(o.Code) + "-1", Key: "seed-" + string(o.ID), State: order.Open,
		GatewayID: fmt.Sprintf("pr-%s-1", o.ID), ExpiresAt: o.ExpiresAt, CreatedAt: o.CreatedAt}
	if a.QR = "00020101021226seed" + string(o.ID); m.IsVA() {
		a.QR, a.VA = "", fmt.Sprintf("8808%012d", p.made)
	}
	switch {
	case len(money) > 0:
		a.State = order.Settled
	case o.Status == order.Expired || o.Status == order.Cancelled:
		a.State = order.Failed
	}
	h.Attempts = append(h.Attempts, a)
	p.charged(a, money)
	h.Payments = append(h.Payments, money...)
	for i, pay := range money {
		if p.rnd.IntN(40) == 0 { // this webhook was lost
			continue
		}
		h.Events = append(h.Events, store.WebhookEvent{ID: fmt.Sprintf("%s-%d", p.id("e", p.made), i), Gateway: "xendit", Key: "seed-" + pay.Key, Name: "payment.capture", GatewayID: pay.Key, Reference: pay.Reference,
			Status: payments.Paid, Body: []byte("{}"), State: store.WebhookEventDone, OrderID: string(o.ID), ReceivedAt: pay.RecordedAt.Add(-200 * time.Millisecond)})
	}
}
