package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func every(t *testing.T, kinds []kind, fn func(t *testing.T, k kind)) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			fn(t, k)
		})
	}
}

// One tap to the code; pay; the credentials come, pushed by the server where
// there is a script, else at the press of a button.
func TestBuyByQRIS(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain, locked}, func(t *testing.T, k kind) {
		d := common(t)
		p := newPhone(t, d, k)
		p.buy("kopi-pojok", "kopi-1hari")
		if !p.sees(qr) || !strings.Contains(p.read("h1"), "Rp5.000") {
			t.Fatalf("the page says %q", p.read("h1"))
		}
		order := p.order()
		if k.scripts {
			eval[bool](p, "window.same = true")
		}
		d.pay(t, order+"-1", 0)
		if k.scripts {
			p.waits(credits, 20*time.Second)
			if !eval[bool](p, "window.same === true") {
				t.Error("the page was loaded anew")
			}
			if p.fetched("/events") != 1 || p.fetched("/status") != 0 {
				t.Errorf("%d streams and %d polls, want news by the stream alone", p.fetched("/events"), p.fetched("/status"))
			}
		} else {
			p.follow(`form[action$="/check"] .btn`)
			p.reloads(credits, 20*time.Second)
		}
		p.voucher(order)
		if charges := d.charges(t, order); len(charges) != 1 {
			t.Errorf("%d charges", len(charges))
		}
		p.crumbs()
	})
}

// The number is shown in groups, and copied without them, by every way the browser
// offers.
func TestBuyByVA(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain, locked}, func(t *testing.T, k kind) {
		d := common(t)
		p := newPhone(t, d, k)
		p.open("/h/kos-melati")
		p.tap("#plan-kos-10gb summary")
		p.tap(`#plan-kos-10gb input[value="va:BCA"]`)
		p.follow("#plan-kos-10gb > .btn")
		order := p.order()
		charges := d.charges(t, order)
		if len(charges) != 1 || charges[0].VA == "" {
			t.Fatalf("charges %v", charges)
		}
		digits, shown := charges[0].VA, p.read(".va > .big")
		if strings.ReplaceAll(shown, " ", "") != digits || !strings.Contains(shown, " ") {
			t.Errorf("shown %q, want %q in groups", shown, digits)
		}
		if v := eval[string](p, `document.querySelector("#va").value`); v != digits {
			t.Errorf("the field holds %q, want %q", v, digits)
		}
		if k.scripts {
			copies(p, digits)
		} else if p.sees(".va .copy") {
			t.Error("a copy button that cannot work")
		}
		d.pay(t, order+"-1", 0)
		p.appears(credits, 20*time.Second)
		p.voucher(order)
	})
}

// A customer switches the method before paying, and pays the first code after all: the
// money counts, and it buys one voucher.
func TestOldCodePaid(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		d := common(t)
		p := newPhone(t, d, k)
		p.buy("kos-melati", "kos-bulanan")
		order := p.order()
		p.tap(".ways, details:has(.ways) > summary")
		if s := p.follow(`.ways [value="va:BRI"]`); s != http.StatusOK || !p.sees(number) || p.sees(qr) {
			t.Fatalf("%d, the page says %q", s, p.read("h1"))
		}
		if p.order() != order || len(d.charges(t, order)) != 2 {
			t.Fatalf("order %s became %s with charges %v", order, p.order(), d.charges(t, order))
		}
		d.pay(t, order+"-1", 0)
		p.appears(credits, 20*time.Second)
		p.voucher(order)
		if s := p.state(); len(s.Flags) != 1 || s.Flags[0] != "test" {
			t.Errorf("flags %v", s.Flags)
		}
	})
}
