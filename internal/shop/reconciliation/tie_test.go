package reconciliation_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/payments"
)

// business writes random money of some days straight into the books: of orders and of none,
// in other currencies, given up, given back, right beside midnight.
type business struct {
	*shoptest.Harness
	rnd    *rand.Rand
	first  report.Day
	n      int
	orders []order.Order
	paid   []order.Payment
	claims []string // of the counter
}

func (b *business) write(fn func(tx *store.Tx) error) {
	b.Helper()
	b.Must(b.Store.InTx(ctx, actor.Named("test"), fn))
}

func (b *business) when() time.Time {
	at := b.first.Add(b.rnd.IntN(12)).Start(b.Shop.Zone)
	if b.rnd.IntN(3) == 0 {
		return at.Add(time.Duration(b.rnd.IntN(3)-1) * time.Millisecond)
	}
	return at.Add(time.Duration(b.rnd.Int64N(int64(24 * time.Hour)))).Truncate(time.Millisecond)
}

func (b *business) pay() {
	b.n++
	p := order.Payment{Gateway: "xendit", Key: fmt.Sprint("pr-", b.n), Reference: fmt.Sprint("R-", b.n), Method: payments.QRIS, Amount: money.Rupiah(1000 * (1 + b.rnd.IntN(9))), Currency: "IDR", PaidAt: b.when(), RecordedAt: b.Clock.Now()}
	switch b.rnd.IntN(8) {
	case 0:
		p.Gateway, p.Method = "counter", payments.Cash
	case 1:
		p.Currency = "USD"
	case 2:
		p.Amount = 0
	case 3:
		p.Method = payments.VA("BCA")
	}
	if b.rnd.IntN(5) > 0 {
		p.OrderID = b.orders[b.rnd.IntN(len(b.orders))].ID
	}
	b.write(func(tx *store.Tx) error { _, _, err := tx.InsertPayment(ctx, p); return err })
	b.paid = append(b.paid, p)
	if b.rnd.IntN(4) > 0 && p.Gateway == "xendit" && p.Currency == "IDR" { // the gateway has it too, or something near it
		x := payments.Transaction{ID: "txn-" + p.Key, Type: payments.PaymentTransaction, Status: payments.TransactionDone, ChargeID: p.Key, Reference: p.Reference, Method: p.Method, In: true,
			Amount: max(p.Amount-money.Rupiah(b.rnd.IntN(6)/5), 0), Currency: "IDR", CreatedAt: p.PaidAt.Add(time.Duration(b.rnd.IntN(3)) * time.Second)}
		b.write(func(tx *store.Tx) error { return tx.KeepTransactions(ctx, "xendit", []payments.Transaction{x}) })
	}
}

func (b *business) giveBack() {
	p := b.paid[b.rnd.IntN(len(b.paid))]
	b.n++
	f := order.Refund{ID: fmt.Sprint("f", b.n), OrderID: p.OrderID, Gateway: p.Gateway, PaymentKey: p.Key, Amount: 500, Reason: order.RefundStaff, DueAt: b.Clock.Now(), DoneAt: b.when()}
	if b.rnd.IntN(2) == 0 {
		f.Reason, f.GatewayID = order.RefundExternal, fmt.Sprint("rfd-", b.n)
	}
	b.write(func(tx *store.Tx) error { _, err := tx.InsertRefund(ctx, f); return err })
}

// writeOff gives up a transfer of the counter, whose money was never seen.
func (b *business) writeOff() {
	for _, key := range b.claims {
		b.write(func(tx *store.Tx) error { _, err := tx.WriteOff(ctx, key); return err })
	}
	b.claims = nil
}

// claim sells by a transfer that may never come.
func (b *business) claim() {
	b.n++
	o := b.orders[b.rnd.IntN(len(b.orders))]
	c := store.CounterPayment{Key: fmt.Sprint("claim-", b.n), OrderID: o.ID, Method: payments.Transfer, Amount: 3000, Given: 3000, Reference: fmt.Sprint("BRI ", b.n), StaffID: "s", StaffName: "siti", TakenAt: b.when()}
	b.write(func(tx *store.Tx) error {
		if _, err := tx.InsertCounterPayment(ctx, c); err != nil {
			return err
		}
		_, _, err := tx.InsertPayment(ctx, order.Payment{Gateway: "counter", Key: c.Key, OrderID: o.ID, Method: c.Method, Amount: c.Amount, Currency: "IDR", PaidAt: c.TakenAt, RecordedAt: tx.Now()})
		return err
	})
	b.claims = append(b.claims, c.Key)
}

// compareAll compares every day of the business.
func (b *business) compareAll() {
	b.Helper()
	b.Must(b.Shop.Reconciliation.Run(ctx, actor.Named("test"), b.first.Add(-1), b.first.Add(13)))
	for range 3 {
		b.RunAll()
		b.Clock.Add(31 * time.Second)
	}
}

// Whatever was written, before a comparison or after it: the rows say to the rupiah what
// the revenue report says, day by day and altogether, also about months that are closed.
func TestRowsTieToTheRevenueReport(t *testing.T) {
	rounds := 3
	if testing.Short() {
		rounds = 1
	}
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		for seed := range rounds {
			b := &business{Harness: k, rnd: rand.New(rand.NewPCG(uint64(seed), 1)), first: report.Day("2026-11-24").Add(40 * seed), n: 1000 * seed}
			for range 5 {
				b.orders = append(b.orders, k.BuyOne())
			}
			k.Clock.Set(b.first.Add(20).Start(k.Shop.Zone))
			for range 60 {
				b.pay()
				switch b.rnd.IntN(6) {
				case 0:
					b.giveBack()
				case 1:
					b.claim()
				}
			}
			b.compareAll()
			wantTie(k, b.first.Add(-1), b.first.Add(13))
			for m := reconcile.MonthOf(b.first); m < reconcile.MonthOf(b.first.Add(13)); m = m.Next() {
				forceClosed(k, m)
			}
			for range 20 {
				switch b.rnd.IntN(4) {
				case 0:
					b.pay()
				case 1:
					b.giveBack()
				default:
					b.writeOff()
				}
			}
			b.compareAll()
			wantTie(k, b.first.Add(-1), b.first.Add(13))
			b.compareAll() // a second time changes nothing
			wantTie(k, b.first.Add(-1), b.first.Add(13))
		}
	})
}

// forceClosed closes a month as it is, with whatever is open in it.
func forceClosed(k *shoptest.Harness, m reconcile.Month) {
	k.Helper()
	k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		if _, err := tx.LockMonths(ctx, []reconcile.Month{m}); err != nil {
			return err
		}
		return tx.CloseMonth(ctx, store.ReconciliationMonth{Month: m, ClosedBy: "test", Why: "test"})
	}))
}
