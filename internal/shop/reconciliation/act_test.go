package reconciliation_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

// lost is a sale that the gateway's list leaves out.
func lost(k *shoptest.Harness) (order.Order, store.ReconciliationRow) {
	k.Helper()
	o := k.Bought()
	k.Xendit.SetFaults(xenditsim.Faults{HideTransactions: []string{k.Reference(o)}})
	night(k)
	return o, wantState(k, o, reconcile.MissingThere)
}

func TestOpenRows(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "have an owner, notes, and end with a reason", Test: func(t *testing.T, k *shoptest.Harness) {
			admin, siti := k.Staff("admin"), k.Staff("siti")
			o, r := lost(k)
			k.Must(k.Shop.Reconciliation.Assign(ctx, admin, r.ID, siti.ID))
			k.Must(k.Shop.Reconciliation.Assign(ctx, admin, r.ID, siti.ID))
			k.WantCode(k.Shop.Reconciliation.Assign(ctx, admin, r.ID, "nobody"), "reconciliation.owner")
			k.WantCode(k.Shop.Reconciliation.Assign(ctx, admin, "nothing", siti.ID), "reconciliation.row_not_found")
			k.Must(k.Shop.Reconciliation.Note(ctx, siti, r.ID, " saya tanya Xendit "))
			for _, bad := range []string{"", "  ", strings.Repeat("x", 501), "a\x00"} {
				k.WantCode(k.Shop.Reconciliation.Note(ctx, siti, r.ID, bad), "reconciliation.note")
			}
			notes, err := k.Store.ReconciliationNotes(ctx, r.ID)
			if err != nil || len(notes) != 1 || notes[0].Text != "saya tanya Xendit" || notes[0].StaffName != "siti" {
				t.Errorf("%+v %v", notes, err)
			}
			k.WantCode(k.Shop.Reconciliation.Explain(ctx, admin, r.ID, "x"), "confirm.reason")
			k.Must(k.Shop.Reconciliation.Explain(ctx, admin, r.ID, "dipastikan lewat mutasi bank"))
			k.WantCode(k.Shop.Reconciliation.Explain(ctx, admin, r.ID, "dipastikan lewat mutasi bank"), "reconciliation.row_done")
			k.WantCode(k.Shop.Reconciliation.Assign(ctx, admin, r.ID, ""), "reconciliation.row_done")
			night(k)
			if r = rowOf(k, o); r.IsOpen() || r.ClosedBy != "staff:admin" || r.Why != "dipastikan lewat mutasi bank" || r.OwnerID != siti.ID {
				t.Errorf("a night undid it: %+v", r)
			}
			if trail := strings.Join(k.Audits("reconciliation:"+r.ID), "\n"); strings.Count(trail, "\n") != 2 || strings.Contains(trail, "tanya Xendit") {
				t.Error(trail)
			}
			k.Xendit.SetFaults(xenditsim.Faults{TransactionAmount: -1})
			night(k)
			if r = wantState(k, o, reconcile.AmountDiffers); !r.IsOpen() || r.Why != "" {
				t.Errorf("another difference is closed too: %+v", r)
			}
		}},
		{Name: "are looked up again on demand", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o, r := lost(k)
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Must(k.Shop.Reconciliation.AskAgain(ctx, admin, r.ID))
			k.Clock.Add(11 * time.Second)
			k.RunAll()
			wantState(k, o, reconcile.Matched)
			k.WantCode(k.Shop.Reconciliation.AskAgain(ctx, admin, r.ID), "reconciliation.row_done")
			k.WantCode(k.Shop.Reconciliation.Run(ctx, admin, "2026-11-26", "2026-11-24"), "reconciliation.range")
			k.WantCode(k.Shop.Reconciliation.Run(ctx, admin, "2026-01-01", "2026-11-24"), "reconciliation.range")
		}},
	})
}
