package orders_test

import (
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

// A way to pay that is off, or for larger amounts, is not offered and not taken, when an order is
// placed and when its method is changed; a site may have rules of its own.
func TestMethodRules(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "off, minimum, order, sites", Test: func(t *testing.T, k *shoptest.Harness) {
		admin := actor.Named("staff:admin")
		bca, bni := payments.VA("BCA"), payments.VA("BNI")
		save := func(site string, rules ...catalog.MethodRule) {
			t.Helper()
			all, err := k.Store.PaymentMethods(ctx)
			k.Must(err)
			form := catalogue.MethodsForm{SiteID: site, Seen: catalog.MethodFields(all.Own(site)).Digest(), Rules: rules}
			for range 2 {
				k.Must(k.Shop.Catalogue.SaveMethods(ctx, admin, form))
			}
			form.Rules = append(form.Rules, catalog.MethodRule{Method: payments.VA("BRI"), On: true})
			k.WantCode(k.Shop.Catalogue.SaveMethods(ctx, admin, form), "catalogue.changed")
		}
		by := func(method string) error {
			_, err := place(k, func(in *orders.PlaceIn) { in.Method, in.Terms = method, "" })
			return err
		}
		k.WantCode(by("va:BCA"), "order.method_minimum") // 5.000 by default
		save("", catalog.MethodRule{Method: bca, On: true, Minimum: 4000}, catalog.MethodRule{Method: payments.QRIS, On: true, Minimum: 6000}, catalog.MethodRule{Method: bni})
		k.WantCode(by("qris"), "order.method_minimum")
		k.WantCode(by("va:BNI"), "order.method_off")
		o, err := place(k, func(in *orders.PlaceIn) { in.Method, in.Terms = "va:BCA", "" })
		k.Must(err)
		k.WantCode(k.Shop.Orders.SwitchMethod(ctx, o.Token, "qris", "1"), "order.method_minimum")
		k.WantCode(k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BNI", "1"), "order.method_off")
		if v, err := k.Shop.Orders.View(ctx, o.Token); err != nil || len(v.Methods) != 1 || v.Methods[0] != bca {
			t.Error(v.Methods, err)
		}
		plan, err := k.Store.Plan(ctx, "sehari")
		k.Must(err)
		site, err := k.Store.Site(ctx, plan.SiteID)
		k.Must(err)
		rules, err := k.Shop.Orders.MethodRules(ctx, site.ID)
		k.Must(err)
		prices, dearer := k.Shop.Orders.Prices(site, plan, nil, rules)
		if len(prices) != 1 || prices[0].Method != bca || len(dearer) == 0 || dearer[0].Method != payments.QRIS {
			t.Errorf("%+v, dearer %+v", prices, dearer)
		}
		save(site.ID, catalog.MethodRule{Method: payments.QRIS, On: true}, catalog.MethodRule{Method: bca})
		k.Must(by("qris"))
		k.WantCode(by("va:BCA"), "order.method_off")
		changes, err := k.Shop.Catalogue.Changes(ctx, []string{site.ID}, "", 1)
		k.Must(err)
		k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, changes[0].ID))
		k.WantCode(by("qris"), "order.method_minimum")
		k.Must(by("va:BCA"))
		k.WantCode(k.Shop.Catalogue.SaveMethods(ctx, admin, catalogue.MethodsForm{Rules: []catalog.MethodRule{{Method: bca}}}), "methods.none")
		k.WantCode(k.Shop.Catalogue.SaveMethods(ctx, actor.Actor{AuditName: "staff:kos", Sites: []string{"kos"}}, catalogue.MethodsForm{Rules: rules}), "staff.whole_only")
		k.WantCode(k.Shop.Catalogue.SaveMethods(ctx, actor.Actor{AuditName: "staff:kos", Sites: []string{"kos"}}, catalogue.MethodsForm{SiteID: "kopi", Rules: rules}), "site.not_found")
	}}})
}
