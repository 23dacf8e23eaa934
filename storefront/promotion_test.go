package storefront

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

func weekendPrice() catalog.Promotion {
	return catalog.Promotion{Name: "Harga akhir pekan", DiscountKind: catalog.AmountOff, Value: 1000}
}

// priceText is what a plan's card says of its price.
func priceText(v *visit) string {
	v.Helper()
	return strings.Join(strings.Fields(v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari .price").Text()), " ")
}

// formOf are the fields of a plan's form as a browser would send them.
func formOf(v *visit, a answer, status int) url.Values {
	v.Helper()
	out := url.Values{}
	form := a.page(status).Find("#plan-sehari")
	for _, n := range form.Find("input").Nodes {
		at := map[string]string{}
		for _, x := range n.Attr {
			at[x.Key] = x.Val
		}
		if _, ticked := at["checked"]; at["type"] == "radio" && !ticked {
			continue
		}
		out.Set(at["name"], at["value"])
	}
	return out
}

func pairsOf(form url.Values) (out []string) {
	for name, values := range form {
		for _, value := range values {
			out = append(out, name, value)
		}
	}
	return out
}

// A kept page changes at the instants at which promotions begin and end, and reads nothing in
// between.
func TestKeptPagesFollowPromotions(t *testing.T) {
	var statements atomic.Int64
	v := open(t, shoptest.Counting(&statements))
	p := weekendPrice()
	p.From, p.Until = v.Clock.Now().Add(5*time.Second), v.Clock.Now().Add(10*time.Second)
	v.Promote(p)
	quiet := func(want string) {
		t.Helper()
		if got := priceText(v); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
		statements.Store(0)
		for range 3 {
			priceText(v)
		}
		if n := statements.Load(); n != 0 {
			t.Errorf("%d statements", n)
		}
	}
	const usual, cheap = "Rp5.000", "Harga biasa Rp5.000 Harga sekarang Rp4.000"
	quiet(usual)
	v.Clock.Add(5*time.Second - time.Millisecond)
	quiet(usual)
	v.Clock.Add(time.Millisecond)
	quiet(cheap)
	v.Clock.Add(5*time.Second - time.Millisecond)
	quiet(cheap)
	v.Clock.Add(time.Millisecond)
	quiet(usual)
	if doc := v.get("/h/kopi-pojok").page(http.StatusOK); doc.Find("input[name=promo]").Length() != 0 {
		t.Error("a code is asked for although there is none")
	}
}

// The old price is struck through and said in words, and the page says why.
func TestAPromotionIsShown(t *testing.T) {
	v := open(t)
	v.Promote(weekendPrice())
	card := v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari")
	if card.Find(".price s").Length() != 1 || !strings.Contains(card.Text(), "Harga akhir pekan") {
		t.Fatal(card.Text())
	}
	form := formOf(v, v.get("/h/kopi-pojok"), http.StatusOK)
	placed := v.post("/h/kopi-pojok/orders", pairsOf(form)...)
	if placed.StatusCode != http.StatusSeeOther {
		t.Fatal(placed.StatusCode, string(placed.body))
	}
	text := v.get(placed.Header.Get("Location")).page(http.StatusOK).Find("details").Text()
	for _, want := range []string{"Rp5.000", "Potongan: Harga akhir pekan", "-Rp1.000", "Rp4.000"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// A price that is for one way to pay stands beside it, and each way has terms of its own.
func TestAPromotionForOneMethod(t *testing.T) {
	v := open(t, shoptest.Selling(func(c *catalog.Catalogue) {
		for i := range c.Plans {
			if c.Plans[i].ID == "sehari" {
				c.Plans[i].Price = 20_000
			}
		}
	}))
	p := weekendPrice()
	p.Methods = []payments.Method{"va"}
	v.Promote(p)
	card := v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari")
	if !strings.Contains(card.Find(".price").Text(), "Rp20.000") || !strings.Contains(card.Find("fieldset").Text(), "Rp19.000") {
		t.Fatal(card.Text())
	}
	form := formOf(v, v.get("/h/kopi-pojok"), http.StatusOK)
	form.Set("method", "va:BCA")
	placed := v.post("/h/kopi-pojok/orders", pairsOf(form)...)
	if placed.StatusCode != http.StatusSeeOther {
		t.Fatal(placed.StatusCode, string(placed.body))
	}
	if o := v.Orders()[0]; o.Total != 19_000 {
		t.Fatal(o.Total)
	}
}

// A code is looked up without ordering; what is wrong with one is said at its field, and what
// was typed stays.
func TestCodesOnThePage(t *testing.T) {
	v := open(t)
	p := weekendPrice()
	p.Code = "HEMAT"
	p = v.Promote(p)
	other := weekendPrice()
	other.Code, other.Plans = "LAIN", []string{"sejam"}
	v.Promote(other)
	apply := func(code string, buy bool) answer {
		form := formOf(v, v.get("/h/kopi-pojok"), http.StatusOK)
		form.Set("promo", code)
		form.Set("phone", "0812 3456 7890")
		if !buy {
			form.Set("apply", "1")
		}
		return v.post("/h/kopi-pojok/orders", pairsOf(form)...)
	}
	wrong := func(code, sentence string) {
		t.Helper()
		for _, buy := range []bool{false, true} {
			card := apply(code, buy).page(http.StatusUnprocessableEntity).Find("#plan-sehari")
			field := card.Find("input[name=promo]")
			by := field.AttrOr("aria-describedby", "-")
			if got := card.Find("#" + by).Text(); !strings.Contains(got, sentence) || field.AttrOr("value", "") != code || card.Find("input[name=phone]").AttrOr("value", "") != "0812 3456 7890" {
				t.Errorf("%s: %q, kept %q", code, got, field.AttrOr("value", ""))
			}
		}
	}
	wrong("SALAH", "tidak dikenal")
	wrong("lain", "tidak berlaku untuk paket ini")
	right := apply("hemat", false)
	card := right.page(http.StatusOK).Find("#plan-sehari")
	if !strings.Contains(card.Find(".price").Text(), "Rp4.000") || len(v.Orders()) != 0 {
		t.Fatal(card.Text())
	}
	placed := v.post("/h/kopi-pojok/orders", pairsOf(formOf(v, right, http.StatusOK))...)
	if placed.StatusCode != http.StatusSeeOther || v.Orders()[0].Total != 4000 {
		t.Fatal(placed.StatusCode, string(placed.body))
	}
	v.Must(v.Shop.Catalogue.EndPromotion(t.Context(), v.Staff("admin"), nil, p.ID, "sudah cukup"))
	wrong("HEMAT", "sudah berakhir")
}

// A trial is ordered on the page of the hotspot and needs no payment; who had it is shown what
// it costs, and orders it for that.
func TestATrialOnThePage(t *testing.T) {
	v := open(t)
	v.Promote(catalog.Promotion{Name: "Coba gratis", DiscountKind: catalog.Trial, Plans: []string{"sehari"}})
	if got := priceText(v); !strings.Contains(got, "Gratis") {
		t.Fatal(got)
	}
	h := order.Hints{MAC: "AA:BB:CC:00:02:01", IP: "10.5.52.1"}
	v.Join("pojok", h.MAC, h.IP)
	path := "/h/kopi-pojok?mac=" + url.QueryEscape(h.MAC) + "&ip=" + h.IP
	try := func() answer {
		form := formOf(v, v.get(path), http.StatusOK)
		form.Set("phone", "081234567890")
		return v.post("/h/kopi-pojok/orders", pairsOf(form)...)
	}
	placed := try()
	if placed.StatusCode != http.StatusSeeOther {
		t.Fatal(placed.StatusCode, string(placed.body))
	}
	v.RunAll()
	v.Want(v.Orders()[0], order.Activated)
	v.get(placed.Header.Get("Location")).page(http.StatusOK)
	v.get(strings.Split(placed.Header.Get("Location"), "?")[0] + "/receipt").page(http.StatusOK)

	again := try()
	form := formOf(v, again, http.StatusConflict)
	if got := again.page(http.StatusConflict).Find("#plan-sehari .price").Text(); !strings.Contains(got, "Rp5.000") || len(v.Orders()) != 1 {
		t.Fatal(got)
	}
	if placed := v.post("/h/kopi-pojok/orders", pairsOf(form)...); placed.StatusCode != http.StatusSeeOther {
		t.Fatal(placed.StatusCode, string(placed.body))
	}
	for _, o := range v.Orders() {
		if o.Total != 0 && o.Total != 5000 {
			t.Error(o.Total)
		}
	}
}

// A way to pay that a plan is too cheap for is not offered, and the page says from what on it is.
func TestMethodsFromAMinimum(t *testing.T) {
	v := open(t)
	card := v.get("/h/kopi-pojok").page(http.StatusOK).Find("#plan-sehari")
	if got := card.Text(); card.Find("input[name=method]").Length() != 1 || !strings.Contains(got, "Transfer bank (virtual account) tersedia mulai Rp10.000.") {
		t.Error(got)
	}
}
