package admin

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// stepOf is one step of the guided page.
func (b *browser) stepOf(name string) string {
	b.Helper()
	return text(b.get("/admin/setup").page(http.StatusOK).Find("#" + name))
}

// From an empty database to the first voucher sold at the counter, by what the guided page
// offers and nothing else: no file, no command. Each form is sent twice.
func TestFirstRun(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.UsePanelKeys()
		p := around(t, k)
		link, err := p.accounts.SetupToken(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		b := p.browser()
		if to := b.get("/admin/setup").moved(); !strings.HasPrefix(to, "/admin/login") {
			t.Errorf("without an account it leads to %s", to)
		}
		b.follow(b.submit("/admin/setup?token="+link, "main form", "name", "ani", "password", "kopi manis pagi hari", "again", "kopi manis pagi hari"), "/admin/setup")
		b.follow(b.get("/admin"), "/admin/setup") // the first page of an empty shop
		if said := b.stepOf("router"); !strings.Contains(said, "Selesaikan dulu: Hotspot") {
			t.Errorf("router: %s", said)
		}

		// A hotspot, of its name alone.
		site := b.get("/admin/setup").page(http.StatusOK).Find("#site form")
		if said := text(b.fill(site, "name", "\x01").page(http.StatusUnprocessableEntity).Find("#site [role=alert]")); said == "" {
			t.Error("nothing is said of a name that is none")
		}
		for range 2 {
			b.follow(b.fill(site, "name", "Kopi Pojok", "ssid", "KOPI"), "/admin/setup?m=site.added")
		}
		sites, err := k.Store.Sites(ctx)
		if err != nil || len(sites) != 1 || sites[0].Slug != "kopi-pojok" || sites[0].Portal.SSID != "KOPI" {
			t.Fatalf("%+v %v", sites, err)
		}

		// A router, tested before it is kept; it answers at once.
		page := b.get("/admin/setup").page(http.StatusOK).Find("#router a.btn").AttrOr("href", "")
		sim := k.Routers["pojok"]
		b.submit(page, "main form", "name", "Pojok", "address", sim.Addr(), "user", "gerai", "password", "salah", "act", "save").page(http.StatusUnprocessableEntity)
		if to := b.submit(page, "main form", "name", "Pojok", "address", sim.Addr(), "user", "gerai", "password", "rahasia-pojok", "act", "save").moved(); !strings.HasPrefix(to, "/admin/routers/pojok") {
			t.Fatal(to)
		}
		back := b.get("/admin/routers/pojok").page(http.StatusOK).Find("main p.note a[href='/admin/setup']")
		if back.Length() != 1 {
			t.Error("the page of the router does not lead back")
		}
		if said := b.stepOf("router"); !strings.Contains(said, "Selesai") || !strings.Contains(said, "Menjawab") || !strings.Contains(said, "Siapkan router") {
			t.Errorf("router: %s", said)
		}

		// A plan, of name, price and validity.
		plan := b.get("/admin/setup").page(http.StatusOK).Find("#plan form")
		if bad := b.fill(plan, "name", "1 Hari", "price", "-5", "validity", "1").page(http.StatusUnprocessableEntity).Find("#plan-name"); bad.AttrOr("value", "") != "1 Hari" {
			t.Error("what was typed is lost")
		}
		for range 2 {
			b.follow(b.fill(plan, "name", "1 Hari", "price", "5.000", "validity", "1"), "/admin/setup?m=plan.added")
		}

		// A trial: nothing is left of it, and it is no sale.
		trial := b.get("/admin/setup").page(http.StatusOK).Find("#trial form")
		for range 2 {
			b.follow(b.fill(trial), "/admin/setup?m=setup.trial")
		}
		if said := b.stepOf("trial"); !strings.Contains(said, "berhasil") {
			t.Errorf("trial: %s", said)
		}

		// The first voucher, over the counter, for real money: there is no test key.
		sell := b.get("/admin/setup").page(http.StatusOK).Find("#sale a.btn").AttrOr("href", "")
		b.submit(sell, "form[action='/admin/shift/open']", "opening", "0").moved()
		b.submit(sell, "#sell").moved()
		k.RunAll()
		if _, sold, err := k.Store.FirstSale(ctx); !sold || err != nil {
			t.Fatal("nothing was sold", err)
		}
		orders, err := k.Store.ListOrders(ctx, store.OrderFilter{Limit: 5})
		if err != nil || len(orders) != 1 || orders[0].Test != !k.Shop.Live() || orders[0].Total != 5000 {
			t.Fatalf("%+v %v", orders, err)
		}
		done := b.get("/admin/setup").page(http.StatusOK)
		if said := text(done.Find("main")); !strings.Contains(said, "Toko siap") || !strings.Contains(text(done.Find("#gateway")), "Tidak wajib") {
			t.Errorf("at the end: %s", said)
		}
		if b.get("/admin/orders").page(http.StatusOK).Find("main p.note a[href='/admin/setup']").Length() != 0 {
			t.Error("a shop that has sold is still led")
		}
	}, shoptest.Empty)
}

// follow asserts a redirect and opens the page.
func (b *browser) follow(a answer, to string) {
	b.Helper()
	if have := a.moved(); have != to {
		b.Fatalf("it leads to %s, not to %s", have, to)
	}
	if a := b.get(to); a.StatusCode != http.StatusOK && a.StatusCode != http.StatusSeeOther {
		b.Fatalf("%s: %d", to, a.StatusCode)
	}
}

// Keys of the gateway in the panel: by an admin of all sites who proved who they are, checked, never
// shown again, and taken away after a confirmation.
func TestKeysOfTheGateway(t *testing.T) {
	p := open(t)
	c := p.UsePanelKeys()
	b := p.as(staff.Admin)
	const key, token = "xnd_development_sangat-rahasia", "token-webhook-rahasia"
	for _, role := range []string{staff.Kasir, staff.Teknisi} {
		other := p.as(role)
		other.get("/admin/setup").page(http.StatusForbidden)
		other.get("/admin/setup/gateway").page(http.StatusForbidden)
		other.post("/admin/setup/gateway", "key", key, "tokens", token).page(http.StatusForbidden)
		other.post("/admin/setup/trial", "router", "pojok", "plan", "sehari", "nonce", p.NextNonce()).page(http.StatusForbidden)
	}
	bad := b.submit("/admin/setup/gateway", "main form", "key", "abc-"+key, "tokens", token).page(http.StatusUnprocessableEntity)
	if bad.Find("#key[aria-invalid=true]").Length() != 1 || text(bad.Find("[role=alert]")) == "" {
		t.Error("nothing is said at the field")
	}
	if html, _ := bad.Html(); strings.Contains(html, "sangat-rahasia") || strings.Contains(html, token) {
		t.Error("what was typed is shown again")
	}
	p.Clock.Add(6 * 60e9)
	if to := b.get("/admin/setup/gateway").moved(); !strings.HasPrefix(to, "/admin/prove") {
		t.Errorf("with an old proof: %s", to)
	}
	if to := b.post("/admin/setup/gateway", "key", key, "tokens", token).moved(); !strings.HasPrefix(to, "/admin/prove") {
		t.Errorf("with an old proof: %s", to)
	}
	b.submit("/admin/prove", "main form", "password", password).moved()
	form := b.get("/admin/setup/gateway").page(http.StatusOK).Find("main form")
	for range 2 {
		b.follow(b.fill(form, "key", key, "tokens", token), "/admin/setup?m=setup.gateway")
	}
	if !c.Connected() {
		t.Fatal("not in use")
	}
	for _, page := range []string{"/admin/setup", "/admin/setup/gateway", "/admin/audit"} {
		if html, _ := b.get(page).page(http.StatusOK).Html(); strings.Contains(html, "sangat-rahasia") || strings.Contains(html, token) {
			t.Errorf("%s shows a key", page)
		}
	}
	if said := text(b.get("/admin/setup/gateway").page(http.StatusOK).Find("main")); !strings.Contains(said, "Kunci uji") || !strings.Contains(said, "uji-admin") {
		t.Error(said)
	}
	change := []string{"key", key + "-baru", "tokens", token, "reason", "kunci lama bocor"}
	asked := b.submit("/admin/setup/gateway", "main form", append(change, "typed", "salah")...).page(http.StatusUnprocessableEntity)
	if asked.Find("#typed[aria-invalid=true]").Length() != 1 || asked.Find("#reason").AttrOr("value", "") != "kunci lama bocor" {
		t.Error("a change is not confirmed")
	}
	b.follow(b.submit("/admin/setup/gateway", "main form", append(change, "typed", "xendit")...), "/admin/setup?m=setup.gateway")
	if said := text(b.get("/admin/setup/gateway/forget").page(http.StatusOK).Find("main")); !strings.Contains(said, "loket menjual dengan uang sungguhan") || !strings.Contains(said, "Pengembalian yang sedang berjalan: 0") {
		t.Error(said)
	}
	b.submit("/admin/setup/gateway/forget", "main form", "typed", "salah", "reason", "ganti akun").page(http.StatusUnprocessableEntity)
	b.follow(b.submit("/admin/setup/gateway/forget", "main form", "typed", "xendit", "reason", "ganti akun"), "/admin/setup?m=setup.forget")
	if c.Connected() {
		t.Error("still in use")
	}
}
