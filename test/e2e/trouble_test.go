package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The router is away during a payment: the page says so, asks for no second payment, and
// the voucher appears when the router is back.
func TestRouterAway(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		d := own(t)
		p := newPhone(t, d, k)
		p.buy("kopi-pojok", "kopi-1hari")
		order := p.order()
		d.router(t, "pojok-1", map[string]any{"down": true})
		d.pay(t, order+"-1", 0)
		p.shows("h1", "Pembayaran diterima", 20*time.Second)
		if p.sees(credits) || len(d.users(t, order)) != 0 {
			t.Fatal("credentials of a router that is away")
		}
		p.shows(".lead", "Router hotspot sedang tidak terhubung", 60*time.Second)
		if text := p.read("main"); !strings.Contains(text, "tidak perlu bayar lagi") || p.sees(qr) {
			t.Errorf("the page says %q", text)
		}
		p.picture("router-away-" + k.name)
		// Others are not slower for it.
		other := newPhone(t, d, k)
		other.buy("kos-melati", "kos-hemat")
		d.pay(t, other.order()+"-1", 0)
		other.appears(credits, 15*time.Second)

		d.router(t, "pojok-1", map[string]any{})
		p.appears(credits, 30*time.Second)
		p.voucher(order)
	})
}

// No webhook ever comes: the open page finds the payment within ten seconds.
func TestWebhookLost(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		d := own(t)
		d.gateway(t, map[string]any{"drop_webhooks": true})
		p := newPhone(t, d, k)
		p.buy("kopi-pojok", "kopi-1hari")
		order := p.order()
		d.pay(t, order+"-1", 0)
		p.appears(credits, 20*time.Second)
		p.voucher(order)
	})
}

// The process dies with the page open. The same page goes on without a reload.
func TestServerDies(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		dir := t.TempDir()
		d := own(t, "--dir", dir)
		p := newPhone(t, d, k)
		p.buy("kopi-pojok", "kopi-1hari")
		order := p.order()
		d.router(t, "pojok-1", map[string]any{"hang": true, "only": "writes", "count": 1})
		d.pay(t, order+"-1", 0)
		d = d.again(t, dir)
		p.d = d
		p.appears(credits, 40*time.Second)
		p.voucher(order)
	})
}

// A thumb that trembles buys once.
func TestDoubleTap(t *testing.T) {
	t.Parallel()
	d := common(t)
	p := newPhone(t, d, modern)
	p.open("/h/kopi-pojok")
	eval[bool](p, `(function () { var f = document.querySelector("#plan-kopi-1hari"); f.submit(); f.submit(); f.submit(); return true; })()`)
	p.waits(qr, patience)
	order := p.order()
	if n := len(d.charges(t, order)); n != 1 {
		t.Errorf("%d charges", n)
	}
	// Back, and the same button on the page the browser kept. Once the answer is out: a page that is being left gives none.
	eval[bool](p, `setTimeout(function () { history.back(); }), true`)
	p.waits("#plan-kopi-1hari", patience)
	// A page from the browser's own memory has a document that the driver does not follow.
	eval[bool](p, `setTimeout(function () { document.querySelector("#plan-kopi-1hari > .btn").click(); }), true`)
	p.waits(qr, patience)
	if p.order() != order {
		t.Errorf("order %s became %s", order, p.order())
	}
}

// Bad input: the message is at the field, what was typed is still there, and
// no order came of it.
func TestBadInput(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		d := own(t)
		p := newPhone(t, d, k)
		p.open("/h/kos-melati")
		p.tap("#plan-kos-10gb summary")
		p.tap(`#plan-kos-10gb input[value="va:BNI"]`)
		p.write(`#plan-kos-10gb input[name="phone"]`, "12ab")
		if s := p.follow("#plan-kos-10gb > .btn"); s != http.StatusUnprocessableEntity && s != http.StatusBadRequest {
			t.Errorf("answered %d", s)
		}
		field := `#plan-kos-10gb input[name="phone"]`
		if !p.sees(field) || !p.sees("#plan-kos-10gb .note.bad") {
			t.Fatalf("no message at the field, the page says %q", p.read("main"))
		}
		if v := eval[string](p, `document.querySelector('`+field+`').value`); v != "12ab" {
			t.Errorf("the field holds %q", v)
		}
		if !eval[bool](p, `document.querySelector('#plan-kos-10gb input[value="va:BNI"]').checked`) {
			t.Error("the chosen method is forgotten")
		}
		p.picture("bad-input-" + k.name)
		if c := d.charges(t, ""); len(c) != 0 {
			t.Errorf("charges %v", c)
		}
	})
}

// The gateway is down: the page says so, and goes on afterwards without a reload.
func TestGatewayDown(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		d := own(t)
		d.gateway(t, map[string]any{"status": 503})
		p := newPhone(t, d, k)
		p.open("/h/kopi-pojok")
		p.follow("#plan-kopi-1hari > .btn")
		p.shows("h1", "Pembayaran sedang", 20*time.Second)
		p.picture("gateway-down-" + k.name)
		d.gateway(t, map[string]any{})
		p.appears(qr, 60*time.Second)
		order := p.order()
		if n := len(d.charges(t, order)); n != 1 {
			t.Errorf("%d charges", n)
		}
		d.pay(t, order+"-1", 0)
		p.appears(credits, 20*time.Second)
		p.voucher(order)
	})
}
