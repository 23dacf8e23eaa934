package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"gerai/internal/testenv"
)

const (
	buyLink   = `a.b[href*="/h/kopi-pojok?"]`
	paidLink  = `a.b[href*="/klaim?"]`
	connector = `form[action*="/connect"] .btn`
)

// The whole road where most customers stand: captured by the router, bought in
// the portal's window, paid in the bank's app while window and Wi-Fi are gone,
// claimed in a new window, one tap, online. The time bought runs out, the phone
// is captured again, and buying more brings the same account back.
func TestCaptivePhone(t *testing.T) {
	t.Parallel()
	for i, k := range []kind{modern, plain, locked} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			d := own(t)
			w := d.join(t, "pojok-1", fmt.Sprintf("AA:BB:CC:00:10:0%d", i+1))
			window := w.portal(k)
			if !strings.HasPrefix(window.host(), "login.hotspot") || !window.sees(buyLink) {
				t.Fatalf("the phone is not captured: %s says %q", window.host(), window.read("h1"))
			}
			window.picture("captive-login-" + k.name)
			if k.scripts {
				window.checksOut(axeSource(t), "login page")
			}
			if s := window.follow(buyLink); s != http.StatusOK || !window.sees("#plan-kopi-2jam") {
				t.Fatalf("plans: %d %q", s, window.read("h1"))
			}
			if s := window.follow("#plan-kopi-2jam > .btn"); s != http.StatusOK || !window.sees(qr) {
				t.Fatalf("order: %d %q", s, window.read("h1"))
			}
			window.picture("captive-pay-" + k.name)
			order := window.order()
			code, claim := window.codes()
			if window.free() {
				t.Fatal("internet before anything was paid")
			}
			window.close()
			w.leave()
			looks := w.commands("/ip/hotspot/host/print")
			d.pay(t, order+"-1", 0)
			// The shop tries to connect the phone at once and finds it gone.
			testenv.Eventually(t, 30*time.Second, func() (bool, string) {
				return w.commands("/ip/hotspot/host/print") > looks, "the router was not asked for the phone"
			})

			w.enter()
			again := w.portal(k)
			if s := again.follow(paidLink); s != http.StatusOK {
				t.Fatalf("claim form: %d", s)
			}
			again.write("#code", code)
			again.write("#claim", claim)
			again.follow("form.card .btn")
			again.appears(credits, 20*time.Second)
			again.voucher(order)
			page := again.at()
			if s := again.follow(connector); s != http.StatusOK {
				t.Fatalf("connect: %d", s)
			}
			user := d.users(t, order)[0]["name"]
			w.waitOnline(user, 10*time.Second)
			again.picture("captive-online-" + k.name)
			if !again.free() {
				t.Fatal("no internet after the voucher was connected")
			}
			again.land(chromedp.Navigate("http://login.hotspot/status"))
			again.picture("captive-status-" + k.name)
			if k.scripts {
				again.checksOut(axeSource(t), "status page")
			}

			w.advance(2*time.Hour + time.Minute)
			if again.free() || w.user() != "" {
				t.Fatalf("online as %q after the time bought was over", w.user())
			}
			again.open(page)
			if s := again.follow(`form[action*="/extend"] .btn`); s != http.StatusOK || !again.sees(qr) {
				t.Fatalf("extend: %d %q", s, again.read("h1"))
			}
			d.pay(t, again.order()+"-1", 0)
			again.appears(credits, 20*time.Second)
			if got := again.read(credits); got != user {
				t.Errorf("the extension shows %q instead of %q", got, user)
			}
			if w.user() == "" {
				again.follow(connector)
			}
			w.waitOnline(user, 10*time.Second)
			if !again.free() {
				t.Error("no internet after buying more time")
			}
			again.close()
		})
	}
}

// checksOut holds a page of the router against the accessibility checker, in
// light and dark.
func (p *phone) checksOut(axe, what string) {
	p.Helper()
	for _, scheme := range []string{"light", "dark"} {
		call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		for _, v := range p.violations(axe) {
			p.Errorf("%s, %s: %s", what, scheme, v)
		}
	}
	p.fits(what, 320)
}

// A phone without mobile data: a few minutes of capped internet to pay with,
// which end when the voucher takes over.
func TestPassToPay(t *testing.T) {
	t.Parallel()
	for i, k := range []kind{modern, plain} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			d := own(t)
			w := d.join(t, "pojok-1", fmt.Sprintf("AA:BB:CC:00:11:0%d", i+1))
			p := w.portal(k)
			p.follow(buyLink)
			p.follow("#plan-kopi-1hari > .btn")
			order, page := p.order(), p.at()
			eval[bool](p, openAll+`, true`)
			if s := p.follow(`form[action*="/pass"] .btn`); s != http.StatusOK {
				t.Fatalf("pass: %d", s)
			}
			w.waitOnline("gp-", 10*time.Second)
			p.picture("captive-pass-" + k.name)
			if !p.free() {
				t.Fatal("no internet to pay with")
			}
			d.pay(t, order+"-1", 0)
			p.open(page)
			p.appears(credits, 20*time.Second)
			user := d.users(t, order)[0]["name"]
			if w.user() != user {
				p.follow(connector)
			}
			w.waitOnline(user, 10*time.Second)
			for _, row := range d.rows(t, "pojok-1", "ip/hotspot/user") {
				if strings.HasPrefix(row["name"], "gp-") {
					t.Errorf("the pass %s is still there", row["name"])
				}
			}
			p.close()
		})
	}
}

// A voucher from elsewhere, typed at the router's own page: hashed by a script
// where there is one, plain where there is none, wrong ones explained.
func TestVoucherTypedAtTheRouter(t *testing.T) {
	t.Parallel()
	for i, k := range []kind{modern, plain} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			d := common(t)
			seller := newPhone(t, d, plain)
			seller.buy("kopi-pojok", "kopi-1hari")
			order := seller.order()
			d.pay(t, order+"-1", 0)
			seller.follow(`form[action*="/check"] .btn`)
			seller.reloads(credits, 20*time.Second)
			voucher := d.users(t, order)[0]

			w := d.join(t, "pojok-1", fmt.Sprintf("AA:BB:CC:00:12:0%d", i+1))
			p := w.portal(k)
			p.write("#u", voucher["name"])
			p.write("#p", "salah")
			p.follow("form button.b")
			if !p.sees(".e") || w.user() != "" {
				t.Fatalf("a wrong password: online as %q, the page says %q", w.user(), p.read(".e"))
			}
			p.picture("captive-wrong-" + k.name)
			if kept := eval[string](p, `document.querySelector("#u").value`); kept != voucher["name"] {
				t.Fatalf("after a mistake the name is %q", kept)
			}
			p.write("#p", voucher["password"])
			p.follow("form button.b")
			w.waitOnline(voucher["name"], 10*time.Second)
			if !p.free() {
				t.Error("no internet")
			}
			p.close()
		})
	}
}

// What is printed on paper is typed as people type it: in capitals, with a space behind
// it, and once where the print shows one code.
func TestOneCodeTypedAtTheRouter(t *testing.T) {
	t.Parallel()
	d := common(t)
	for _, u := range [][2]string{{"kode7xyz", "kode7xyz"}, {"TINGGI7X", "TINGGI7X"}, {"Budi", "Rahasia"}} {
		d.api(t, "pojok-1", "/ip/hotspot/user/add", "=name="+u[0], "=password="+u[1])
	}
	for i, c := range []struct {
		name           string
		k              kind
		user, password string
		online         string
	}{
		{"capitals and a space", modern, " KODE7XYZ ", "", "kode7xyz"},
		{"a code in capitals", modern, "TINGGI7X", "", "TINGGI7X"},
		{"twice in capitals", modern, "KODE7XYZ", "KODE7XYZ", "kode7xyz"},
		{"twice without script", plain, "kode7xyz", "kode7xyz", "kode7xyz"},
		{"a name with a capital", modern, "Budi", "Rahasia", "Budi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := d.join(t, "pojok-1", fmt.Sprintf("AA:BB:CC:00:14:0%d", i+1))
			p := w.portal(c.k)
			p.write("#u", c.user)
			if c.password != "" {
				p.write("#p", c.password)
			}
			p.follow("form button.b")
			if c.online == "Budi" { // in lower case it is wrong; then it is tried as it was typed
				if kept := eval[string](p, `document.querySelector("#u").value`); kept != "Budi" {
					t.Fatalf("the name is %q", kept)
				}
				p.write("#p", c.password)
				p.follow("form button.b")
			}
			w.waitOnline(c.online, 20*time.Second)
			p.close()
			w.leave()
		})
	}
}
