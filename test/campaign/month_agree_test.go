package campaign

import (
	"context"
	"slices"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// calm ends all trouble and lets a day pass, after which the night's comparison has been made.
func (m *month) calm() {
	m.Helper()
	m.due = slices.DeleteFunc(m.due, func(h happening) bool { return h.what != "paid" && h.what != "paid late" })
	m.Xendit.SetFaults(xenditsim.Faults{})
	for _, r := range m.Routers {
		r.SetFaults(routerossim.Faults{})
	}
	m.away = false
	m.OpenWebhook()
	m.watch = m.Clock.Now().Add(5 * time.Minute)
	m.at(m.Clock.Now().Add(time.Hour), "operator looked", m.putBack)
	m.live(m.Clock.Now().Add(30 * time.Hour))
}

// agree compares books, routers and gateway.
func (m *month) agree() {
	m.Helper()
	m.Invariants()
	m.agreeRouters()
	m.agreeGateway()
}

// agreeRouters: every voucher that may be used is on exactly one router as it should be, none
// that ended is let in, and the shop says that nothing differs.
func (m *month) agreeRouters() {
	m.Helper()
	ctx := context.Background()
	holders := map[string][]string{}
	for id := range m.Routers {
		review, err := m.Shop.Vouchers.RouterReview(ctx, id, "")
		m.Must(err)
		if n := len(review.Lines); n > 0 {
			m.Errorf("%s: %d users differ still: %+v", id, n, review.Lines[0])
		}
		for name, row := range m.marked(id) {
			if row["disabled"] != "true" {
				holders[name] = append(holders[name], id)
			}
		}
	}
	for _, g := range m.all {
		v, found := m.voucherOf(g)
		if !found {
			continue
		}
		router, err := m.Store.Router(ctx, v.RouterID)
		m.Must(err)
		_, want := voucher.Wanted(m.Shop.Vouchers.FactsOf(m.Order(g.order)), m.Clock.Now())
		have := holders[g.order.Username]
		switch {
		case v.State.Ended() && len(have) > 0:
			m.Errorf("%s is %s and let in by %v", v.Username, v.State, have)
		case !v.State.Ended() && want == voucher.WantEnabled && !slices.Equal(have, []string{v.RouterID}):
			m.Errorf("%s is %s on %s, let in by %v", v.Username, v.State, router.ID, have)
		}
		if row := m.marked(v.RouterID)[v.Username]; row != nil && len(have) == 1 {
			if _, b := hotspot.SplitBound(row["comment"]); !v.ValidUntil.IsZero() && b.EndsAt != v.ValidUntil.Unix() {
				m.Errorf("%s: the router ends it at %d, the books at %s", v.Username, b.EndsAt, v.ValidUntil)
			}
		}
	}
}

// agreeGateway: every payment of the gateway has its row, none is open, and the rows add up to
// the revenue report.
func (m *month) agreeGateway() {
	m.Helper()
	ctx := context.Background()
	rows := map[string]store.ReconciliationRow{}
	m.Must(m.Store.EachReconciliation(ctx, store.ReconciliationFilter{}, func(r store.ReconciliationRow) error {
		rows[r.Subject] = r
		if r.IsOpen() {
			m.Errorf("open at the end: %+v", r)
		}
		return nil
	}))
	var took int64
	for _, p := range m.Xendit.Payments() {
		if p.PaidAmount == 0 {
			continue
		}
		took += p.PaidAmount
		if r, found := rows["payment:xendit:"+p.PaymentRequestID]; !found || int64(r.There) != p.PaidAmount {
			m.Errorf("%s of %d at the gateway: %v %+v", p.ReferenceID, p.PaidAmount, found, r)
		}
	}
	from, to := report.DayOf(m.all[0].order.CreatedAt, m.Shop.Zone).Add(-1), report.DayOf(m.Clock.Now(), m.Shop.Zone)
	t, err := m.Store.ReconciliationTotals(ctx, store.ReconciliationFilter{From: from, To: to})
	m.Must(err)
	books, err := m.Shop.Reports.Books(ctx, report.Filter{From: from, To: to, Test: !m.Shop.Live()})
	m.Must(err)
	if sum := report.Total(books.Cells, nil); t.In != sum.In || t.Back != sum.Back || int64(t.In) != took {
		m.Errorf("the gateway took %d, rows say %s in and %s back, the report %s and %s", took, t.In, t.Back, sum.In, sum.Back)
	}
	for _, g := range m.all {
		if o := m.Order(g.order); o.Status == order.Paid {
			m.Errorf("%s is paid still: %s %s", o.Code, o.Attention, o.Problem)
		}
	}
}
