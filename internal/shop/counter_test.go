package shop_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/payments"
)

// actor makes an account and opens its shift with Rp100.000 in the till.
func actor(t *testing.T, k *shoptest.Harness, name string) shop.Actor {
	t.Helper()
	by := person(t, k, name)
	must(t, k.Shop.Counter.OpenShift(ctx, by, 100_000))
	return by
}

func person(t *testing.T, k *shoptest.Harness, name string) shop.Actor {
	t.Helper()
	by := shop.Actor{ID: "id-" + name, Name: name, AuditName: "staff:" + name}
	must(t, k.Store.InTx(ctx, "test", func(tx *store.Tx) error {
		return tx.InsertStaff(ctx, store.Staff{ID: by.ID, Name: name, Role: "kasir", PasswordHash: "x", CreatedAt: tx.Now()})
	}))
	return by
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || fault.CodeOf(err) != code {
		t.Fatalf("%v, want %s", err, code)
	}
}

func sale(k *shoptest.Harness, by shop.Actor) counter.SellIn {
	return counter.SellIn{SiteID: "kopi", PlanID: "sehari", Nonce: k.NextNonce(), Method: payments.Cash, Given: 10_000, Actor: by}
}

func takeCash(k *shoptest.Harness, by shop.Actor, o order.Order) counter.TakeIn {
	return counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Cash, Actor: by}
}

func expected(t *testing.T, k *shoptest.Harness, by shop.Actor) money.Rupiah {
	t.Helper()
	s, found, err := k.Store.OpenShift(ctx, by.ID)
	sums, sumErr := k.Store.TillSums(ctx, s.ID)
	if err != nil || sumErr != nil || !found {
		t.Fatal(found, err, sumErr)
	}
	return shop.Expected(s, sums)
}

func TestCounter(t *testing.T) {
	run(t, []row{
		{"a sale in cash is activated by the same road", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o, err := k.Shop.Counter.Sell(ctx, sale(k, siti))
			must(t, err)
			k.Want(o, order.Paid)
			k.RunAll()
			now := k.Want(o, order.Activated)
			if now.SellerID != siti.ID || now.Channel != order.OverCounter || len(k.Users("pojok")) != 1 || expected(t, k, siti) != 105_000 {
				t.Fatal(now.SellerID, now.Channel, k.Users("pojok"), expected(t, k, siti))
			}
			if c, found, err := k.Store.Receipt(ctx, o.ID); err != nil || !found || c.No != 1 || c.Year != 2026 {
				t.Fatal(c, found, err)
			}
			if v, err := k.Shop.Orders.Fresh(ctx, o.Token); err != nil || v.Attempt.Method != payments.Cash {
				t.Fatal("the customer's page of a counter sale", v.Attempt, err)
			}
			if again, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "1.1.1.1"}); err != nil || again.Extends != o.ID {
				t.Fatal("a counter sale can be extended online", err)
			}
			wantNoAlerts(t, k)
		}},
		{"a form sent twice at once sells once", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			in := sale(k, siti)
			ids := make([]order.ID, 6)
			var all sync.WaitGroup
			for i := range ids {
				all.Add(1)
				go func() {
					defer all.Done()
					o, err := k.Shop.Counter.Sell(ctx, in)
					if err != nil {
						t.Error(err)
					}
					ids[i] = o.ID
				}()
			}
			all.Wait()
			k.RunAll()
			for _, id := range ids {
				if id != ids[0] {
					t.Fatal("two orders from one form")
				}
			}
			if expected(t, k, siti) != 105_000 || len(k.Users("pojok")) != 1 {
				t.Fatal(expected(t, k, siti), k.Users("pojok"))
			}
			in.PlanID = "sejam"
			_, err := k.Shop.Counter.Sell(ctx, in)
			wantCode(t, err, "order.nonce_reused")
		}},
		{"no shift, no sale", func(t *testing.T, k *shoptest.Harness) {
			_, err := k.Shop.Counter.Sell(ctx, sale(k, person(t, k, "budi")))
			wantCode(t, err, "shift.closed")
			if all, err := k.Store.ListOrders(ctx, store.OrderFilter{}); err != nil || len(all) != 0 {
				t.Fatal("something was written", len(all), err)
			}
		}},
		{"hostile and wrong forms sell nothing", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			for code, change := range map[string]func(*counter.SellIn){
				"counter.given_short": func(in *counter.SellIn) { in.Given = 4999 }, "counter.given_form": func(in *counter.SellIn) { in.Given = -5 },
				"counter.reference_with_cash": func(in *counter.SellIn) { in.Reference = "bca 0098" }, "counter.given_with_transfer": func(in *counter.SellIn) { in.Method, in.Reference = payments.Transfer, "bca 0098" },
				"counter.method": func(in *counter.SellIn) { in.Method = "credit" }, "counter.reference_form": func(in *counter.SellIn) { in.Method, in.Given, in.Reference = payments.Transfer, 0, "\x00\x01" },
				"order.plan_unknown": func(in *counter.SellIn) { in.PlanID = "bulanan" }, "order.phone_invalid": func(in *counter.SellIn) { in.Phone = "'; DROP TABLE orders; --" },
				"order.form_stale": func(in *counter.SellIn) { in.Nonce = "x" }, "site.not_found": func(in *counter.SellIn) { in.SiteID = "../../etc" },
			} {
				in := sale(k, siti)
				change(&in)
				_, err := k.Shop.Counter.Sell(ctx, in)
				wantCode(t, err, code)
			}
			if expected(t, k, siti) != 100_000 {
				t.Fatal(expected(t, k, siti))
			}
		}},
		{"a transfer is delivered, and owed until an admin saw it", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			in := sale(k, siti)
			in.Method, in.Given, in.Reference = payments.Transfer, 0, "bca 0099"
			o, err := k.Shop.Counter.Sell(ctx, in)
			must(t, err)
			k.RunAll()
			k.Want(o, order.Activated)
			wantAlert(t, k, "transfer_unconfirmed")
			for _, again := range []string{"  BCA  0099 ", "bca-0099", "BCA0099", "ＢＣＡ ００９９", "bca.00/99"} {
				in.Nonce, in.Reference = k.NextNonce(), again
				_, err = k.Shop.Counter.Sell(ctx, in)
				wantCode(t, err, "counter.reference_used")
				if fault.SubjectOf(err) != o.Code.Pretty() {
					t.Errorf("%s: it names %q", again, fault.SubjectOf(err))
				}
			}
			for _, written := range []string{"bca-0099", "Bca 0099"} {
				if found, err := k.Store.ListOrders(ctx, store.OrderFilter{Search: written, Limit: 5}); err != nil || len(found) != 1 || found[0].ID != o.ID {
					t.Errorf("%s finds %d orders: %v", written, len(found), err)
				}
			}
			owed, err := k.Store.Receivables(ctx)
			if err != nil || len(owed) != 1 || owed[0].OrderID != o.ID {
				t.Fatal(owed, err)
			}
			must(t, k.Shop.Refunds.Confirm(ctx, person(t, k, "admin"), owed[0].Key, false))
			wantCode(t, k.Shop.Refunds.Confirm(ctx, siti, owed[0].Key, false), "counter.confirmed")
			wantNoAlerts(t, k)
			if expected(t, k, siti) != 100_000 {
				t.Fatal("a transfer is no cash")
			}
		}},
		{"a transfer counts at once where the operator says so", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			must(t, k.Shop.Orders.SetCounterRules(ctx, siti, store.CounterRules{SecondAbove: 1}))
			in := sale(k, siti)
			in.Method, in.Given, in.Reference = payments.Transfer, 0, "bca 0100"
			_, err := k.Shop.Counter.Sell(ctx, in)
			must(t, err)
			k.RunAll()
			if owed, err := k.Store.Receivables(ctx); err != nil || len(owed) != 0 {
				t.Fatal(owed, err)
			}
			wantNoAlerts(t, k)
		}},
		{"an online order is paid in cash by its code", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			in := takeCash(k, siti, o)
			_, err := k.Shop.Counter.Take(ctx, in)
			must(t, err)
			_, err = k.Shop.Counter.Take(ctx, in)
			must(t, err) // the same form again
			_, err = k.Shop.Counter.Take(ctx, takeCash(k, siti, o))
			wantCode(t, err, "order.already_paid")
			k.RunAll()
			k.Want(o, order.Activated)
			if expected(t, k, siti) != 105_000 {
				t.Fatal(expected(t, k, siti))
			}
		}},
		{"the same form for an online order at once takes money once", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			in := takeCash(k, siti, o)
			each(5, func(int) {
				if _, err := k.Shop.Counter.Take(ctx, in); err != nil {
					t.Error(err)
				}
			})
			k.RunAll()
			k.Want(o, order.Activated)
			if expected(t, k, siti) != 105_000 {
				t.Fatal(expected(t, k, siti))
			}
		}},
		{"cash for an order whose time is over is late", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			k.Advance(33 * time.Minute)
			_, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, o))
			must(t, err)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{"cash for the rest of an underpaid order", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			k.PayAmount(o, 3000)
			k.RunAll()
			_, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, o))
			must(t, err)
			k.RunAll()
			k.Want(o, order.Activated)
			if expected(t, k, siti) != 102_000 {
				t.Fatal(expected(t, k, siti))
			}
		}},
		{"no cash for cancelled, paid and activated orders", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			gone, paid := buyOne(k), buyOne(k)
			must(t, k.Shop.Orders.Cancel(ctx, siti.AuditName, gone.ID, "salah pesan"))
			_, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, gone))
			wantCode(t, err, "counter.cancelled")
			k.Pay(paid)
			k.RunAll()
			_, err = k.Shop.Counter.Take(ctx, takeCash(k, siti, paid))
			wantCode(t, err, "order.already_paid")
			if expected(t, k, siti) != 100_000 {
				t.Fatal(expected(t, k, siti))
			}
		}},
		{"cash and QRIS at the same moment: one voucher, the second money is owed back", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			var both sync.WaitGroup
			both.Add(2)
			go func() { defer both.Done(); k.Pay(o); k.RunAll() }()
			go func() {
				defer both.Done()
				if _, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, o)); err != nil && fault.CodeOf(err) != "order.already_paid" {
					t.Error(err)
				}
			}()
			both.Wait()
			k.RunAll()
			k.Advance(2 * time.Second)
			now := k.Order(o)
			paid, err := k.Store.Payments(ctx, o.ID)
			if err != nil || now.Status != order.Activated || len(k.Users("pojok")) != 1 {
				t.Fatal(now.Status, k.Users("pojok"), err)
			}
			refunds, err := k.Store.Refunds(ctx, o.ID)
			if err != nil || len(refunds) != len(paid)-1 {
				t.Fatalf("%d payments, refunds %+v %v", len(paid), refunds, err)
			}
		}},
		{"cash first, then QRIS arrives all the same", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			reference := k.Reference(o)
			_, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, o))
			must(t, err)
			k.Clock.Add(time.Second)
			k.PayReference(reference, 0)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagDuplicate)
			wantRefund(t, k, o, 5000)
		}},
	})
}

// A site that gives late money back takes no late cash.
func TestNoLateCashWhereLateMoneyGoesBack(t *testing.T) {
	run(t, []row{{"too late", func(t *testing.T, k *shoptest.Harness) {
		siti := actor(t, k, "siti")
		o := buyOne(k)
		k.Advance(33 * time.Minute)
		_, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, o))
		wantCode(t, err, "counter.too_late")
	}}}, shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = true }))
}

func TestShifts(t *testing.T) {
	run(t, []row{{"open, sell, count, close", func(t *testing.T, k *shoptest.Harness) {
		siti := actor(t, k, "siti")
		wantCode(t, k.Shop.Counter.OpenShift(ctx, siti, 0), "shift.open")
		wantCode(t, k.Shop.Counter.OpenShift(ctx, person(t, k, "budi"), -1), "counter.amount_form")
		for range 3 {
			_, err := k.Shop.Counter.Sell(ctx, sale(k, siti))
			must(t, err)
		}
		s, _, err := k.Store.OpenShift(ctx, siti.ID)
		must(t, err)
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, -1, "")
		wantCode(t, err, "counter.amount_form")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, 1, strings.Repeat("x", 1001))
		wantCode(t, err, "note.form")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, 115, " ") // a thousand times too little: the zeros were forgotten
		wantCode(t, err, "shift.differs")
		closed, err := k.Shop.Counter.CloseShift(ctx, siti, s.ID, 114_000, "kurang seribu")
		if err != nil || closed.Expected != 115_000 {
			t.Fatal(closed, err)
		}
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, 115_000, "")
		wantCode(t, err, "shift.closed")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, "tidak-ada", 1, "")
		wantCode(t, err, "shift.not_found")
		_, err = k.Shop.Counter.Sell(ctx, sale(k, siti))
		wantCode(t, err, "shift.closed")
		must(t, k.Shop.Counter.OpenShift(ctx, siti, 114_000))
		k.RunAll()
	}}, {"a sale while the shift is closed is in it, or refused", func(t *testing.T, k *shoptest.Harness) {
		siti := actor(t, k, "siti")
		s, _, err := k.Store.OpenShift(ctx, siti.ID)
		must(t, err)
		var all sync.WaitGroup
		sold := make([]error, 5)
		for i := range sold {
			all.Add(1)
			go func() { defer all.Done(); _, sold[i] = k.Shop.Counter.Sell(ctx, sale(k, siti)) }()
		}
		closed, err := k.Shop.Counter.CloseShift(ctx, siti, s.ID, 0, "laci kosong")
		all.Wait()
		must(t, err)
		after, err := k.Store.TillSums(ctx, s.ID)
		if err != nil || shop.Expected(s, after) != closed.Expected {
			t.Fatal("a sale slipped in after the count", after, closed.Expected, err)
		}
		for _, err := range sold {
			if err != nil && fault.CodeOf(err) != "shift.closed" {
				t.Error(err)
			}
		}
		k.RunAll()
	}}})
}

func force(by shop.Actor, o order.Order) refunds.ForceIn {
	return refunds.ForceIn{OrderID: o.ID, Typed: strings.ToLower(o.Code.Pretty()), Reason: "pelanggan lama", Actor: by}
}

func TestForce(t *testing.T) {
	run(t, []row{
		{"an unpaid order on credit", func(t *testing.T, k *shoptest.Harness) {
			admin := actor(t, k, "admin")
			o := buyOne(k)
			in := force(admin, o)
			in.Typed = "SALAH"
			wantCode(t, k.Shop.Refunds.Force(ctx, in), "confirm.typed")
			in = force(admin, o)
			in.Reason = " "
			wantCode(t, k.Shop.Refunds.Force(ctx, in), "confirm.reason")
			k.Want(o, order.Pending)
			must(t, k.Shop.Refunds.Force(ctx, force(admin, o)))
			k.RunAll()
			k.Want(o, order.Activated)
			wantCode(t, k.Shop.Refunds.Force(ctx, force(admin, o)), "order.already_active")
			owed, err := k.Store.Receivables(ctx)
			if err != nil || len(owed) != 1 || owed[0].Method != payments.Credit || owed[0].Amount != 5000 {
				t.Fatal(owed, err)
			}
			must(t, k.Shop.Refunds.Confirm(ctx, admin, owed[0].Key, true))
			if expected(t, k, admin) != 105_000 {
				t.Fatal("paid credit is not in the till")
			}
		}},
		{"F24 a cancelled order with money", func(t *testing.T, k *shoptest.Harness) {
			admin := actor(t, k, "admin")
			o := buyOne(k)
			reference := k.Reference(o)
			must(t, k.Shop.Orders.Cancel(ctx, admin.AuditName, o.ID, "salah pesan"))
			k.PayReference(reference, 0)
			k.Advance(time.Minute)
			wantRefund(t, k, o, 5000)
			must(t, k.Shop.Refunds.Force(ctx, force(admin, o)))
			k.RunAll()
			k.Want(o, order.Activated)
			if queue, err := k.Store.RefundQueue(ctx, nil, 10); err != nil || len(queue) != 0 {
				t.Fatal("the refund that was owed is not withdrawn", queue, err)
			}
			wantNoAlerts(t, k)
		}},
	})
}

// What money without an order does once it has one.
func TestAssign(t *testing.T) {
	run(t, []row{{"unmatched money pays an order, once", func(t *testing.T, k *shoptest.Harness) {
		admin := person(t, k, "admin")
		key := k.ForeignCharge("SOMEBODY-ELSE-1", 5000)
		k.PayReference("SOMEBODY-ELSE-1", 0)
		k.RunAll()
		wantAlert(t, k, "unmatched_money")
		o, other := buyOne(k), buyOne(k)
		in := refunds.AssignIn{Gateway: "xendit", Key: key, OrderID: o.ID, Typed: string(o.Code), Reason: "cocok dengan bukti", Actor: admin}
		wrong := in
		wrong.Typed = string(other.Code)
		wantCode(t, k.Shop.Refunds.Assign(ctx, wrong), "confirm.typed")
		must(t, k.Shop.Refunds.Assign(ctx, in))
		in.OrderID, in.Typed = other.ID, string(other.Code)
		wantCode(t, k.Shop.Refunds.Assign(ctx, in), "payment.matched")
		k.RunAll()
		k.Want(o, order.Activated)
		k.Want(other, order.Pending)
		wantNoAlerts(t, k)
	}}, {"asked back and assigned at once: one of both", func(t *testing.T, k *shoptest.Harness) {
		admin := person(t, k, "admin")
		key := k.ForeignCharge("SOMEBODY-ELSE-1", 5000)
		k.PayReference("SOMEBODY-ELSE-1", 0)
		k.RunAll()
		o := buyOne(k)
		var assigned, asked error
		var both sync.WaitGroup
		both.Add(2)
		go func() {
			defer both.Done()
			assigned = k.Shop.Refunds.Assign(ctx, refunds.AssignIn{Gateway: "xendit", Key: key, OrderID: o.ID, Typed: string(o.Code), Reason: "cocok", Actor: admin})
		}()
		go func() {
			defer both.Done()
			_, asked = k.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: "xendit", PaymentKey: key, Amount: 5000, Typed: "5000", Reason: "salah kirim", Nonce: k.NextNonce(), Actor: admin})
		}()
		both.Wait()
		if (assigned == nil) == (asked == nil) {
			t.Fatal("both or neither:", assigned, asked)
		}
		for _, err := range []error{assigned, asked} {
			var f *fault.Error
			if err != nil && (!errors.As(err, &f) || f.Kind == fault.Internal) {
				t.Error(err)
			}
		}
		k.RunAll()
	}}})
}
