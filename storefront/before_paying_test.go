package storefront

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
)

func TestWhatIsSaidBeforePaying(t *testing.T) {
	for name, c := range map[string]struct {
		sell   func(*catalog.Catalogue)
		days   int
		id, en string
	}{
		"money that comes late works":   {func(*catalog.Catalogue) {}, 0, "Bayar lewat batas waktu? Voucher tetap aktif.", "The voucher works all the same."},
		"money that comes late is back": {func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = true }, 0, "Voucher tidak aktif, uang dikembalikan.", "the money is returned."},
		"and by when":                   {func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = true }, 3, "paling lama 3 hari kemudian", "within 3 days"},
		"a wait":                        {func(c *catalog.Catalogue) { c.Sites[0].Policies.ActivationDelay = 10 * time.Minute }, 0, "Voucher aktif 10 menit setelah pembayaran", "starts 10 minutes after"},
	} {
		t.Run(name, func(t *testing.T) {
			v := open(t, shoptest.Selling(c.sell), shoptest.With(func(o *shop.Options) { o.RefundDays = c.days }))
			for _, page := range []string{"/h/kopi-pojok", path(v.Buy("sehari", "qris"))} {
				for lang, want := range map[string]string{"": c.id, "?lang=en": c.en} {
					if said := text(v.get(page + lang).page(http.StatusOK).Find("main")); !strings.Contains(said, want) {
						t.Errorf("%s%s: no %q in %s", page, lang, want, said)
					}
				}
			}
		})
	}
}

func TestARouterThatIsAwayIsSaidBeforePaying(t *testing.T) {
	v := open(t)
	away := func(page string) bool {
		return strings.Contains(text(v.get(page).page(http.StatusOK).Find("main .note")), "sedang tidak terhubung")
	}
	if err := v.Shop.Routers.CheckRouters(context.Background()); err != nil {
		t.Fatal(err)
	}
	o := v.Buy("sehari", "qris")
	if away("/h/kopi-pojok") || away(path(o)) {
		t.Error("it answers")
	}
	v.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	v.Advance(2 * time.Minute)
	if err := v.Shop.Routers.CheckRouters(context.Background()); err != nil {
		t.Log(err)
	}
	v.Clock.Add(catalogueLife)
	for _, page := range []string{"/h/kopi-pojok", "/h/kopi-pojok?mac=AA:BB:CC:DD:EE:01", path(o)} {
		if !away(page) {
			t.Errorf("%s says nothing", page)
		}
	}
	if away("/h/kos-melati") {
		t.Error("another hotspot's router is away")
	}
}

func TestASoldOutPlanCannotBeOrdered(t *testing.T) {
	v := open(t, shoptest.Selling(func(c *catalog.Catalogue) { c.Plans[0].Delivery = order.OnlyStock }))
	action, pairs := fields(v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari"))
	if len(pairs) == 0 {
		t.Fatal("no form")
	}
	doc := v.get("/h/kopi-pojok").page(http.StatusOK)
	if form := doc.Find("#plan-sehari"); form.Find("button").Length() != 0 || !strings.Contains(text(form), "Habis") {
		t.Errorf("%s", text(form))
	}
	if doc.Find("#plan-sejam button").Length() != 1 {
		t.Error("the other plan is sold")
	}
	// A page from before.
	doc = v.post(action, append(pairs, "method", "qris", "phone", "0812-3456-7890")...).page(http.StatusUnprocessableEntity)
	if !strings.Contains(text(doc.Find(".note.bad")), "sedang habis") || v.orders() != 0 {
		t.Errorf("%d orders: %s", v.orders(), text(doc.Find("main")))
	}
	v.Stocked("sehari", "pojok", 1)
	v.Clock.Add(catalogueLife)
	action, pairs = fields(v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari"))
	first := v.post(action, pairs...).moved()
	if again := v.post(action, pairs...).moved(); again != first {
		t.Error("the same form is another order")
	}
	v.post("/h/kopi-pojok/orders", "plan", "sehari", "method", "qris", "nonce", v.NextNonce()).page(http.StatusUnprocessableEntity)
	if v.orders() != 1 {
		t.Errorf("%d orders for one voucher", v.orders())
	}
	// Its time is over: the voucher may be had again.
	v.Advance(40 * time.Minute)
	v.post("/h/kopi-pojok/orders", "plan", "sehari", "method", "qris", "nonce", v.NextNonce()).moved()
}

func TestARefundIsPromisedForADayOrForNone(t *testing.T) {
	for name, days := range map[string]int{"no rule": 0, "three days": 3} {
		t.Run(name, func(t *testing.T) {
			v := open(t, shoptest.With(func(o *shop.Options) { o.RefundDays = days }))
			o := v.Buy("bulanan", "va:BCA")
			old := v.Reference(o)
			v.post(path(o)+"/method", "method", "qris").moved()
			v.Pay(o)
			v.PayReference(old, 0)
			v.RunAll()
			list := text(v.get(path(o)).page(http.StatusOK).Find(".card.list li"))
			receipt := string(v.get(path(o) + "/receipt?format=text").body)
			if days == 0 && (list != "Rp85.000 akan dikembalikan." || strings.Contains(receipt, "paling lambat") || !strings.Contains(receipt, "Akan dikembalikan: Rp85.000\n")) {
				t.Errorf("%q\n%s", list, receipt)
			}
			if days == 3 && (!strings.Contains(list, "paling lambat 27 Nov 2026") || !strings.Contains(receipt, "Rp85.000, paling lambat 27 Nov 2026")) {
				t.Errorf("%q\n%s", list, receipt)
			}
			refund(v, o)
			v.Clock.Add(2 * time.Second)
			main := text(v.get(path(o)).page(http.StatusOK).Find("main"))
			receipt = string(v.get(path(o) + "/receipt?format=text").body)
			for _, promise := range []string{"akan dikembalikan", "Akan dikembalikan", "paling lambat"} {
				if strings.Contains(main, promise) || strings.Contains(receipt, promise) {
					t.Errorf("still %q: %s\n%s", promise, main, receipt)
				}
			}
			if !strings.Contains(main, "sudah dikembalikan") || !strings.Contains(receipt, "Sudah dikembalikan") {
				t.Errorf("%s\n%s", main, receipt)
			}
		})
	}
}
