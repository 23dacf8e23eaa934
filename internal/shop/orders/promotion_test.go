package orders_test

import (
	"errors"
	"fmt"
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
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

// off takes rupiah off every plan.
func off(amount int64) catalog.Promotion {
	return catalog.Promotion{Name: "Harga akhir pekan", DiscountKind: catalog.AmountOff, Value: amount}
}

// place orders with the terms that a page shows to anyone.
func place(k *shoptest.Harness, change func(*orders.PlaceIn)) (order.Order, error) {
	in := k.Form("sehari", "qris")
	in.Terms = shown(k).Terms()
	if change != nil {
		change(&in)
	}
	return k.Shop.Orders.Place(ctx, in)
}

// shown is what a page shows of the plan by QRIS.
func shown(k *shoptest.Harness) order.Item {
	k.Helper()
	plan, err := k.Store.Plan(ctx, "sehari")
	k.Must(err)
	site, err := k.Store.Site(ctx, plan.SiteID)
	k.Must(err)
	all, err := k.Shop.Orders.Promotions(ctx)
	k.Must(err)
	rules, err := k.Shop.Orders.MethodRules(ctx, site.ID)
	k.Must(err)
	prices, _ := k.Shop.Orders.Prices(site, plan, all, rules)
	return prices[0].Item
}

func wantDue(t *testing.T, o order.Order, err error, due money.Rupiah, promotion string) {
	t.Helper()
	if err != nil || o.Total != due || o.Item.Due() != due || o.Item.Promotion.ID != promotion || o.Item.Price != 5000 {
		t.Fatalf("%s for %+v, want %s of %q: %v", o.Total, o.Item, due, promotion, err)
	}
}

// joined is a device that a router lists.
func joined(k *shoptest.Harness, n int) order.Hints {
	h := order.Hints{MAC: fmt.Sprintf("AA:BB:CC:00:02:%02d", n), IP: fmt.Sprintf("10.5.52.%d", n)}
	k.Join("pojok", h.MAC, h.IP)
	return h
}

func uses(k *shoptest.Harness, id string) catalog.Promotion {
	k.Helper()
	p, err := k.Store.Promotion(ctx, id)
	k.Must(err)
	return p
}

func TestPromotions(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "the best automatic one is a line of the order", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(off(500))
			best := k.Promote(off(1500))
			o, err := place(k, nil)
			wantDue(t, o, err, 3500, best.ID)
			k.Pay(o)
			k.RunAll()
			o = k.Want(o, order.Activated)
			if a, err := k.Store.Attempt(ctx, o.ID, 1); err != nil || a.Amount != 3500 {
				t.Fatal("charged", a.Amount, err)
			}
			if p := uses(k, best.ID); p.Used != 1 || p.Paid != 1 || p.Given != 1500 {
				t.Fatalf("%+v", p)
			}
		}},
		{Name: "one that ends while its price is on the screen is asked about", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(1000)
			p.Until = k.Clock.Now().Add(time.Minute)
			p = k.Promote(p)
			before := shown(k).Terms()
			k.Advance(2 * time.Minute)
			var now *orders.TermsNow
			_, err := place(k, func(in *orders.PlaceIn) { in.Terms = before })
			if !errors.Is(err, orders.ErrTermsChanged) || !errors.As(err, &now) || now.Item.Due() != 5000 {
				t.Fatal(err)
			}
			o, err := place(k, func(in *orders.PlaceIn) { in.Terms = now.Item.Terms() })
			wantDue(t, o, err, 5000, "")
		}},
		{Name: "one that begins while a price is on the screen is asked about", Test: func(t *testing.T, k *shoptest.Harness) {
			before := shown(k).Terms()
			k.Promote(off(1000))
			if _, err := place(k, func(in *orders.PlaceIn) { in.Terms = before }); !errors.Is(err, orders.ErrTermsChanged) {
				t.Fatal(err)
			}
		}},
		{Name: "a use is given back when its order expires, and taken again by late money", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(1000)
			p.MostUses = 1
			p = k.Promote(p)
			before := shown(k).Terms()
			o, err := place(k, nil)
			wantDue(t, o, err, 4000, p.ID)
			if _, err := place(k, func(in *orders.PlaceIn) { in.Terms = before }); !errors.Is(err, orders.ErrTermsChanged) {
				t.Fatal("the second of one:", err)
			}
			k.Advance(40 * time.Minute)
			k.Want(o, order.Expired)
			if p := uses(k, p.ID); p.Used != 0 || shown(k).Due() != 4000 {
				t.Fatalf("%+v", p)
			}
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagLate)
			if p := uses(k, p.ID); p.Used != 1 || p.Given != 1000 {
				t.Fatalf("%+v", p)
			}
		}},
		{Name: "a use is given back when its order is cancelled", Test: func(t *testing.T, k *shoptest.Harness) {
			p := k.Promote(off(1000))
			o, err := place(k, nil)
			wantDue(t, o, err, 4000, p.ID)
			k.Must(k.Shop.Orders.Cancel(ctx, k.Staff("admin"), o.ID, "uji coba"))
			if p := uses(k, p.ID); p.Used != 0 || p.Given != 0 {
				t.Fatalf("%+v", p)
			}
		}},
		{Name: "a discount for one way to pay is not taken along to another", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(1000)
			p.Methods = []payments.Method{payments.QRIS}
			p = k.Promote(p)
			o, err := place(k, nil)
			wantDue(t, o, err, 4000, p.ID)
			k.WantCode(k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "1"), "order.method_promotion")
			v, err := k.Shop.Orders.View(ctx, o.Token)
			if err != nil || len(v.Methods) != 1 || v.Methods[0] != payments.QRIS {
				t.Fatal(v.Methods, err)
			}
			_, err = k.Shop.Counter.Take(ctx, k.CashForm(k.OnShift("siti"), o))
			k.WantCode(err, "order.method_promotion")
		}},
		{Name: "a code is asked for, in any case, and costs what it says", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(2000)
			p.Code = "HEMAT"
			p = k.Promote(p)
			o, err := place(k, nil)
			wantDue(t, o, err, 5000, "")
			o, err = place(k, func(in *orders.PlaceIn) { in.Promo = " hemat " })
			wantDue(t, o, err, 3000, p.ID)
			_, err = place(k, func(in *orders.PlaceIn) { in.Promo = "HEMAD" })
			k.WantCode(err, "promotion.unknown")
			k.Must(k.Shop.Catalogue.EndPromotion(ctx, k.Staff("admin"), nil, p.ID, "sudah cukup"))
			_, err = place(k, func(in *orders.PlaceIn) { in.Promo = "HEMAT" })
			k.WantCode(err, "promotion.ended")
		}},
		{Name: "a code for fewer is used up", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(2000)
			p.Code, p.MostUses = "HEMAT", 1
			k.Promote(p)
			coded := func(in *orders.PlaceIn) { in.Promo = "hemat" }
			if _, err := place(k, coded); err != nil {
				t.Fatal(err)
			}
			_, err := place(k, coded)
			k.WantCode(err, "promotion.used_up")
		}},
		{Name: "once for each customer", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(2000)
			p.MostEach = 1
			p = k.Promote(p)
			o, err := place(k, nil)
			wantDue(t, o, err, 5000, "")
			mine := func(in *orders.PlaceIn) { in.Phone = "081234567890" }
			o, err = place(k, mine)
			wantDue(t, o, err, 3000, p.ID)
			o, err = place(k, mine)
			wantDue(t, o, err, 5000, "")
			here := joined(k, 7)
			o, err = place(k, func(in *orders.PlaceIn) { in.Hints = here })
			wantDue(t, o, err, 3000, p.ID)
			claimed := order.Hints{MAC: "AA:BB:CC:00:02:99", IP: "10.5.52.99"}
			o, err = place(k, func(in *orders.PlaceIn) { in.Hints = claimed })
			wantDue(t, o, err, 5000, "")
		}},
		{Name: "a first purchase", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(2000)
			p.First = true
			p = k.Promote(p)
			mine := func(in *orders.PlaceIn) { in.Phone = "081234567890" }
			o, err := place(k, mine)
			wantDue(t, o, err, 3000, p.ID)
			k.Pay(o)
			k.RunAll()
			o, err = place(k, mine)
			wantDue(t, o, err, 5000, "")
		}},
	})
}

func TestFreeOrders(t *testing.T) {
	trial := catalog.Promotion{Name: "Coba gratis", DiscountKind: catalog.Trial, Plans: []string{"sehari"}}
	shoptest.Run(t, []shoptest.Row{
		{Name: "a trial is delivered without the gateway, once for each device and number", Test: func(t *testing.T, k *shoptest.Harness) {
			p := k.Promote(trial)
			if shown(k).Due() != 0 {
				t.Fatal("it is not shown")
			}
			h := joined(k, 1)
			try := func(phone string, h order.Hints) (order.Order, error) {
				return place(k, func(in *orders.PlaceIn) { in.Phone, in.Hints = phone, h })
			}
			o, err := try("081234567890", h)
			wantDue(t, o, err, 0, p.ID)
			k.RunAll()
			o = k.Want(o, order.Activated)
			if k.Creates() != 0 || len(k.Users("pojok")) != 1 {
				t.Fatal(k.Creates(), "charges", k.Users("pojok"))
			}
			v, err := k.Shop.Orders.Receipt(ctx, o.Token)
			if err != nil || len(v.Payments) != 1 || v.Payments[0].Amount != 0 || v.Attempt.Method != payments.Free {
				t.Fatalf("%+v %v", v.Payments, err)
			}
			for name, again := range map[string]struct {
				phone string
				h     order.Hints
			}{"the number": {"081234567890", joined(k, 2)}, "the device": {"081234567891", h}, "no number": {"", joined(k, 3)},
				"a device that no router lists": {"081234567892", order.Hints{MAC: "AA:BB:CC:00:02:55", IP: "10.5.52.55"}}} {
				var now *orders.TermsNow
				if _, err := try(again.phone, again.h); !errors.Is(err, orders.ErrTermsChanged) || !errors.As(err, &now) || now.Item.Due() != 5000 {
					t.Errorf("%s again: %v", name, err)
				}
			}
		}},
		{Name: "a trial is there once under many requests", Test: func(t *testing.T, k *shoptest.Harness) {
			p := k.Promote(trial)
			h, in := joined(k, 1), shown(k).Terms()
			var placed atomic.Int64
			var all sync.WaitGroup
			for range 12 {
				form := k.Form("sehari", "qris")
				form.Terms, form.Hints, form.Phone = in, h, "081234567890"
				all.Go(func() {
					if _, err := k.Shop.Orders.Place(ctx, form); err == nil {
						placed.Add(1)
					} else if !errors.Is(err, orders.ErrTermsChanged) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			k.RunAll()
			if placed.Load() != 1 || uses(k, p.ID).Used != 1 {
				t.Fatal(placed.Load(), uses(k, p.ID).Used)
			}
		}},
		{Name: "the same free form twice is one order", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(trial)
			form := k.Form("sehari", "qris")
			form.Hints, form.Phone = joined(k, 1), "081234567890"
			first, err := k.Shop.Orders.Place(ctx, form)
			k.Must(err)
			again, err := k.Shop.Orders.Place(ctx, form)
			if err != nil || again.ID != first.ID {
				t.Fatal(again.ID, first.ID, err)
			}
		}},
		{Name: "every third purchase", Test: func(t *testing.T, k *shoptest.Harness) {
			p := k.Promote(catalog.Promotion{Name: "Beli dua gratis satu", DiscountKind: catalog.EveryNth, Value: 3})
			h := joined(k, 1)
			buy := func(due money.Rupiah, promotion string) {
				t.Helper()
				o, err := place(k, func(in *orders.PlaceIn) { in.Hints = h })
				wantDue(t, o, err, due, promotion)
				if due > 0 {
					k.Pay(o)
				}
				k.RunAll()
				k.Want(o, order.Activated)
			}
			for range 2 {
				buy(5000, "")
				buy(5000, "")
				buy(0, p.ID)
			}
		}},
	})
}

// Many at once take no more uses than there are, on both engines.
func TestPromotionRace(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "forty orders at once, seven uses", Test: func(t *testing.T, k *shoptest.Harness) {
		p := off(1000)
		p.MostUses = 7
		p = k.Promote(p)
		terms := shown(k).Terms()
		var placed atomic.Int64
		var all sync.WaitGroup
		for n := range 40 { // of many clients: one holds few uses unpaid
			form := k.Form("sehari", "qris")
			form.Terms, form.Client = terms, fmt.Sprintf("203.0.113.%d", n/2)
			all.Go(func() {
				o, err := k.Shop.Orders.Place(ctx, form)
				switch {
				case err == nil && o.Total == 4000:
					placed.Add(1)
				case !errors.Is(err, orders.ErrTermsChanged):
					t.Errorf("%s %v", o.Total, err)
				}
			})
		}
		all.Wait()
		if now := uses(k, p.ID); placed.Load() != 7 || now.Used != 7 {
			t.Fatalf("%d placed, %d counted", placed.Load(), now.Used)
		}
		if shown(k).Due() != 5000 {
			t.Error("what is used up is still shown")
		}
	}}})
}

// Who guesses codes spends a share of their own: a device that a router lists is served also
// while others behind its address invent addresses, and right codes cost nothing.
func TestGuessingCodes(t *testing.T) {
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) {
		o.Limits.PromotionsPerClient = cache.Limit{Count: 16, Per: time.Hour}
		o.Limits.PromotionsPerDevice = cache.Limit{Count: 4, Per: time.Hour}
	}))
	p := off(1000)
	p.Code = "HEMAT"
	k.Promote(p)
	neighbour, guesser := joined(k, 1), joined(k, 2)
	guess := func(client, code string, h order.Hints) error {
		in := k.Form("sehari", "qris")
		in.Client, in.Promo, in.Hints = client, code, h
		priced, err := k.Shop.Orders.Price(ctx, in)
		if err == nil && priced.Code != nil && !errors.Is(priced.Code, catalog.ErrNoPromotion) {
			t.Fatal(priced.Code)
		}
		return err
	}
	wrong := func(most int, as func(n int) order.Hints) {
		t.Helper()
		n := 0
		for ; n <= most; n++ {
			if err := guess("203.0.113.1", fmt.Sprintf("COBA%d", n), as(n)); fault.CodeOf(err) == "limit.promotion" {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if n == 0 || n > most {
			t.Errorf("%d guesses, want at most %d", n, most)
		}
	}
	wrong(16, func(n int) order.Hints {
		return order.Hints{MAC: fmt.Sprintf("AA:BB:CC:77:00:%02d", n), IP: fmt.Sprintf("10.5.53.%d", n)}
	})
	wrong(4, func(int) order.Hints { return guesser })
	for range 30 {
		if err := guess("203.0.113.1", "hemat", neighbour); err != nil {
			t.Fatal("a neighbour:", err)
		}
		if err := guess("203.0.113.2", "hemat", order.Hints{}); err != nil {
			t.Fatal("another address:", err)
		}
	}
	if err := guess("203.0.113.1", "SALAH", neighbour); err != nil {
		t.Error("a neighbour's slip:", err)
	}
}

// Nothing says without an order whether a phone number bought here before, and refusals that do
// say it are counted.
func TestAskingAboutPhoneNumbers(t *testing.T) {
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) { o.Limits.PromotionsPerClient = cache.Limit{Count: 5, Per: time.Hour} }))
	const regular, stranger = "081234567890", "081298765432"
	as := func(phone, code string, terms string) orders.PlaceIn {
		in := k.Form("sehari", "qris")
		in.Phone, in.Promo, in.Terms, in.Client = phone, code, terms, "203.0.113.1"
		return in
	}
	o, err := k.Shop.Orders.Place(ctx, as(regular, "", ""))
	k.Must(err)
	k.Pay(o)
	k.RunAll()
	automatic, coded := off(500), off(2000)
	automatic.First, coded.First, coded.Code = true, true, "AWAL"
	k.Promote(automatic)
	coded = k.Promote(coded)
	var priced []orders.Priced
	for _, phone := range []string{regular, stranger} {
		for range 40 {
			p, err := k.Shop.Orders.Price(ctx, as(phone, "awal", ""))
			k.Must(err)
			priced = append(priced, p)
		}
	}
	for _, p := range priced {
		if p.Item != priced[0].Item || p.Code != nil || !p.Personal() || p.Item.Due() != 3000 {
			t.Fatalf("%+v", p)
		}
	}
	told := 0
	for ; told < 20; told++ {
		if _, err = k.Shop.Orders.Place(ctx, as(regular, "awal", priced[0].Item.Terms())); fault.CodeOf(err) != "promotion.first" {
			break
		}
	}
	if told != 5 || fault.CodeOf(err) != "limit.promotion" {
		t.Errorf("told %d times, then %v", told, err)
	}
	if _, err := k.Shop.Orders.Place(ctx, as(stranger, "awal", priced[0].Item.Terms())); fault.CodeOf(err) != "limit.promotion" {
		t.Error("another number of the same client:", err)
	}
	plain, err := k.Shop.Orders.Place(ctx, as(regular, "", shown(k).Terms()))
	wantDue(t, plain, err, 5000, "")
	elsewhere := as(stranger, "awal", priced[0].Item.Terms())
	elsewhere.Client = "203.0.113.2"
	o, err = k.Shop.Orders.Place(ctx, elsewhere)
	wantDue(t, o, err, 3000, coded.ID)
}

// A customer has one first purchase, and unpaid orders keep few uses from others.
func TestUnpaidOrdersUnderPromotions(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "two promotions for first purchases", Test: func(t *testing.T, k *shoptest.Harness) {
			first, second := off(2000), off(1000)
			first.First, second.First, second.Code = true, true, "AWAL"
			first = k.Promote(first)
			second = k.Promote(second)
			o, err := place(k, func(in *orders.PlaceIn) { in.Phone = "081234567890" })
			wantDue(t, o, err, 3000, first.ID)
			again := func(in *orders.PlaceIn) { in.Phone, in.Promo, in.Terms = "081234567890", "AWAL", "" }
			_, err = place(k, again)
			k.WantCode(err, "promotion.each")
			k.Advance(40 * time.Minute)
			k.Want(o, order.Expired)
			k.Must(k.Shop.Catalogue.EndPromotion(ctx, k.Staff("admin"), nil, first.ID, "sudah cukup"))
			o, err = place(k, again)
			wantDue(t, o, err, 4000, second.ID)
		}},
		{Name: "uses that one client may hold", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(1000)
			p.MostUses = 9
			p = k.Promote(p)
			from := func(client string) func(*orders.PlaceIn) {
				return func(in *orders.PlaceIn) { in.Client = client }
			}
			var last order.Order
			for range 3 {
				o, err := place(k, from("203.0.113.1"))
				wantDue(t, o, err, 4000, p.ID)
				last = o
			}
			var now *orders.TermsNow
			if _, err := place(k, from("203.0.113.1")); !errors.As(err, &now) || now.Item.Due() != 5000 {
				t.Fatal(err)
			}
			o, err := place(k, from("203.0.113.2"))
			wantDue(t, o, err, 4000, p.ID)
			k.Pay(last)
			k.RunAll()
			o, err = place(k, from("203.0.113.1"))
			wantDue(t, o, err, 4000, p.ID)
			k.Advance(40 * time.Minute)
			if now := uses(k, p.ID); now.Used != 1 {
				t.Fatalf("%d uses are held by one paid order", now.Used)
			}
			for range 3 {
				o, err := place(k, from("203.0.113.1"))
				wantDue(t, o, err, 4000, p.ID)
			}
		}},
	})
}

func TestManagingPromotions(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "made, changed and ended once", Test: func(t *testing.T, k *shoptest.Harness) {
		admin, nonce := actor.Named("admin"), k.NextNonce()
		p := off(1000)
		p.Code = "HEMAT"
		first, err := k.Shop.Catalogue.CreatePromotion(ctx, admin, nil, p, nonce)
		k.Must(err)
		again, err := k.Shop.Catalogue.CreatePromotion(ctx, admin, nil, p, nonce)
		if err != nil || again.ID != first.ID {
			t.Fatal(again.ID, err)
		}
		_, err = k.Shop.Catalogue.CreatePromotion(ctx, admin, nil, p, k.NextNonce())
		k.WantCode(err, "promotion.code_taken")
		changed := first
		changed.Value = 1500
		for range 2 {
			k.Must(k.Shop.Catalogue.SavePromotion(ctx, admin, nil, changed))
		}
		stale := first
		stale.Value = 1700
		k.WantCode(k.Shop.Catalogue.SavePromotion(ctx, admin, nil, stale), "promotion.changed")
		k.WantCode(k.Shop.Catalogue.EndPromotion(ctx, admin, []string{"kopi"}, first.ID, "sudah cukup"), "promotion.not_found")
		for range 2 {
			k.Must(k.Shop.Catalogue.EndPromotion(ctx, admin, nil, first.ID, "sudah cukup"))
		}
		k.WantCode(k.Shop.Catalogue.SavePromotion(ctx, admin, nil, changed), "promotion.over")
		if got := k.Audits("promotion:" + first.ID); len(got) != 3 {
			t.Error(got)
		}
	}}})
}
