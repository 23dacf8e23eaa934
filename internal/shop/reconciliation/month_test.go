package reconciliation_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/reconciliation"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments"
)

// closing is a confirmed wish to close November.
func closing(by actor.Actor) reconciliation.CloseIn {
	return reconciliation.CloseIn{Month: "2026-11", Typed: "2026-11", Reason: "sudah dicocokkan", Actor: by}
}

// december lets the nights until some day of December come and go.
func december(k *shoptest.Harness, day report.Day) {
	k.Helper()
	k.Clock.Set(day.Start(k.Shop.Zone).Add(3 * time.Hour))
	work(k)
}

func ofMonth(k *shoptest.Harness, m reconcile.Month) (out []store.ReconciliationRow) {
	k.Helper()
	k.Must(k.Store.EachReconciliation(ctx, store.ReconciliationFilter{Month: m}, func(r store.ReconciliationRow) error {
		out = append(out, r)
		return nil
	}))
	return out
}

func TestMonthIsClosed(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "and changes no more", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			k.Bought()
			in := k.SaleForm(siti)
			in.Method, in.Reference, in.Given = payments.Transfer, "BRI-77", 0
			transfer, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			night(k)
			k.WantCode(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)), "reconciliation.month_running")
			december(k, "2026-12-01")
			open := wantState(k, transfer, reconcile.Unconfirmed)
			k.WantCode(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)), "reconciliation.month_open")
			k.Must(k.Shop.Reconciliation.Explain(ctx, admin, open.ID, "pelanggan membayar besok"))
			for code, change := range map[string]func(*reconciliation.CloseIn){"confirm.typed": func(c *reconciliation.CloseIn) { c.Typed = "2026-10" }, "confirm.reason": func(c *reconciliation.CloseIn) { c.Reason = "" },
				"reconciliation.month_not_found": func(c *reconciliation.CloseIn) { c.Month, c.Typed = "2026-10", "2026-10" }} {
				c := closing(admin)
				change(&c)
				k.WantCode(k.Shop.Reconciliation.CloseMonth(ctx, c), code)
			}
			k.Must(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)))
			k.WantCode(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)), "reconciliation.month_closed")
			before := ofMonth(k, "2026-11")
			m, err := k.Shop.Reconciliation.Month(ctx, "2026-11")
			if err != nil || m.ClosedBy != "staff:admin" || m.Why != "sudah dicocokkan" || m.Figures.In != 10_000 || m.Figures.GatewayIn != 5000 || m.Figures.Fee != 35 || m.Figures.Rows != 2 {
				t.Fatalf("%+v %v", m, err)
			}
			if trail := k.Audits("month:2026-11"); len(trail) != 1 {
				t.Error(trail)
			}

			// The transfer never comes, and a payment of November is found in December.
			c, err := k.Store.CounterPayments(ctx, transfer.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c[0], admin)))
			late := order.Payment{Gateway: "counter", Key: "found-later", Method: payments.Cash, Amount: 4000, Currency: "IDR", PaidAt: shoptest.Start.Add(time.Hour), RecordedAt: k.Clock.Now()}
			k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { _, _, err := tx.InsertPayment(ctx, late); return err }))
			night(k)
			k.Must(k.Shop.Reconciliation.Run(ctx, admin, "2026-11-24", "2026-11-30"))
			work(k)
			if after := ofMonth(k, "2026-11"); !reflect.DeepEqual(before, after) {
				t.Errorf("the closed month changed:\n%+v\n%+v", before, after)
			}
			again, err := k.Shop.Reconciliation.Month(ctx, "2026-11")
			if err != nil || m.ReconciliationMonth != again.ReconciliationMonth || m.State != again.State || !errors.Is(again.May, m.May) {
				t.Errorf("%+v %v", again, err)
			}
			carried := map[string]store.ReconciliationRow{}
			for _, r := range ofMonth(k, "2026-12") {
				carried[r.Subject] = r
			}
			if r := carried["payment:counter:"+c[0].Key]; len(carried) != 2 || r.Here != -5000 || r.State != reconcile.WrittenOff || r.Day != firstDay {
				t.Errorf("%+v", carried)
			}
			if r := carried["payment:counter:found-later"]; r.Here != 4000 || r.Day != firstDay {
				t.Errorf("%+v", r)
			}
			wantTie(k, firstDay, "2026-12-02")
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, c[0].Key, false)) // it came after all
			night(k)
			for _, r := range ofMonth(k, "2026-12") {
				if r.Subject != "payment:counter:found-later" {
					t.Errorf("%+v", r)
				}
			}
			wantTie(k, firstDay, "2026-12-03")
		}},
		{Name: "only when its money is settled and its days were compared", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			k.Clock.Set(report.Day("2026-11-30").Start(k.Shop.Zone).Add(12 * time.Hour))
			o := k.Bought()
			december(k, "2026-12-01")
			k.WantCode(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)), "reconciliation.month_unsettled")
			wantState(k, o, reconcile.Matched)
			k.Xendit.SetFaults(xenditsim.Faults{GetDown: true})
			k.Must(k.Shop.Reconciliation.Run(ctx, admin, "2026-11-30", "2026-11-30"))
			k.RunAll()
			k.Xendit.SetFaults(xenditsim.Faults{})
			december(k, "2026-12-03")
			k.Must(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)))
			// A reversal after that stands in the month it is found in.
			k.Xendit.SetFaults(xenditsim.Faults{TransactionAmount: -5000})
			k.Must(k.Shop.Reconciliation.Run(ctx, admin, "2026-11-30", "2026-11-30"))
			work(k)
			r := ofMonth(k, "2026-12")
			if len(r) != 1 || r[0].State != reconcile.AmountDiffers || r[0].There != -5000 || r[0].Here != 0 || !r[0].IsOpen() {
				t.Errorf("%+v", r)
			}
		}},
		{Name: "once, by one of two", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Bought()
			december(k, "2026-12-05")
			admin := k.Staff("admin")
			codes := make([]string, 4)
			shoptest.Each(len(codes), func(i int) {
				codes[i] = shoptest.CodeOf(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)))
			})
			slices.Sort(codes)
			if !slices.Equal(codes, []string{"", "reconciliation.month_closed", "reconciliation.month_closed", "reconciliation.month_closed"}) {
				t.Error(codes)
			}
		}},
	})
}
