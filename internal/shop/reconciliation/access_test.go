package reconciliation_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/shop/reconciliation"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// access are the rows about vouchers on routers, the oldest first.
func access(k *shoptest.Harness) (out []store.ReconciliationRow) {
	k.Helper()
	for _, r := range rows(k) {
		if r.Kind == reconcile.AccessRow {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b store.ReconciliationRow) int { return a.At.Compare(b.At) })
	return out
}

// wantAccess fails unless there are rows of these states, the oldest first.
func wantAccess(k *shoptest.Harness, want ...reconcile.State) []store.ReconciliationRow {
	k.Helper()
	k.Must(k.Shop.Reconciliation.Schedule(ctx))
	got := access(k)
	states := []reconcile.State{}
	for _, r := range got {
		states = append(states, r.State)
	}
	if !slices.Equal(states, want) {
		k.Fatalf("%v, want %v: %+v", states, want, got)
	}
	return got
}

// removed is a sale whose user was removed from its router by hand.
func removed(k *shoptest.Harness) order.Order {
	k.Helper()
	k.Clock.Add(time.Hour) // the router started long ago
	o := k.Bought()
	k.Review()
	takeAway(k, o)
	return o
}

func takeAway(k *shoptest.Harness, o order.Order) {
	k.Helper()
	k.Must(k.RemoveUser("pojok", o.Username))
	k.Review()
}

func TestVouchersOnRouters(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a difference has a row until it is gone", Test: func(t *testing.T, k *shoptest.Harness) {
			o := removed(k)
			r := wantAccess(k, reconcile.AccessDiffers)[0]
			kinds, why := r.Access()
			if !r.IsOpen() || r.OrderID != o.ID || r.VoucherID != k.VoucherOf(o).ID || r.RouterID != "pojok" || r.SiteID != o.SiteID || r.Reference != o.Username || r.Day != firstDay || r.Act() != reconcile.ToVoucher ||
				kinds != string(voucher.DiffMissing) || why != "removed" || r.There != 0 || r.Here != 0 {
				t.Errorf("%+v", r)
			}
			changed := r.ChangedAt
			k.Clock.Add(time.Minute)
			if again := wantAccess(k, reconcile.AccessDiffers)[0]; again.ID != r.ID || !again.ChangedAt.Equal(changed) || !again.OpenedAt.Equal(r.OpenedAt) {
				t.Errorf("written again: %+v", again)
			}
			k.Must(k.PutBack(o))
			if over := wantAccess(k, reconcile.Corrected)[0]; over.IsOpen() || over.ID != r.ID || over.Day != firstDay {
				t.Errorf("%+v", over)
			}
			k.Review()
			takeAway(k, o)
			both := wantAccess(k, reconcile.Corrected, reconcile.AccessDiffers)
			if !both[1].IsOpen() || both[1].VoucherID != r.VoucherID {
				t.Errorf("%+v", both)
			}
			night(k)
			wantTie(k, firstDay, firstDay.Add(1))
			wantAccess(k, reconcile.Corrected, reconcile.AccessDiffers)
			k.Must(k.PutBack(o))
		}},
		{Name: "the night compares them too", Test: func(t *testing.T, k *shoptest.Harness) {
			o := removed(k)
			k.Must(k.Shop.Reconciliation.Run(ctx, k.Staff("admin"), firstDay, firstDay))
			k.RunAll()
			if got := access(k); len(got) != 1 || got[0].State != reconcile.AccessDiffers {
				t.Errorf("%+v", got)
			}
			k.Must(k.PutBack(o))
		}},
		{Name: "what a person explained is closed until it differs in another way", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := removed(k)
			r := wantAccess(k, reconcile.AccessDiffers)[0]
			k.Must(k.Shop.Reconciliation.Explain(ctx, admin, r.ID, "router diganti besok"))
			k.Review()
			if r = wantAccess(k, reconcile.AccessDiffers)[0]; r.IsOpen() || r.Why != "router diganti besok" {
				t.Errorf("%+v", r)
			}
			k.Must(k.Store.InTx(ctx, admin, func(tx *store.Tx) error {
				return tx.NoteUserDifference(ctx, store.UserDifference{VoucherID: k.VoucherOf(o).ID, RouterID: "pojok", Kinds: string(voucher.DiffLimits), Why: "repeated"})
			}))
			if r = wantAccess(k, reconcile.AccessDiffers)[0]; !r.IsOpen() || r.Why != "" {
				t.Errorf("another difference is closed too: %+v", r)
			}
			k.Must(k.PutBack(o))
		}},
		{Name: "looked at again on demand", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := removed(k)
			r := wantAccess(k, reconcile.AccessDiffers)[0]
			k.Must(k.Shop.Reconciliation.AskAgain(ctx, admin, r.ID))
			if days, err := k.Store.ReconciliationDays(ctx, firstDay, firstDay); err != nil || len(days) != 0 {
				t.Errorf("the gateway is asked about a router: %+v %v", days, err)
			}
			k.Must(k.PutBack(o))
			k.Must(k.Shop.Reconciliation.AskAgain(ctx, admin, r.ID))
			if got := access(k); len(got) != 1 || got[0].State != reconcile.Corrected {
				t.Errorf("%+v", got)
			}
			k.WantCode(k.Shop.Reconciliation.AskAgain(ctx, admin, r.ID), "reconciliation.row_done")
		}},
		{Name: "routers that are not in use have none", Test: func(t *testing.T, k *shoptest.Harness) {
			o := removed(k)
			wantAccess(k, reconcile.AccessDiffers)
			all, err := k.Shop.Reconciliation.Routers(ctx)
			if i := slices.IndexFunc(all, func(r reconciliation.RouterView) bool { return r.ID == "pojok" }); err != nil || i < 0 || !all[i].Seen || all[i].Left != 1 {
				t.Errorf("%+v %v", all, err)
			}
			admin := k.Staff("admin")
			for _, x := range []struct {
				gone time.Time
				want reconcile.State
			}{{k.Clock.Now(), reconcile.Corrected}, {time.Time{}, reconcile.AccessDiffers}} {
				k.Must(k.Store.InTx(ctx, admin, func(tx *store.Tx) error { return tx.SetRouterDeleted(ctx, "pojok", x.gone) }))
				wantAccess(k, x.want)
			}
			k.Must(k.PutBack(o))
		}},
		{Name: "a month waits for them, and is then left alone", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := removed(k)
			k.RunAll()
			night(k)
			december(k, "2026-12-03")
			r := access(k)[0]
			k.WantCode(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)), "reconciliation.month_open")
			k.Must(k.Shop.Reconciliation.Explain(ctx, admin, r.ID, "router diganti"))
			k.Must(k.Shop.Reconciliation.CloseMonth(ctx, closing(admin)))
			before := ofMonth(k, "2026-11")
			k.Must(k.PutBack(o))
			work(k)
			if after := ofMonth(k, "2026-11"); !reflect.DeepEqual(before, after) {
				t.Errorf("a closed month changed:\n%+v\n%+v", before, after)
			}
			k.Review()
			takeAway(k, o)
			if got := access(k); len(got) != 1 {
				t.Errorf("%+v", got)
			}
			if got := wantAccess(k, reconcile.AccessDiffers, reconcile.AccessDiffers)[1]; got.Month != "2026-12" || !got.IsOpen() {
				t.Errorf("%+v", got)
			}
			k.Must(k.PutBack(o))
		}},
	})
}
