package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
)

// voucherLists are the statements of the lists of vouchers and batches, one for
// each filter of the panel: alone, and with a page already turned.
func voucherLists() []string {
	filters := []store.VoucherFilter{{Name: "ABC"}, {BatchID: "b7"}, {OutletID: "ot"}, {PlanID: "p1"}, {PlanID: "p1", OutletID: "ot"}, {BatchID: "b7", Sites: []string{"s1"}}, {}}
	var out []string
	for _, f := range filters {
		f.Limit = 50
		for _, before := range []string{"", "v0000100"} {
			f.Before = before
			site := ""
			if f.Name+f.BatchID+f.OutletID+f.PlanID == "" {
				site = "s1"
			}
			states := []voucher.State{voucher.Stock, voucher.Disabled}
			if f.Name != "" {
				states = []voucher.State{""}
			}
			for _, state := range states {
				out = append(out, store.VoucherStatement(f, site, state))
			}
		}
	}
	for _, site := range []string{"", "s1"} {
		out = append(out, store.BatchStatement(site, ""), store.BatchStatement(site, "b1"))
	}
	return out
}

// stockRows writes what an order has beside: a pass, an extension, and with
// every eighth one a batch of vouchers that was printed; see fill.
func stockRows(tx *store.Tx, o, before string, i int) error {
	if before != "" {
		if _, err := tx.InsertExtension(ctx, store.Extension{OrderID: order.ID(o), VoucherOrder: order.ID(before), RouterID: "r1", Username: "u", At: tx.Now()}); err != nil {
			return err
		}
	}
	if _, err := tx.InsertPass(ctx, store.Pass{OrderID: order.ID(o), SiteID: "s1", RouterID: "r1", MAC: fmt.Sprintf("AA:BB:CC:00:%02X:%02X", i/256, i%256), Username: "gp-" + o,
		StartedAt: tx.Now(), EndsAt: tx.Now().Add(time.Minute)}); err != nil {
		return err
	}
	if i%8 != 0 {
		return nil
	}
	b := store.Batch{ID: fmt.Sprintf("b%07d", i), Code: fmt.Sprintf("B%05d", i), Nonce: "nonce" + o, SiteID: "s1", RouterID: "r1", PlanID: fmt.Sprint("p", i%7), Comment: "x", Count: 8,
		Codes: catalog.Codes{Mode: catalog.ModeSame, Length: 8}, State: voucher.BatchDone, CreatedAt: tx.Now(), DoneAt: tx.Now()}
	if err := tx.InsertBatch(ctx, b); err != nil {
		return err
	}
	var ids []string
	var all []store.Voucher
	for n := range 8 {
		v := store.Voucher{ID: fmt.Sprintf("v%07d-%d", i, n), SiteID: "s1", PlanID: b.PlanID, RouterID: "r1", Username: fmt.Sprintf("s%07d-%d", i, n), BatchID: b.ID, No: n + 1, Password: "x"}
		all, ids = append(all, v), append(ids, v.ID)
	}
	if err := tx.InsertStock(ctx, all); err != nil {
		return err
	}
	if err := tx.MarkMade(ctx, ids); err != nil {
		return err
	}
	if i > 0 { // most of a shop's vouchers are not ready for sale
		if _, err := tx.DisableBatch(ctx, b.ID, []voucher.State{voucher.Stock}); err != nil {
			return err
		}
	}
	_, _, err := tx.InsertPrint(ctx, store.Print{ID: "pr" + o, BatchID: b.ID, Nonce: "pr" + o, First: 1, Last: 8, Format: "page", Actor: "staff:siti", At: tx.Now()})
	return err
}

// A list that is merged from several walks is one list: nothing twice, nothing
// left out, newest first, whatever the page size.
func TestFindingVouchersPageByPage(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		f.Write(func(tx *store.Tx) error {
			for i := range 24 {
				o := f.Order()
				if err := tx.InsertOrder(ctx, o); err != nil {
					return err
				}
				if err := stockRows(tx, string(o.ID), "", i); err != nil {
					return err
				}
				if _, err := tx.InsertVoucher(ctx, soldVoucher(o, i), time.Time{}); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			filter store.VoucherFilter
			want   int
		}{{store.VoucherFilter{}, 48}, {store.VoucherFilter{Sites: []string{"s1"}}, 48}, {store.VoucherFilter{Sites: []string{"s2"}}, 0}, {store.VoucherFilter{State: voucher.Sold}, 24},
			{store.VoucherFilter{PlanID: "p1"}, 32}, {store.VoucherFilter{BatchID: "b0000008"}, 8}, {store.VoucherFilter{Name: "S0000008-3"}, 1},
			{store.VoucherFilter{Name: "s0000008-3", State: voucher.Stock}, 0}} {
			var ids []string
			for c.filter.Limit = 7; ; c.filter.Before = ids[len(ids)-1] {
				page, err := f.FindVouchers(ctx, c.filter)
				f.Must(err)
				for _, v := range page {
					ids = append(ids, v.ID)
				}
				if len(page) < 7 {
					break
				}
			}
			falling := slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) })
			if len(ids) != c.want || !falling || len(slices.Compact(ids)) != c.want {
				t.Errorf("%+v: %d vouchers, want %d: %v", c.filter, len(ids), c.want, ids)
			}
		}
		all, err := f.ListBatches(ctx, []string{"s1"}, "", 2)
		if err != nil || len(all) != 2 || all[0].ID != "b0000016" {
			t.Fatal(all, err)
		}
		if more, err := f.ListBatches(ctx, nil, all[1].ID, 2); err != nil || len(more) != 1 || more[0].ID != "b0000000" {
			t.Fatal(more, err)
		}
	})
}
