package orders_test

import (
	"errors"
	"sync"
	"testing"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
)

// What goes towards the n-th purchase: kept money, of the device itself, for what is sold under
// the promotion.
func TestWhatCountsTowardsTheNth(t *testing.T) {
	third := catalog.Promotion{Name: "Beli dua gratis satu", DiscountKind: catalog.EveryNth, Value: 3, Plans: []string{"sehari"}}
	const phone = "081234567890"
	as := func(phone string, h order.Hints) func(*orders.PlaceIn) {
		return func(in *orders.PlaceIn) { in.Phone, in.Hints = phone, h }
	}
	buyTwo := func(k *shoptest.Harness, change func(*orders.PlaceIn)) {
		for range 2 {
			o, err := place(k, change)
			k.Must(err)
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}
	}
	shoptest.Run(t, []shoptest.Row{
		{Name: "the phone number of another customer", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(third)
			buyTwo(k, as(phone, joined(k, 1)))
			o, err := place(k, as(phone, joined(k, 2)))
			wantDue(t, o, err, 5000, "")
		}},
		{Name: "the same purchases twice", Test: func(t *testing.T, k *shoptest.Harness) {
			p, mine := k.Promote(third), joined(k, 1)
			buyTwo(k, as(phone, mine))
			o, err := place(k, as("", mine))
			wantDue(t, o, err, 0, p.ID)
			o, err = place(k, as(phone, joined(k, 2)))
			wantDue(t, o, err, 5000, "")
		}},
		{Name: "orders that were cancelled", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(third)
			mine, admin := as("", joined(k, 1)), k.Staff("admin")
			for range 2 {
				o, err := place(k, mine)
				k.Must(err)
				k.Must(k.Shop.Orders.Cancel(ctx, admin, o.ID, "uji coba"))
				k.Pay(o)
				k.RunAll()
				if o = k.Order(o); o.Status != order.Cancelled || o.PaidAt.IsZero() {
					t.Fatal(o.Status, o.PaidAt)
				}
			}
			o, err := place(k, mine)
			wantDue(t, o, err, 5000, "")
		}},
		{Name: "other plans", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(third)
			h := joined(k, 1)
			buyTwo(k, func(in *orders.PlaceIn) { in.PlanID, in.Terms, in.Hints = "sejam", "", h })
			o, err := place(k, as("", h))
			wantDue(t, o, err, 5000, "")
		}},
		{Name: "simulated money in a shop that takes real money", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(third)
			mine := as("", joined(k, 1))
			buyTwo(k, mine)
			k.Shop.Orders.Live = func() bool { return true }
			o, err := place(k, mine)
			wantDue(t, o, err, 5000, "")
		}},
	})
}

// A form that comes back is the order it made, or is asked about; it is never something else.
func TestPromotionFormsThatComeBack(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a free order that was delivered", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Promote(catalog.Promotion{Name: "Coba gratis", DiscountKind: catalog.Trial, Plans: []string{"sehari"}})
			form := k.Form("sehari", "qris")
			form.Hints, form.Phone = joined(k, 1), "081234567890"
			first, err := k.Shop.Orders.Place(ctx, form)
			k.Must(err)
			k.RunAll()
			k.Want(first, order.Activated)
			again, err := k.Shop.Orders.Place(ctx, form)
			if err != nil || again.ID != first.ID {
				t.Fatal(again.ID, first.ID, err)
			}
			form.PlanID = "sejam"
			_, err = k.Shop.Orders.Place(ctx, form)
			k.WantCode(err, "order.nonce_reused")
		}},
		{Name: "a code typed on the page of an order without one", Test: func(t *testing.T, k *shoptest.Harness) {
			p := off(2000)
			p.Code = "HEMAT"
			p = k.Promote(p)
			form := k.Form("sehari", "qris")
			_, err := k.Shop.Orders.Place(ctx, form)
			k.Must(err)
			form.Promo = "HEMAT"
			_, err = k.Shop.Orders.Place(ctx, form)
			k.WantCode(err, "order.nonce_reused")
			form.Nonce = k.NextNonce()
			o, err := k.Shop.Orders.Place(ctx, form)
			wantDue(t, o, err, 3000, p.ID)
			again, err := k.Shop.Orders.Place(ctx, form)
			if err != nil || again.ID != o.ID {
				t.Fatal(again.ID, o.ID, err)
			}
		}},
		{Name: "a promotion that is used up leaves the next best", Test: func(t *testing.T, k *shoptest.Harness) {
			best, next := off(2000), off(1000)
			best.MostEach, next.MostEach = 1, 100
			k.Promote(best)
			k.Promote(next)
			var all sync.WaitGroup
			for n := range 12 {
				form := k.Form("sehari", "qris")
				form.Terms, form.Phone, form.Client = shown(k).Terms(), "081234567890", string(rune('a'+n))
				all.Go(func() {
					var now *orders.TermsNow
					switch o, err := k.Shop.Orders.Place(ctx, form); {
					case err == nil && (o.Total == 3000 || o.Total == 4000):
					case errors.As(err, &now) && now.Item.Due() == 4000:
					case fault.Is(err, fault.Limited):
					default:
						t.Errorf("%s, now %+v: %v", o.Total, now, err)
					}
				})
			}
			all.Wait()
		}},
	})
}
