package storefront

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/store"
)

// orders is how many orders there are.
func (v *visit) orders() int {
	v.Helper()
	all, err := v.Store.ListOrders(context.Background(), store.OrderFilter{Limit: 100})
	if err != nil {
		v.Fatal(err)
	}
	return len(all)
}

// with replaces a field of a form.
func with(pairs []string, name, value string) []string {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == name {
			pairs[i+1] = value
		}
	}
	return pairs
}

func TestAChangedPlanIsAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(p *catalog.Plan, s *catalog.Site)
		was, now string
	}{
		"price":    {func(p *catalog.Plan, _ *catalog.Site) { p.Price = 7000 }, "Rp5.000", "Rp7.000"},
		"validity": {func(p *catalog.Plan, _ *catalog.Site) { p.Validity = 3 * time.Hour }, "1 hari", "3 jam"},
		"quota":    {func(p *catalog.Plan, _ *catalog.Site) { p.DataLimit = 5e8 }, "Kuota tanpa batas", "500 MB"},
		"speed":    {func(p *catalog.Plan, _ *catalog.Site) { p.RateLimit = "1M/1M" }, "5 Mbps", "1 Mbps"},
		"devices":  {func(p *catalog.Plan, _ *catalog.Site) { p.SharedUsers = 3 }, "1 perangkat", "3 perangkat"},
		"delay":    {func(_ *catalog.Plan, s *catalog.Site) { s.Policies.ActivationDelay = 20 * time.Minute }, "Voucher tetap aktif", "20 menit"},
		"late":     {func(_ *catalog.Plan, s *catalog.Site) { s.Policies.RefundLate = true }, "tetap aktif", "uang dikembalikan"},
	} {
		t.Run(name, func(t *testing.T) {
			v := open(t)
			action, pairs := fields(v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari"))
			v.Resell(func(cat *catalog.Catalogue) {
				for i := range cat.Plans {
					if cat.Plans[i].ID == "sehari" {
						c.change(&cat.Plans[i], &cat.Sites[0])
					}
				}
			})
			doc := v.post(action, with(pairs, "phone", "0812-3456-7890")...).page(http.StatusConflict)
			said := text(doc.Find("#plan-sehari .note.bad"))
			was, now, _ := strings.Cut(said, "Sekarang:")
			if !strings.Contains(was, "Tadi:") || !strings.Contains(was, c.was) || !strings.Contains(now, c.now) {
				t.Errorf("%q", said)
			}
			if got := doc.Find("#plan-sehari input[name=phone]").AttrOr("value", ""); got != "0812-3456-7890" {
				t.Errorf("the number is lost: %q", got)
			}
			if n := v.orders(); n != 0 {
				t.Fatalf("%d orders", n)
			}
			// The form that came back agrees to what holds now.
			action, pairs = fields(doc.Find("#plan-sehari"))
			to := v.post(action, pairs...).moved()
			if again := v.post(action, pairs...).moved(); again != to || v.orders() != 1 {
				t.Errorf("%s and %s, %d orders", to, again, v.orders())
			}
		})
	}
}

func TestAFormSentTwiceIsOneOrderWhateverThePriceDoes(t *testing.T) {
	v := open(t)
	action, pairs := fields(v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari"))
	to := v.post(action, pairs...).moved()
	v.Resell(func(c *catalog.Catalogue) { c.Plans[0].Price = 7000 })
	if again := v.post(action, pairs...).moved(); again != to {
		t.Errorf("%s, then %s", to, again)
	}
}

func TestAgainIsAskedWhereThePlanChanged(t *testing.T) {
	for name, c := range map[string]struct {
		order  func(v *visit) order.Order
		action string
	}{
		"new code": {func(v *visit) order.Order {
			o := v.Buy("sehari", "qris")
			v.Advance(40 * time.Minute)
			return o
		}, "renew"},
		"extension": {bought, "extend"},
		"buy again": {func(v *visit) order.Order {
			o := bought(v)
			v.Advance(25 * time.Hour)
			return o
		}, "extend"},
	} {
		t.Run(name, func(t *testing.T) {
			v := open(t)
			v.Resell(func(c *catalog.Catalogue) { c.Plans[0].ValidFrom = order.FromPurchase })
			o := c.order(v)
			action, pairs := fields(v.get(path(o) + "?mac=AA:BB:CC:DD:EE:01&ip=10.5.50.9").page(http.StatusOK).Find("form[action$='/" + c.action + "']"))
			if action == "" {
				t.Fatal("no form")
			}
			v.Resell(func(c *catalog.Catalogue) { c.Plans[0].Price, c.Plans[0].SharedUsers = 9000, 2 })
			doc := v.post(action, pairs...).page(http.StatusConflict)
			said := text(doc.Find("[role=status]"))
			was, now, _ := strings.Cut(said, "Sekarang:")
			if !strings.Contains(said, "belum ada yang dipesan") || !strings.Contains(was, "Rp5.000") || !strings.Contains(now, "Rp9.000") || !strings.Contains(now, "2 perangkat") {
				t.Errorf("%q", said)
			}
			if n := v.orders(); n != 1 {
				t.Fatalf("%d orders", n)
			}
			action, pairs = fields(doc.Find("form[action$='/" + c.action + "']"))
			to := v.post(action, pairs...).moved()
			if v.orders() != 2 || !strings.Contains(to, "mac=AA") {
				t.Errorf("%s, %d orders", to, v.orders())
			}
		})
	}
}

func TestTheRestIsAskedAgainWhereItChanged(t *testing.T) {
	v := open(t)
	o := v.Buy("bulanan", "va:BCA")
	form := v.get(path(o)).page(http.StatusOK).Find("form.ways")
	if got := form.Find("input[name=due]").AttrOr("value", ""); got != "85000" {
		t.Fatalf("due %q", got)
	}
	to := v.post(path(o)+"/method", "method", "qris", "due", "84000").moved()
	if doc := v.get(to).page(http.StatusOK); !strings.Contains(text(doc.Find(".note")), "sudah berubah") || doc.Find(".va").Length() != 1 {
		t.Errorf("%s", text(doc.Find("main")))
	}
	if doc := v.get(v.post(path(o)+"/method", "method", "qris", "due", "85000").moved()).page(http.StatusOK); doc.Find(".qr img").Length() != 1 {
		t.Errorf("%s", text(doc.Find("main")))
	}
}

// A customer who goes back to the plans and chooses another way to pay gets it
// for the order that is open.
func TestBackAndAnotherMethodIsTheSameOrder(t *testing.T) {
	v := open(t)
	action, pairs := fields(v.get("/h/kos-melati").page(http.StatusOK).Find("form.plan"))
	first := v.post(action, with(pairs, "method", "qris")...).moved()
	second := v.post(action, with(pairs, "method", "va:BCA")...).moved()
	if first != second || v.orders() != 1 {
		t.Fatalf("%s and %s, %d orders", first, second, v.orders())
	}
	if got := v.get(second).page(http.StatusOK).Find("h1").Text(); got != "Transfer Rp85.000" {
		t.Errorf("%q", got)
	}
	// The same again changes nothing, and back again is back again.
	if again := v.post(action, pairs...).moved(); again != first {
		t.Error(again)
	}
	if third := v.post(action, with(pairs, "method", "qris")...).moved(); third != first || v.get(third).page(http.StatusOK).Find(".qr img").Length() != 1 {
		t.Errorf("%s", third)
	}
}
