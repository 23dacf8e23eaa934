package counter_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/payments"
)

// saleOf reads the orders that were paid together.
func saleOf(k *shoptest.Harness, nonce string) (out []order.Order) {
	k.Helper()
	parts, err := k.Store.CounterSale(ctx, nonce)
	k.Must(err)
	for _, c := range parts {
		o, err := k.Store.Order(ctx, c.OrderID)
		k.Must(err)
		out = append(out, o)
	}
	return out
}

// Several vouchers are sold with one payment: all of them or none, once for each form.
func TestSeveralVouchers(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "three for cash, the form sent four times at once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			in := k.SaleForm(siti)
			in.Quantity, in.Given = 3, 20_000
			var all sync.WaitGroup
			for range 4 {
				all.Add(1)
				go func() {
					defer all.Done()
					if _, err := k.Shop.Counter.Sell(ctx, in); err != nil {
						t.Error(err)
					}
				}()
			}
			all.Wait()
			k.RunAll()
			sold := saleOf(k, in.Nonce)
			if len(sold) != 3 || k.ExpectedTill(siti) != 115_000 || len(k.Users("pojok")) != 3 {
				t.Fatal(len(sold), k.ExpectedTill(siti), k.Users("pojok"))
			}
			names := map[string]bool{}
			for _, o := range sold {
				k.Want(o, order.Activated)
				names[o.Username] = true
			}
			parts, err := k.Store.CounterSale(ctx, in.Nonce)
			k.Must(err)
			var given, change money.Rupiah
			for _, c := range parts {
				given, change = given+c.Given, change+c.Given-c.Amount
			}
			if len(names) != 3 || given != 20_000 || change != 5000 {
				t.Fatal(names, given, change)
			}
			s, _, err := k.Store.OpenShift(ctx, siti.ID)
			k.Must(err)
			r, err := k.Shop.Counter.ShiftReport(ctx, s)
			if n, sum := r.Sold(); err != nil || n != 3 || sum != 15_000 {
				t.Fatal(n, sum, err)
			}
			in.Quantity = 2
			_, err = k.Shop.Counter.Sell(ctx, in)
			k.WantCode(err, "order.nonce_reused")
		}},
		{Name: "one transfer pays for all, is used up, and confirmed once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			in := k.SaleForm(siti)
			in.Quantity, in.Method, in.Given, in.Reference = 3, payments.Transfer, 0, "bca 5511"
			first, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			again := k.SaleForm(siti)
			again.Method, again.Given, again.Reference = payments.StaticQRIS, 0, "BCA-5511"
			_, err = k.Shop.Counter.Sell(ctx, again)
			k.WantCode(err, "counter.reference_used")
			if fault.SubjectOf(err) != first.Code.Pretty() {
				t.Error(fault.SubjectOf(err))
			}
			if n, err := k.Shop.Counter.KeyReferences(ctx); err != nil || n != 0 {
				t.Error("the vouchers of one sale are doubles", n, err)
			}
			k.RunAll()
			owed, err := k.Store.Receivables(ctx)
			if err != nil || len(owed) != 3 {
				t.Fatal(len(owed), err)
			}
			k.Must(k.Shop.Refunds.Confirm(ctx, k.Staff("admin"), owed[1].Key, false))
			if owed, err = k.Store.Receivables(ctx); err != nil || len(owed) != 0 {
				t.Fatal(len(owed), err)
			}
			k.WantNoAlerts()
		}},
		{Name: "parts that were given up are not confirmed with the others", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			in := k.SaleForm(siti)
			in.Quantity, in.Method, in.Given, in.Reference = 4, payments.Transfer, 0, "bca 5512"
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			parts, err := k.Store.CounterSale(ctx, in.Nonce)
			if err != nil || len(parts) != 4 {
				t.Fatal(len(parts), err)
			}
			off := func(key string) {
				k.Must(k.Shop.Refunds.WriteOff(ctx, refunds.WriteOffIn{Key: key, Typed: "5000", Reason: "tidak masuk", Actor: admin}))
				k.RunAll()
			}
			first := slices.IndexFunc(parts, func(c store.CounterPayment) bool { return c.Key == in.Nonce })
			off(parts[first].Key)
			k.WantAlert("transfer_unconfirmed")
			rest := slices.Delete(slices.Clone(parts), first, first+1)
			off(rest[0].Key)
			k.WantAlert("transfer_unconfirmed")
			// Of those that are left, one was confirmed before.
			k.Must(k.Store.InTx(ctx, admin, func(tx *store.Tx) error {
				_, err := tx.ConfirmCounterPayment(ctx, rest[1].Key, "admin")
				return err
			}))
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, rest[1].Key, false))
			k.RunAll()
			k.WantNoAlerts()
			k.WantCode(k.Shop.Refunds.Confirm(ctx, admin, rest[1].Key, false), "counter.confirmed")
			now, err := k.Store.CounterSale(ctx, in.Nonce)
			k.Must(err)
			for _, c := range now {
				if given := c.Key == in.Nonce || c.Key == rest[0].Key; given == c.WrittenOffAt.IsZero() || given != c.ConfirmedAt.IsZero() {
					t.Error(c.Key, c.WrittenOffAt, c.ConfirmedAt)
				}
			}
		}},
		{Name: "all of a transfer is confirmed, or nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			in := k.SaleForm(siti)
			in.Quantity, in.Method, in.Given, in.Reference = 3, payments.Transfer, 0, "bca 5513"
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			parts, err := k.Store.CounterSale(ctx, in.Nonce)
			k.Must(err)
			var fresh atomic.Int32
			shoptest.Each(4, func(i int) {
				switch err := k.Shop.Refunds.Confirm(ctx, admin, parts[i%3].Key, false); {
				case err == nil:
					fresh.Add(1)
				case fault.CodeOf(err) != "counter.confirmed":
					t.Error(err)
				}
			})
			said := 0
			for _, c := range parts {
				trail, err := k.Store.AuditOf(ctx, "order:"+string(c.OrderID))
				k.Must(err)
				for _, row := range trail {
					if row.Action == "payment.confirm" {
						said++
					}
				}
			}
			if owed, err := k.Store.Receivables(ctx); err != nil || len(owed) != 0 || fresh.Load() != 1 || said != 3 {
				t.Fatal(len(owed), fresh.Load(), said, err)
			}
		}},
		{Name: "nothing is sold where one of them cannot be", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			p := k.Promote(catalog.Promotion{Name: "Dua saja", DiscountKind: catalog.AmountOff, Value: 1000, MostUses: 2})
			in := k.SaleForm(siti)
			in.Quantity, in.Given = 3, 0
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.WantCode(err, "counter.promotion_quantity")
			if all, err := k.Store.ListOrders(ctx, store.OrderFilter{}); err != nil || len(all) != 0 || k.ExpectedTill(siti) != 100_000 {
				t.Fatal("something was written", len(all), err)
			}
			in.Nonce, in.Quantity = k.NextNonce(), 2
			_, err = k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			for _, o := range saleOf(k, in.Nonce) {
				if o.Total != 4000 || o.Item.Promotion.ID != p.ID || o.Item.Price != 5000 {
					t.Error(o.Total, o.Item)
				}
			}
			in.Nonce, in.Quantity = k.NextNonce(), 1
			o, err := k.Shop.Counter.Sell(ctx, in)
			if err != nil || o.Total != 5000 || k.ExpectedTill(siti) != 113_000 {
				t.Fatal(o.Total, k.ExpectedTill(siti), err)
			}
			k.RunAll()
		}},
		{Name: "bounds", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			for _, n := range []int{-1, 21, 1 << 30} {
				in := k.SaleForm(siti)
				in.Quantity = n
				_, err := k.Shop.Counter.Sell(ctx, in)
				k.WantCode(err, "counter.quantity")
			}
			in := k.SaleForm(siti)
			in.Quantity, in.Given = 3, 14_999
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.WantCode(err, "counter.given_short")
		}},
	})
}

// allowDiscounts lets staff take off some percent of a sale.
func allowDiscounts(k *shoptest.Harness, most int) {
	k.Helper()
	rules := store.DefaultCounterRules
	rules.MostDiscount = most
	k.Must(k.Shop.Refunds.SetCounterRules(ctx, k.Staff("rules"), rules))
}

// What staff take off is in the snapshot of what was sold; what comes back is what was paid.
func TestDiscountAtTheCounter(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "shared among the vouchers, refunded as paid", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			allowDiscounts(k, 10)
			in := k.SaleForm(siti)
			in.Quantity, in.Given, in.Allowance = 3, 0, order.Allowance{Amount: 1000, Reason: " pelanggan tetap "}
			items, err := k.Shop.Counter.Quote(ctx, in)
			if err != nil || len(items) != 3 || items[0].Due()+items[1].Due()+items[2].Due() != 14_000 {
				t.Fatal(items, err)
			}
			_, err = k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			sold := saleOf(k, in.Nonce)
			for i, want := range []money.Rupiah{334, 333, 333} {
				if o := sold[i]; o.Item.Allowance != want || o.Item.AllowanceReason != "pelanggan tetap" || o.Total != 5000-want || o.Item.Price != 5000 {
					t.Error(i, o.Total, o.Item)
				}
			}
			if k.ExpectedTill(siti) != 114_000 {
				t.Fatal(k.ExpectedTill(siti))
			}
			pays, err := k.Store.Payments(ctx, sold[0].ID)
			k.Must(err)
			ask := refunds.RefundIn{Gateway: pays[0].Gateway, PaymentKey: pays[0].Key, OrderID: sold[0].ID, Amount: 5000, Typed: "5000", Reason: "salah pilih", Nonce: k.NextNonce(), Actor: siti}
			_, err = k.Shop.Refunds.RequestRefund(ctx, ask)
			k.WantCode(err, "refund.too_much")
			ask.Amount, ask.Typed = 4666, "4666"
			_, err = k.Shop.Refunds.RequestRefund(ctx, ask)
			k.Must(err)
		}},
		{Name: "bounds and reasons", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			none := k.SaleForm(siti)
			none.Allowance = order.Allowance{Percent: 1, Reason: "baik"}
			_, err := k.Shop.Counter.Sell(ctx, none)
			k.WantCode(err, "counter.discount_most") // until the owner allows it
			allowDiscounts(k, 10)
			for _, c := range []struct {
				off  order.Allowance
				code string
			}{
				{order.Allowance{Amount: 501, Reason: "baik"}, "counter.discount_most"}, {order.Allowance{Percent: 11, Reason: "baik"}, "counter.discount_most"},
				{order.Allowance{Amount: 500}, "counter.discount_reason"}, {order.Allowance{Amount: 500, Reason: "a\x00bc"}, "counter.discount_reason"},
				{order.Allowance{Amount: -5, Reason: "baik"}, "counter.discount_form"}, {order.Allowance{Amount: 5, Percent: 5, Reason: "baik"}, "counter.discount_form"},
				{order.Allowance{Reason: "baik"}, "counter.discount_form"},
			} {
				in := k.SaleForm(siti)
				in.Allowance = c.off
				_, err := k.Shop.Counter.Sell(ctx, in)
				k.WantCode(err, c.code)
			}
			rules := store.DefaultCounterRules
			rules.MostDiscount = 0
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, siti, rules))
			in := k.SaleForm(siti)
			in.Allowance = order.Allowance{Amount: 1, Reason: "baik"}
			_, err = k.Shop.Counter.Sell(ctx, in)
			k.WantCode(err, "counter.discount_most")
			rules.MostDiscount = 101
			k.WantCode(k.Shop.Refunds.SetCounterRules(ctx, siti, rules), "counter.most_discount")
		}},
	})
}

// Promotions hold at the counter: those for everyone without a word, others by their code, on
// top of which staff may take something off.
func TestPromotionsAtTheCounter(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "sold", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		allowDiscounts(k, 10)
		open := k.Promote(catalog.Promotion{Name: "Pagi", DiscountKind: catalog.AmountOff, Value: 500})
		coded := k.Promote(catalog.Promotion{Name: "Pelajar", Code: "PELAJAR", DiscountKind: catalog.PercentOff, Value: 20})
		k.Promote(catalog.Promotion{Name: "QRIS", DiscountKind: catalog.AmountOff, Value: 3000, Methods: []payments.Method{payments.QRIS}})
		sell := func(change func(*counter.SellIn)) (order.Order, error) {
			in := k.SaleForm(siti)
			change(&in)
			return k.Shop.Counter.Sell(ctx, in)
		}
		o, err := sell(func(*counter.SellIn) {})
		if err != nil || o.Total != 4500 || o.Item.Promotion.ID != open.ID {
			t.Fatal(o.Total, o.Item, err)
		}
		o, err = sell(func(in *counter.SellIn) {
			in.Promo, in.Terms, in.Allowance = " pelajar ", "", order.Allowance{Percent: 10, Reason: "lama kenal"}
		})
		if err != nil || o.Total != 3600 || o.Item.Promotion.ID != coded.ID || o.Item.Discount != 1000 || o.Item.Allowance != 400 {
			t.Fatal(o.Total, o.Item, err)
		}
		_, err = sell(func(in *counter.SellIn) { in.Promo = "SALAH" })
		k.WantCode(err, "promotion.unknown")
		// The form showed the plan's own price: it is asked about again.
		site, err := k.Store.Site(ctx, "kopi")
		k.Must(err)
		plan, err := k.Store.Plan(ctx, "sehari")
		k.Must(err)
		_, err = sell(func(in *counter.SellIn) { in.Terms = plan.Item(site).Terms() })
		k.WantCode(err, "order.terms_changed")
		k.RunAll()
	}}})
}

// A kasir who asks whether phone numbers bought here, without selling, is told so often and no
// more; what was sold does not count.
func TestTheCounterAsksAboutCustomersWithinABound(t *testing.T) {
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) { o.Limits.PromotionsPerStaff = cache.Limit{Count: 3, Per: time.Hour} }))
	siti, budi := k.OnShift("siti"), k.OnShift("budi")
	k.Promote(catalog.Promotion{Name: "Pertama", DiscountKind: catalog.AmountOff, Value: 1000, First: true})
	form := func(by actor.Actor, n int) counter.SellIn {
		in := k.SaleForm(by)
		in.Phone, in.Terms, in.Given = fmt.Sprintf("0812333344%02d", n), "", 0
		return in
	}
	ask := func(by actor.Actor, n int) money.Rupiah {
		items, err := k.Shop.Counter.Quote(ctx, form(by, n))
		k.Must(err)
		return items[0].Due()
	}
	for n := range 5 {
		if o, err := k.Shop.Counter.Sell(ctx, form(siti, n)); err != nil || o.Total != 4000 {
			t.Fatal(n, o.Total, err)
		}
	}
	if got := ask(siti, 0); got != 5000 {
		t.Fatal("bought before:", got)
	}
	for n := 10; n < 12; n++ {
		if got := ask(siti, n); got != 4000 {
			t.Fatal(n, got)
		}
	}
	if got := ask(siti, 12); got != 5000 {
		t.Error("asked without a bound:", got)
	}
	if got := ask(budi, 12); got != 4000 {
		t.Error("the bound of one account is another's:", got)
	}
}
