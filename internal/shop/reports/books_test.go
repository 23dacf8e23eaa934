package reports_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// ledger writes random business of the last days and remembers nothing: what
// must be reported is read back order by order.
type ledger struct {
	*shoptest.Harness
	rnd       *rand.Rand
	n         int
	orders    []order.ID
	unmatched []order.Payment
	paper     []store.Voucher // of the one batch
}

// when is an instant of the last ten days, often right beside midnight.
func (l *ledger) when() time.Time {
	now := l.Clock.Now()
	if l.rnd.IntN(3) == 0 {
		d := report.DayOf(now, l.Shop.Zone).Add(-l.rnd.IntN(10))
		return d.Start(l.Shop.Zone).Add(time.Duration(l.rnd.IntN(3)-1) * time.Millisecond)
	}
	return now.Add(-time.Duration(l.rnd.Int64N(int64(240 * time.Hour)))).Truncate(time.Millisecond)
}

func (l *ledger) write(fn func(tx *store.Tx) error) {
	l.Helper()
	if err := l.Store.InTx(ctx, actor.Named("test"), fn); err != nil {
		l.Fatal(err)
	}
}

// make writes a new order without money.
func (l *ledger) make() {
	l.n++
	plan := []string{"sehari", "sejam", "bulanan"}[l.rnd.IntN(3)]
	site := map[string]string{"sehari": "kopi", "sejam": "kopi", "bulanan": "kos"}[plan]
	at := l.when()
	code, err := order.NewCode(testRandom{l.rnd})
	if err != nil {
		l.Fatal(err)
	}
	o := order.Order{ID: order.ID(fmt.Sprintf("o%06d", l.n)), Code: code, Token: order.Token(fmt.Sprintf("%040d", l.n)), Nonce: fmt.Sprint("n", l.n), SiteID: site, Lang: "id",
		Item: order.Item{PlanID: plan, Name: plan, Price: 5000, Validity: time.Duration(l.rnd.IntN(3)) * 24 * time.Hour, ValidFrom: order.FromPurchase, SharedUsers: 1}, Total: 5000, Username: fmt.Sprint("u", l.n), Password: "234567", AttemptNo: 1, Test: true,
		Status: order.Pending, Flags: []order.Flag{order.FlagTest}, CreatedAt: at, ExpiresAt: at.Add(30 * time.Minute), Version: 1}
	l.write(func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) })
	l.orders = append(l.orders, o.ID)
}

type testRandom struct{ *rand.Rand }

func (r testRandom) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return len(b), nil
}

func (l *ledger) any() order.ID { return l.orders[l.rnd.IntN(len(l.orders))] }

// reconcile derives an order again, as shop does after every new fact.
func (l *ledger) reconcile(tx *store.Tx, id order.ID) error {
	o, f, err := tx.Facts(ctx, id)
	if err != nil {
		return err
	}
	v := order.Derive(f, tx.Now())
	o.Status, o.Flags, o.Attention, o.PaidAt = v.Status, v.Flags, v.Attention, v.PaidAt
	if v.Status == order.Expired && o.ExpiredAt.IsZero() {
		o.ExpiredAt = tx.Now()
	}
	if o.Status == order.Paid && o.ActivateAt.IsZero() {
		o.ActivateAt = tx.Now()
	}
	if o.Status == order.Refunded || o.Status == order.Expired {
		o.PaidAt = v.PaidAt
	}
	if f.Activation != nil {
		o.ActivatedAt = f.Activation.At
	}
	return tx.SaveOrder(ctx, o)
}

// hour is a whole hour near now: sums know to the hour when a voucher ends.
func (l *ledger) hour() time.Time {
	return l.Clock.Now().Add(time.Duration(1+l.rnd.IntN(100)) * time.Hour).Truncate(time.Hour)
}

// live moves a voucher's life on: it is made, used, lengthened or ended.
func (l *ledger) live() {
	id := l.any()
	o := l.Order(order.Order{ID: id})
	v, found, err := l.Store.Voucher(ctx, id)
	if err != nil {
		l.Fatal(err)
	}
	now := l.Clock.Now()
	l.write(func(tx *store.Tx) error {
		over := !v.ValidUntil.IsZero() && !v.ValidUntil.After(now)
		switch {
		case !found && o.Status == order.Paid:
			v = store.Voucher{ID: "v" + string(id), OrderID: id, SiteID: o.SiteID, PlanID: o.Item.PlanID, RouterID: "pojok", Username: o.Username, State: voucher.Sold, SoldAt: now}
			if l.rnd.IntN(3) > 0 {
				v.ValidUntil = l.hour()
			}
			if _, err := tx.InsertVoucher(ctx, v, time.Time{}); err != nil {
				return err
			}
			return l.reconcile(tx, id)
		case !found || (v.State != voucher.Sold && v.State != voucher.Active):
			return nil
		case over:
			_, err := tx.EndVoucher(ctx, v)
			return err
		case v.State == voucher.Sold && l.rnd.IntN(2) == 0:
			v.State, v.FirstLoginAt = voucher.Active, now
			_, err := tx.SaveVoucher(ctx, v, voucher.Sold)
			return err
		case l.rnd.IntN(2) == 0:
			_, err := tx.MoveVoucherEnd(ctx, v, l.hour())
			return err
		}
		from := v.State
		v.State, v.EndedAt = voucher.Disabled, now
		_, err := tx.SaveVoucher(ctx, v, from)
		return err
	})
}

// onPaper lets a voucher of a batch show itself; the batch is made when it is
// first needed, and now and then ended.
func (l *ledger) onPaper() {
	item := order.Item{PlanID: "sehari", Name: "sehari", Price: 5000, Validity: 24 * time.Hour, ValidFrom: order.FromFirstLogin, SharedUsers: 1}
	l.write(func(tx *store.Tx) error {
		if l.paper == nil {
			b := store.Batch{ID: "b1", Code: "K7M4XQ", Nonce: "b", SiteID: "kopi", RouterID: "pojok", PlanID: "sehari", Item: item, Comment: "c", Count: 40, Drawn: 40,
				Codes: catalog.Codes{Mode: catalog.ModeSame, Charset: "abc", Length: 7}, State: voucher.BatchRunning, CreatedAt: tx.Now()}
			if err := tx.InsertBatch(ctx, b); err != nil {
				return err
			}
			for no := range b.Count {
				l.paper = append(l.paper, store.Voucher{ID: fmt.Sprintf("s%03d", no), SiteID: "kopi", PlanID: "sehari", RouterID: "pojok", Username: fmt.Sprintf("stock%03d", no), BatchID: "b1", No: no + 1, Password: "x"})
			}
			return tx.InsertStock(ctx, l.paper)
		}
		if l.rnd.IntN(12) == 0 {
			_, err := tx.DisableBatch(ctx, "b1", []voucher.State{voucher.Active})
			return err
		}
		at := l.when()
		_, err := tx.ActivateStock(ctx, l.paper[l.rnd.IntN(len(l.paper))], at, at.Add(24*time.Hour).Truncate(time.Hour))
		return err
	})
}

func (l *ledger) money(id order.ID) order.Payment {
	l.n++
	return order.Payment{Gateway: []string{"xendit", "counter"}[l.rnd.IntN(2)], Key: fmt.Sprintf("k%06d", 999_999-l.n), OrderID: id, AttemptNo: 1, Reference: fmt.Sprint("r", l.n),
		Method: []payments.Method{"qris", "va:BCA", "cash", "transfer"}[l.rnd.IntN(4)], Amount: []money.Rupiah{5000, 5000, 2500, 7000, 0}[l.rnd.IntN(5)],
		Currency: []string{"IDR", "IDR", "IDR", "USD"}[l.rnd.IntN(4)], PaidAt: l.when(), RecordedAt: l.Clock.Now()}
}

// act does one random thing.
func (l *ledger) act() {
	l.Helper()
	switch l.rnd.IntN(9) {
	case 6, 7:
		l.live()
	case 8:
		l.onPaper()
	case 0, 1:
		l.make()
	case 2, 3:
		id := l.any()
		p := l.money(id)
		if have, err := l.Store.Payments(ctx, id); err == nil && len(have) > 0 && l.rnd.IntN(4) == 0 {
			p.PaidAt = have[0].PaidAt // at the very same instant
		}
		l.write(func(tx *store.Tx) error {
			if _, _, err := tx.InsertPayment(ctx, p); err != nil {
				return err
			}
			return l.reconcile(tx, id)
		})
	case 4:
		if len(l.unmatched) > 0 && l.rnd.IntN(2) == 0 {
			p, id := l.unmatched[0], l.any()
			l.unmatched = l.unmatched[1:]
			l.write(func(tx *store.Tx) error {
				if _, err := tx.MatchPayment(ctx, p.Gateway, p.Key, id); err != nil {
					return err
				}
				return l.reconcile(tx, id)
			})
			return
		}
		p := l.money("")
		l.unmatched = append(l.unmatched, p)
		l.write(func(tx *store.Tx) error { _, _, err := tx.InsertPayment(ctx, p); return err })
	case 5:
		id := l.any()
		have, err := l.Store.Payments(ctx, id)
		if err != nil {
			l.Fatal(err)
		}
		if len(have) == 0 {
			return
		}
		done := l.when()
		l.n++
		f := order.Refund{ID: fmt.Sprint("f", l.n), OrderID: id, PaymentKey: have[0].Key, Amount: money.Rupiah(1 + l.rnd.IntN(5000)), Reason: []order.RefundReason{order.RefundStaff, order.RefundExcess, order.RefundLate}[l.rnd.IntN(3)], DueAt: done.Add(-time.Hour), DoneAt: done}
		l.write(func(tx *store.Tx) error {
			if fresh, err := tx.InsertRefund(ctx, f); err != nil || !fresh {
				return err
			}
			return l.reconcile(tx, id)
		})
	}
}

// naive adds everything up without any SQL but the plainest.
func (l *ledger) naive() []report.Cell {
	l.Helper()
	counts := map[report.Cell]int64{}
	now := l.Clock.Now()
	come := func(v store.Voucher) report.Redeem {
		over := !v.EndedAt.IsZero() || (!v.ValidUntil.IsZero() && !v.ValidUntil.After(now))
		return map[[2]bool]report.Redeem{{false, false}: report.Unused, {true, false}: report.Active, {true, true}: report.Spent, {false, true}: report.Lapsed}[[2]bool{!v.FirstLoginAt.IsZero(), over}]
	}
	var life report.Redeem
	add := func(kind report.Kind, at time.Time, o order.Order, m payments.Method, amount money.Rupiah) {
		counts[report.Cell{Day: report.DayOf(at, l.Shop.Zone), Kind: kind, SiteID: o.SiteID, PlanID: o.Item.PlanID, Method: m, Test: o.Test, Amount: amount, Validity: o.Item.Validity, Redeem: life}]++
	}
	for _, v := range l.paper {
		v, err := l.Store.VoucherByID(ctx, v.ID)
		if err != nil {
			l.Fatal(err)
		}
		if life = come(v); !v.SoldAt.IsZero() {
			add(report.Handed, v.SoldAt, order.Order{SiteID: v.SiteID, Item: order.Item{PlanID: v.PlanID, Validity: 24 * time.Hour}}, report.Paper, 5000)
		}
	}
	for _, id := range l.orders {
		o, f, err := l.Store.Facts(ctx, id)
		if err != nil {
			l.Fatal(err)
		}
		v, found, err := l.Store.Voucher(ctx, id)
		if err != nil {
			l.Fatal(err)
		}
		if life = ""; found {
			life = come(v)
			first := payments.Method("")
			for _, p := range f.Payments {
				if first == "" || p.Method < first {
					first = p.Method
				}
			}
			add(report.Handed, v.SoldAt, o, first, o.Total)
		}
		methods := map[string]payments.Method{}
		var full []order.Payment
		for _, p := range f.Payments {
			methods[p.Key] = p.Method
			if p.Currency != "IDR" || p.Amount <= 0 {
				continue
			}
			add(report.In, p.PaidAt, o, p.Method, p.Amount)
			if p.PaidAt.Equal(o.PaidAt) {
				full = append(full, p)
			}
		}
		slices.SortFunc(full, func(a, b order.Payment) int {
			if a.Gateway != b.Gateway {
				return map[bool]int{true: -1, false: 1}[a.Gateway < b.Gateway]
			}
			return map[bool]int{true: -1, false: 1}[a.Key < b.Key]
		})
		if len(full) > 0 {
			add(report.Sold, o.PaidAt, o, full[0].Method, o.Total)
		}
		for _, r := range f.Refunds {
			if !r.DoneAt.IsZero() {
				add(report.Back, r.DoneAt, o, methods[r.PaymentKey], r.Amount)
			}
		}
	}
	life = ""
	strays, err := l.Store.UnmatchedPayments(ctx)
	if err != nil {
		l.Fatal(err)
	}
	for _, p := range strays {
		if p.Currency == "IDR" && p.Amount > 0 {
			add(report.In, p.PaidAt, order.Order{}, p.Method, p.Amount)
		}
	}
	out := make([]report.Cell, 0, len(counts))
	for c, n := range counts {
		c.N = n
		out = append(out, c)
	}
	return out
}

// without are the cells that others lack.
func without(cells, others []report.Cell) []report.Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c report.Cell) bool { return slices.Contains(others, c) })
}
