package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
	"gerai/payments"
)

// counterRows writes what the counter adds to an order; see fill.
func counterRows(tx *store.Tx, o order.Order, i int) error {
	shift := store.Shift{ID: fmt.Sprint("h", i/5), StaffID: "st", OpenedAt: o.CreatedAt}
	if i%5 == 0 {
		if _, err := tx.InsertShift(ctx, shift); err != nil {
			return err
		}
		shift.ClosedAt = o.CreatedAt.Add(time.Second)
		if _, err := tx.CloseShift(ctx, shift); err != nil {
			return err
		}
	}
	if _, err := tx.MoveTill(ctx, store.TillMove{Source: "payment:" + string(o.ID), ShiftID: shift.ID, Kind: store.TillSale, Amount: 5000, OrderID: o.ID}); err != nil {
		return err
	}
	c := store.CounterPayment{Key: string(o.ID), OrderID: o.ID, Method: payments.Transfer, Amount: 5000, Given: 5000, Reference: "R" + string(o.ID), StaffID: "st", StaffName: "siti", TakenAt: o.CreatedAt, ConfirmedAt: o.CreatedAt}
	if i%100 == 0 {
		c.ConfirmedAt = time.Time{}
	}
	if _, err := tx.InsertCounterPayment(ctx, c); err != nil {
		return err
	}
	if _, _, err := tx.IssueReceipt(ctx, store.Receipt{OrderID: o.ID, Year: 2026}); err != nil {
		return err
	}
	if err := tx.InsertNote(ctx, store.Note{OrderID: o.ID, StaffName: "siti", Text: "catatan"}); err != nil {
		return err
	}
	return troubleRows(tx, o, i)
}

// troubleRows are what else grows with orders: alerts, most of them closed, claims,
// batches and printings.
func troubleRows(tx *store.Tx, o order.Order, i int) error {
	if _, err := tx.OpenAlert(ctx, "attention", string(o.ID), "underpaid"); err != nil {
		return err
	}
	if i%500 > 0 {
		if _, err := tx.CloseAlert(ctx, "attention", string(o.ID)); err != nil {
			return err
		}
	}
	if err := tx.InsertClaim(ctx, o.ID); err != nil {
		return err
	}
	if _, err := tx.CountFailure(ctx, fmt.Sprint("account", i%50), time.Hour); err != nil {
		return err
	}
	id := "b" + string(o.ID)
	if err := tx.InsertBatch(ctx, store.Batch{ID: id, Code: fmt.Sprintf("%06d", i), Nonce: id, SiteID: "s1", RouterID: "r1", PlanID: "p1", Comment: "c", Count: 1,
		Codes: catalog.Codes{Mode: catalog.ModeSame, Length: 7}, State: voucher.BatchRunning, CreatedAt: o.CreatedAt}); err != nil {
		return err
	}
	if _, _, err := tx.InsertPrint(ctx, store.Print{ID: "p" + string(o.ID), BatchID: id, Nonce: id, First: 1, Last: 1, Format: "page", Actor: "staff:siti", At: o.CreatedAt}); err != nil {
		return err
	}
	return banRows(tx, o, i)
}

// banRows are bans, most of them lifted.
func banRows(tx *store.Tx, o order.Order, i int) error {
	id := "a" + string(o.ID)
	if _, err := tx.InsertBan(ctx, store.Ban{ID: id, SiteID: "s1", MAC: fmt.Sprintf("AA:BB:CC:DD:%02X:%02X", i/256, i%256), Reason: "gaduh", By: "staff:siti", At: o.CreatedAt}); err != nil {
		return err
	}
	if i%100 > 0 {
		_, err := tx.LiftBan(ctx, id, "staff:siti", o.CreatedAt)
		return err
	}
	return nil
}

func staffed(f *storetest.Fixture) {
	f.Helper()
	f.Write(func(tx *store.Tx) error {
		return tx.InsertStaff(ctx, store.Staff{ID: "st", Name: "siti", Role: "kasir", PasswordHash: "x", CreatedAt: tx.Now()})
	})
}

func TestOneOpenShiftEach(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		staffed(f)
		s := store.Shift{ID: "h1", StaffID: "st", OpenedAt: f.Clock.Now(), Opening: 100_000}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				if fresh, err := tx.InsertShift(ctx, s); err != nil || fresh != (i == 0) {
					t.Error(fresh, err)
				}
				s.ID = "h2"
			}
			return nil
		})
		f.Write(func(tx *store.Tx) error {
			for i, m := range []store.TillMove{{Source: "payment:a", Kind: store.TillSale, Amount: 5000}, {Source: "payment:a", Kind: store.TillSale, Amount: 5000}, {Source: "refund:b", Kind: store.TillRefund, Amount: -2000}} {
				m.ShiftID = "h1"
				if fresh, err := tx.MoveTill(ctx, m); err != nil || fresh == (i == 1) {
					t.Error(i, fresh, err)
				}
			}
			return nil
		})
		sums, err := f.TillSums(ctx, "h1")
		if err != nil || len(sums) != 2 || sums[0].Kind != store.TillRefund || sums[0].Amount != -2000 || sums[1].Count != 1 {
			t.Fatal(sums, err)
		}
		open, found, err := f.Store.OpenShift(ctx, "st")
		if err != nil || !found || open.Opening != 100_000 || open.StaffName != "siti" {
			t.Fatal(open, found, err)
		}
		f.Write(func(tx *store.Tx) error {
			s.ID, s.ClosedAt, s.Counted, s.Expected = "h1", tx.Now(), 103_000, 103_000
			for i := range 2 {
				if closed, err := tx.CloseShift(ctx, s); err != nil || closed != (i == 0) {
					t.Error(closed, err)
				}
			}
			return nil
		})
		if all, err := f.Shifts(ctx, "st", store.ShiftCursor{OpenedAt: f.Clock.Now().Add(time.Hour)}, 10); err != nil || len(all) != 1 || all[0].Counted != 103_000 {
			t.Fatal(all, err)
		}
	})
}

func TestATransfersReferenceServesOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		a, b := f.Insert(), f.Insert()
		c := store.CounterPayment{Key: "k1", OrderID: a.ID, Method: payments.Transfer, Amount: 5000, Given: 5000, Reference: "BCA 77", StaffID: "st", StaffName: "siti", TakenAt: f.Clock.Now()}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				if fresh, err := tx.InsertCounterPayment(ctx, c); err != nil || fresh != (i == 0) {
					t.Error(fresh, err)
				}
				c.Key, c.OrderID = "k2", b.ID
			}
			return nil
		})
		if owed, err := f.Receivables(ctx); err != nil || len(owed) != 1 || owed[0].Code != a.Code {
			t.Fatal(owed, err)
		}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				if ok, err := tx.ConfirmCounterPayment(ctx, "k1", "admin"); err != nil || ok != (i == 0) {
					t.Error(ok, err)
				}
			}
			return nil
		})
		if owed, err := f.Receivables(ctx); err != nil || len(owed) != 0 {
			t.Fatal(owed, err)
		}
		if found, err := f.ListOrders(ctx, store.OrderFilter{Search: " bca  77"}); err != nil || len(found) != 1 || found[0].ID != a.ID {
			t.Fatal(len(found), err)
		}
	})
}

// Every filter of the list finds what it names and nothing else, also for a
// person of some sites only.
func TestOrderFilters(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		mark := func(change func(*order.Order)) order.Order {
			o := f.Insert()
			change(&o)
			f.Write(func(tx *store.Tx) error { return tx.SaveOrder(ctx, o) })
			f.Clock.Add(time.Second)
			return o
		}
		now := f.Clock.Now()
		late := mark(func(o *order.Order) { o.Flags = []order.Flag{order.FlagLate} })
		looked := mark(func(o *order.Order) {
			o.Flags, o.Attention = []order.Flag{order.FlagUnderpaid, order.FlagAttention}, order.ReasonUnderpaid
		})
		sold := mark(func(o *order.Order) { o.Channel, o.SellerID, o.Phone = order.OverCounter, "st", "+6285550001111" })
		owing := mark(func(*order.Order) {})
		f.Write(func(tx *store.Tx) error {
			_, err := tx.InsertRefund(ctx, order.Refund{ID: "f", OrderID: owing.ID, PaymentKey: "k", Amount: 1, Reason: order.RefundStaff, DueAt: now})
			return err
		})
		for name, c := range map[string]struct {
			f    store.OrderFilter
			want []order.Order
		}{
			"late": {store.OrderFilter{Flag: order.FlagLate}, []order.Order{late}}, "attention": {store.OrderFilter{Attention: true}, []order.Order{looked}},
			"calm": {store.OrderFilter{Status: order.Pending, Calm: true}, []order.Order{owing, sold, late}}, "cash": {store.OrderFilter{Channel: order.OverCounter}, []order.Order{sold}},
			"online": {store.OrderFilter{Channel: order.Online}, []order.Order{owing, looked, late}}, "seller": {store.OrderFilter{SellerID: "st"}, []order.Order{sold}},
			"refund due": {store.OrderFilter{RefundDue: true}, []order.Order{owing}}, "phone": {store.OrderFilter{Search: "0855-5000-1111"}, []order.Order{sold}},
			"phone tail": {store.OrderFilter{Search: "1111"}, []order.Order{sold}}, "range": {store.OrderFilter{From: now, Until: now.Add(time.Second)}, []order.Order{late}},
			"two sites": {store.OrderFilter{Sites: []string{"s1", "s9"}, Limit: 2}, []order.Order{owing, sold}}, "another site": {store.OrderFilter{Sites: []string{"s9"}}, nil},
			"searching another site": {store.OrderFilter{Sites: []string{"s9"}, Search: string(late.Code)}, nil}, "redeemed": {store.OrderFilter{Voucher: voucher.Active}, nil},
			"plan": {store.OrderFilter{PlanID: "p9"}, nil}, "hostile": {store.OrderFilter{Search: "%' OR 1=1 --"}, nil},
		} {
			got, err := f.ListOrders(ctx, c.f)
			var codes, want []string
			for _, o := range got {
				codes = append(codes, string(o.Code))
			}
			for _, o := range c.want {
				want = append(want, string(o.Code))
			}
			if err != nil || strings.Join(codes, " ") != strings.Join(want, " ") {
				t.Errorf("%s: %v, want %v %v", name, codes, want, err)
			}
		}
	})
}
