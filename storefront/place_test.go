package storefront

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

func TestTwoTapsToTheCode(t *testing.T) {
	v := open(t)
	action, pairs := fields(v.get("/h/kopi-pojok?lang=en&mac=AA:BB:CC:DD:EE:FF&ip=10.5.50.9").page(http.StatusOK).Find("form.plan").First())
	to := v.post(action, pairs...).moved()
	where, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, "/o/") || where.Query().Encode() != "ip=10.5.50.9&lang=en&mac=AA%3ABB%3ACC%3ADD%3AEE%3AFF" {
		t.Fatalf("%q %v", to, err)
	}
	doc := v.get(to).page(http.StatusOK)
	if doc.Find(".qr img").Length() != 1 || doc.Find("html").AttrOr("lang", "") != "en" {
		t.Error("no code to pay")
	}
	o, err := v.Store.OrderByToken(context.Background(), order.Token(strings.TrimPrefix(where.Path, "/o/")))
	if err != nil || o.Lang != "en" || o.Hints.MAC != "AA:BB:CC:DD:EE:FF" || o.Hints.IP != "10.5.50.9" {
		t.Errorf("%+v %v", o, err)
	}
	// The same form again: a double tap, a reload.
	if again := v.post(action, pairs...).moved(); again != to {
		t.Errorf("a second order: %q and %q", to, again)
	}
	if all, err := v.Store.ListOrders(context.Background(), store.OrderFilter{Limit: 10}); err != nil || len(all) != 1 {
		t.Errorf("%d orders %v", len(all), err)
	}
}

func TestRefusedFormsComeBackFilledIn(t *testing.T) {
	v := open(t)
	for _, c := range []struct {
		name, plan, method, phone, nonce string
		status                           int
		says                             string
	}{
		{"phone", "sehari", "qris", "08-bukan-nomor", "a-nonce-of-my-own-1", 422, "Nomor WhatsApp belum benar"},
		{"bank too dear", "sehari", "va:BCA", "0812 3456 7890", "a-nonce-of-my-own-2", 422, "terlalu kecil untuk cara bayar ini"},
		{"unknown way", "sehari", "gold", "", "a-nonce-of-my-own-3", 422, "Pilih salah satu cara bayar"},
		{"unknown plan", "mars", "qris", "0812", "a-nonce-of-my-own-4", 422, "Paket itu sudah tidak dijual"},
		{"another site's plan", "bulanan", "qris", "", "a-nonce-of-my-own-5", 422, "Paket itu sudah tidak dijual"},
		{"a nonce to guess", "sehari", "qris", "", "form-1", 422, "Tekan tombolnya sekali lagi"},
		{"nasty", "<script>", "\"><b>", strings.Repeat("9", 5000), "x", 422, "Paket itu"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := v.post("/h/kopi-pojok/orders", "plan", c.plan, "method", c.method, "phone", c.phone, "nonce", c.nonce, "mac", "AA:BB:CC:DD:EE:01")
			doc := a.page(c.status)
			message := doc.Find(".note.bad")
			if message.Length() != 1 || !strings.Contains(message.Text(), c.says) || message.AttrOr("role", "") != "alert" {
				t.Errorf("%q", message.Text())
			}
			if doc.Find("script").Length() != 1 || doc.Find("main b").Length() != 0 {
				t.Error("typed text became markup")
			}
			if c.plan != "sehari" {
				return
			}
			form := doc.Find("#plan-sehari")
			if form.Find("details[open]").Length() != 1 || form.Find("input[name=phone]").AttrOr("value", "") != c.phone || form.Find("input[name=mac]").AttrOr("value", "") != "AA:BB:CC:DD:EE:01" {
				t.Error("what was typed is lost")
			}
			// The form that came back is good to be sent.
			action, pairs := fields(form)
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == "phone" {
					pairs[i+1] = ""
				}
			}
			v.post(action, pairs...).moved()
		})
	}
	if doc := v.post("/h/kopi-pojok/orders?lang=en", "plan", "sehari", "phone", "1", "nonce", "a-nonce-of-my-own-6").page(422); !strings.Contains(doc.Find(".note.bad").Text(), "not right") {
		t.Error("not in English")
	}
	v.post("/h/nowhere/orders", "plan", "sehari").page(http.StatusNotFound)
}

// A program that sends no nonce gets an order for each time it asks.
func TestWithoutANonce(t *testing.T) {
	v := open(t)
	buy := func() string { return v.post("/h/kopi-pojok/orders", "plan", "sehari", "method", "qris").moved() }
	if first, second := buy(), buy(); first == second || !strings.HasPrefix(first, "/o/") {
		t.Errorf("%q and %q", first, second)
	}
}

func TestAnotherPlanFromTheSamePage(t *testing.T) {
	v := open(t)
	nonce := "a-nonce-of-my-own-7"
	v.post("/h/kopi-pojok/orders", "plan", "sehari", "method", "qris", "nonce", nonce).moved()
	doc := v.post("/h/kopi-pojok/orders", "plan", "sejam", "method", "qris", "nonce", nonce).page(http.StatusConflict)
	if !strings.Contains(doc.Find("#plan-sejam .note.bad").Text(), "sekali lagi") {
		t.Errorf("%q", text(doc.Find("main")))
	}
	action, pairs := fields(doc.Find("#plan-sejam"))
	v.post(action, pairs...).moved()
}

func TestTooManyOrders(t *testing.T) {
	limits := shop.DefaultLimits
	limits.OrdersPerClient = cache.Limit{Count: 1, Per: time.Minute}
	v := open(t, shoptest.With(func(o *shop.Options) { o.Limits = &limits }))
	for i, want := range []int{303, 429} {
		a := v.post("/h/kopi-pojok/orders", "plan", "sehari", "method", "qris", "nonce", v.NextNonce())
		if a.StatusCode != want {
			t.Fatalf("%d: %d", i, a.StatusCode)
		}
		if want == 429 && (a.Header.Get("Retry-After") == "" || !strings.Contains(a.page(429).Find("#plan-sehari .note.bad").Text(), "Terlalu banyak pesanan")) {
			t.Errorf("%v %s", a.Header, a.body)
		}
	}
}

func TestForeignFormsAreRefused(t *testing.T) {
	v := open(t)
	for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		a := v.do(http.MethodPost, "/h/kopi-pojok/orders", strings.NewReader("plan=sehari&nonce=a-nonce-of-my-own-8"), header, value)
		if a.page(http.StatusForbidden).Find("h1").Text() != "Tidak diizinkan" {
			t.Errorf("%s: %d", header, a.StatusCode)
		}
	}
	v.do(http.MethodPost, "/h/kopi-pojok/orders", strings.NewReader("plan=sehari&nonce=a-nonce-of-my-own-9"), "Origin", "null").moved()
}
