package stock_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/voucher"
	"gerai/payments"
)

var ctx = context.Background()

func TestStock(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "S20 a voucher from stock is an order like any other", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 3)
			in := k.StockSaleForm(siti, "sehari", "")
			o, err := k.Shop.Counter.SellFromStock(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			again, err := k.Shop.Counter.SellFromStock(ctx, in)
			if err != nil || again.ID != o.ID {
				t.Fatal("sold twice", err)
			}
			now := k.Want(o, order.Activated)
			if now.SellerID != siti.ID || now.Channel != order.OverCounter || k.ExpectedTill(siti) != 105_000 || k.ReceiptNumber(o) != "2026-000001" {
				t.Fatal(now.SellerID, now.Channel, k.ExpectedTill(siti), k.ReceiptNumber(o))
			}
			v := k.StockVoucher(b, 1)
			if v.State != voucher.Sold || v.OrderID != o.ID || v.SoldBy != "staff:siti" || o.Username != v.Username || o.Total != 5000 {
				t.Fatalf("%+v", v)
			}
			money, err := k.Store.Payments(ctx, o.ID)
			if err != nil || len(money) != 1 || money[0].Method != "cash" || money[0].Amount != 5000 || money[0].Gateway != "counter" {
				t.Fatal(money, err)
			}
			if page, err := k.Shop.Orders.View(ctx, o.Token); err != nil || page.Voucher.Username != v.Username {
				t.Fatal(err)
			}
			// It lives as others do: first login, extension, end.
			k.LoginVoucher("pojok", 1, v)
			if v = k.StockVoucher(b, 1); v.State != voucher.Active || !v.ValidUntil.Equal(v.FirstLoginAt.Add(24*time.Hour)) {
				t.Fatalf("%+v", v)
			}
			k.Advance(23 * time.Hour)
			if x, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "198.51.100.7"}); err != nil || x.Extends != o.ID {
				t.Fatal("it can be extended online", err)
			}
			k.Advance(2 * time.Hour)
			if v = k.StockVoucher(b, 1); v.State != voucher.Expired || !k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
		}},
		{Name: "S20 paid by transfer, and in cash with change", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 3)
			in := k.StockSaleForm(siti, "sehari", "")
			in.Given = 4000
			_, err := k.Shop.Counter.SellFromStock(ctx, in)
			k.WantCode(err, "counter.given_short")
			in.Given = 20_000
			o, err := k.Shop.Counter.SellFromStock(ctx, in)
			k.Must(err)
			if taken, err := k.Store.CounterPayments(ctx, o.ID); err != nil || len(taken) != 1 || taken[0].Given != 20_000 || taken[0].Amount != 5000 || k.ExpectedTill(siti) != 105_000 {
				t.Fatal(taken, err)
			}
			in = k.StockSaleForm(siti, "sehari", "")
			in.Method = payments.Transfer
			_, err = k.Shop.Counter.SellFromStock(ctx, in)
			k.WantCode(err, "counter.reference_form")
			in.Reference = "bca 123"
			o, err = k.Shop.Counter.SellFromStock(ctx, in)
			k.Must(err)
			if now := k.Want(o, order.Activated); now.Channel != order.ByTransfer || now.Username != k.StockVoucher(b, 2).Username || k.ExpectedTill(siti) != 105_000 {
				t.Fatal(now.Channel)
			}
			k.WantAlert("transfer_unconfirmed")
			if owed, err := k.Store.Receivables(ctx); err != nil || len(owed) != 1 || owed[0].Reference != "BCA 123" {
				t.Fatal(owed, err)
			}
			in.Nonce = k.NextNonce()
			_, err = k.Shop.Counter.SellFromStock(ctx, in) // the same reference serves once
			k.WantCode(err, "counter.reference_used")
			k.WantStock("sehari", 1)
			k.Must(k.Shop.Refunds.Confirm(ctx, siti, receivableKey(t, k), false))
			k.WantNoAlerts()
		}},
		{Name: "S20 the voucher on the counter is the one that is sold", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 4)
			if _, err := k.Shop.Stock.NotePrint(ctx, actor.Named("staff:siti"), stock.PrintIn{BatchID: b.ID, First: 1, Last: 3, Format: stock.FormatPage, Nonce: k.NextNonce()}); err != nil {
				t.Fatal(err)
			}
			third := k.StockVoucher(b, 3)
			in := k.StockSaleForm(siti, "", third.Username)
			o, err := k.Shop.Counter.SellFromStock(ctx, in)
			if err != nil || o.Username != third.Username {
				t.Fatal(o.Username, err)
			}
			in.Nonce, in.Actor = k.NextNonce(), k.OnShift("budi")
			if _, err := k.Shop.Counter.SellFromStock(ctx, in); fault.CodeOf(err) != "stock.not_for_sale" {
				t.Fatal(err)
			}
			// Without paper only the fourth is left.
			if o, err = k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", "")); err != nil || o.Username != k.StockVoucher(b, 4).Username {
				t.Fatal(o.Username, err)
			}
			if _, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", "")); fault.CodeOf(err) != "stock.sold_out" {
				t.Fatal(err)
			}
			if s, err := k.Store.StockOf(ctx, "sehari"); err != nil || s.Total != 2 || s.Printed != 2 || s.Free() != 0 {
				t.Fatal(s, err)
			}
		}},
		{Name: "S20 sold on paper: the first login says so", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sejam", "pojok", 2)
			v := k.StockVoucher(b, 2)
			k.LoginVoucher("pojok", 2, v)
			if v = k.StockVoucher(b, 2); v.State != voucher.Active || v.OrderID != "" || !v.ValidUntil.Equal(v.FirstLoginAt.Add(time.Hour)) {
				t.Fatalf("%+v", v)
			}
			in := k.StockSaleForm(siti, "", v.Username)
			if _, err := k.Shop.Counter.SellFromStock(ctx, in); fault.CodeOf(err) != "stock.not_for_sale" {
				t.Fatal(err)
			}
			k.Advance(61 * time.Minute)
			if v = k.StockVoucher(b, 2); v.State != voucher.Expired || !k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
			if trail, err := k.Store.AuditOf(ctx, "voucher:"+v.ID); err != nil || len(trail) != 2 {
				t.Fatal(trail, err)
			}
		}},
		{Name: "S20 fifty counters at once sell each voucher once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 30)
			if _, err := k.Shop.Stock.NotePrint(ctx, actor.Named("staff:siti"), stock.PrintIn{BatchID: b.ID, First: 1, Last: 10, Format: stock.FormatCSV, Nonce: k.NextNonce()}); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			buyers, refused := map[string]int{}, 0
			var all sync.WaitGroup
			try := func(in counter.StockSaleIn) {
				defer all.Done()
				o, err := k.Shop.Counter.SellFromStock(ctx, in)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					buyers[o.Username]++
				case fault.Is(err, fault.Conflict):
					refused++
				default:
					t.Error(err)
				}
			}
			for i := range 50 {
				all.Add(2)
				go try(k.StockSaleForm(siti, "sehari", ""))
				go try(k.StockSaleForm(siti, "", k.StockVoucher(b, 1+i%10).Username))
			}
			all.Wait()
			for name, n := range buyers {
				if n != 1 {
					t.Errorf("%s sold %d times", name, n)
				}
			}
			if len(buyers) != 30 || refused != 70 {
				t.Fatalf("%d sold, %d refused", len(buyers), refused)
			}
			n, err := k.Store.BatchCounts(ctx, b.ID)
			if err != nil || n.By[voucher.Sold] != 30 {
				t.Fatal(n, err)
			}
		}},
		{Name: "S20 outlets have what was handed to them", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 10)
			if err := k.Shop.Counter.PutOutlet(ctx, actor.Named("staff:siti"), counter.OutletIn{Name: " Warung Bu Tini ", Phone: "0812-3456-7890"}); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Counter.PutOutlet(ctx, actor.Named("staff:siti"), counter.OutletIn{Name: "Warung Bu Tini"}); fault.CodeOf(err) != "outlet.name_taken" {
				t.Fatal(err)
			}
			outlets, err := k.Store.Outlets(ctx)
			if err != nil || len(outlets) != 1 || outlets[0].Name != "Warung Bu Tini" || outlets[0].Phone != "+6281234567890" {
				t.Fatal(outlets, err)
			}
			give := counter.HandOutIn{BatchID: b.ID, OutletID: outlets[0].ID, First: 1, Last: 4}
			for _, want := range []int64{4, 0} {
				if n, err := k.Shop.Counter.AssignStock(ctx, actor.Named("staff:siti"), give); err != nil || n != want {
					t.Fatal(n, err)
				}
			}
			if _, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "", k.StockVoucher(b, 2).Username)); fault.CodeOf(err) != "stock.at_outlet" {
				t.Fatal(err)
			}
			give.OutletID, give.First = "", 3
			if n, err := k.Shop.Counter.AssignStock(ctx, actor.Named("staff:siti"), give); err != nil || n != 2 {
				t.Fatal(n, err)
			}
			if n, err := k.Store.OutletCounts(ctx, outlets[0].ID); err != nil || n[voucher.Stock] != 2 {
				t.Fatal(n, err)
			}
			give.Last = 11
			if _, err := k.Shop.Counter.AssignStock(ctx, actor.Named("staff:siti"), give); !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			for _, trail := range k.Audits("outlet:" + outlets[0].ID) {
				if strings.Contains(trail, "8123456") {
					t.Fatal("a phone number in the trail", trail)
				}
			}
		}},
		{Name: "S20 low stock tells somebody, once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			k.Stocked("sehari", "pojok", 3)
			if err := k.Shop.Vouchers.SetStockLevel(ctx, actor.Named("staff:siti"), nil, "sehari", 3); err != nil {
				t.Fatal(err)
			}
			k.WantNoAlerts()
			if _, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", "")); err != nil {
				t.Fatal(err)
			}
			k.WantAlert("stock_low")
			k.Stocked("sehari", "pojok", 3) // refilled: the alert closes
			k.WantNoAlerts()
			if err := k.Shop.Vouchers.SetStockLevel(ctx, actor.Named("staff:siti"), []string{"kos"}, "sehari", 1); !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			if err := k.Shop.Vouchers.SetStockLevel(ctx, actor.Named("staff:siti"), nil, "sehari", -1); !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
		}},
		{Name: "S20 ending a batch needs its name and a reason, and throws devices out", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 150)
			v := k.StockVoucher(b, 5)
			k.LoginVoucher("pojok", 5, v)
			for _, in := range []stock.DisableIn{{Typed: "", Reason: "hilang dicuri"}, {Typed: b.Code + "X", Reason: "hilang dicuri"}, {Typed: b.Code, Reason: "  "}} {
				in.BatchID = b.ID
				if _, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), in); !fault.Is(err, fault.Invalid) {
					t.Fatal(err)
				}
			}
			in := stock.DisableIn{BatchID: b.ID, Typed: strings.ToLower(b.Code), Reason: "hilang dicuri"}
			if n, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), in); err != nil || n != 149 {
				t.Fatal(n, err)
			}
			k.RunAll()
			if k.Disabled("pojok", v.Username) || !k.Disabled("pojok", k.StockVoucher(b, 6).Username) || len(k.Routers["pojok"].Rows("ip/hotspot/active")) != 1 {
				t.Fatal("the wrong ones")
			}
			in.Sold = true
			if n, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), in); err != nil || n != 1 {
				t.Fatal(n, err)
			}
			k.RunAll()
			if !k.Disabled("pojok", v.Username) || len(k.Routers["pojok"].Rows("ip/hotspot/active")) != 0 {
				t.Fatal("still online")
			}
			if off, err := k.Store.StillEnabledOnRouter(ctx, b.ID, 10); err != nil || len(off) != 0 {
				t.Fatal(off, err)
			}
			if n, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), in); err != nil || n != 0 {
				t.Fatal(n, err)
			}
		}},
		{Name: "S20 only who sold it sees the codes again", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			k.Stocked("sehari", "pojok", 1)
			o, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", ""))
			if err != nil {
				t.Fatal(err)
			}
			show := func(name string, all bool) error {
				by := actor.Staff("id-"+name, name, nil)
				_, _, err := k.Shop.Counter.ShowSale(ctx, by, nil, order.Viewer{ID: by.ID, Any: all, Own: !all}, o.ID)
				return err
			}
			if show("siti", false) != nil || show("admin", true) != nil || !fault.Is(show("budi", false), fault.NotFound) {
				t.Fatal("rights are wrong")
			}
			k.Clock.Add(25 * time.Hour)
			if !fault.Is(show("siti", false), fault.NotFound) {
				t.Fatal("a day has passed")
			}
			if seen := k.Audits("order:" + string(o.ID)); strings.Count(strings.Join(seen, " "), "order.reveal") != 2 || strings.Contains(strings.Join(seen, " "), o.Password) {
				t.Fatal(seen)
			}
		}},
		{Name: "S20 wrong sales", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 1)
			code := k.StockVoucher(b, 1).Username
			for want, change := range map[string]func(*counter.StockSaleIn){
				"stock.price": func(in *counter.StockSaleIn) { in.Price = 4000 }, "order.plan_unknown": func(in *counter.StockSaleIn) { in.PlanID = "x" },
				"stock.unknown": func(in *counter.StockSaleIn) { in.Code, in.Sites = code, []string{"kos"} }, "order.phone_invalid": func(in *counter.StockSaleIn) { in.Phone = "1" },
				"order.form_stale": func(in *counter.StockSaleIn) { in.Nonce = "x" }, "stock.sold_out": func(in *counter.StockSaleIn) { in.PlanID = "sejam" },
				"shift.closed": func(in *counter.StockSaleIn) { in.Actor = k.Staff("budi") },
			} {
				in := k.StockSaleForm(siti, "sehari", "")
				change(&in)
				if _, err := k.Shop.Counter.SellFromStock(ctx, in); fault.CodeOf(err) != want {
					t.Errorf("%s: %v", want, err)
				}
			}
			for _, typed := range []string{"", "'; DROP TABLE vouchers", "\x00", "\xff", strings.Repeat("a", 10_000)} {
				if _, _, err := k.Shop.Counter.StockByCode(ctx, nil, typed); !fault.Is(err, fault.NotFound) {
					t.Errorf("%.20q: %v", typed, err)
				}
			}
			if v, _, err := k.Shop.Counter.StockByCode(ctx, nil, " "+strings.ToUpper(code)+" "); err != nil || v.Username != code {
				t.Error(v, err)
			}
		}},
	})
}

// receivableKey is the key of the only receivable.
func receivableKey(t *testing.T, k *shoptest.Harness) string {
	t.Helper()
	owed, err := k.Store.Receivables(ctx)
	if err != nil || len(owed) != 1 {
		t.Fatal(owed, err)
	}
	return owed[0].Key
}
