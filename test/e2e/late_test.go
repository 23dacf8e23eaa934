package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The time to pay runs out, the page says so and warns of the old code; the
// money comes all the same, and it buys the voucher.
func TestPayLate(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		dir := t.TempDir()
		d := own(t, "--dir", dir)
		p := newPhone(t, d, k)
		p.buy("kopi-pojok", "kopi-1hari")
		order, at := p.order(), p.at()
		d = d.again(t, dir, "--ahead", "40m")
		p.d = d
		if s := p.open(at); s != http.StatusOK {
			t.Fatalf("order page: %d", s)
		}
		p.appears(`form[action$="/renew"] .btn`, 20*time.Second)
		if h := p.read("h1"); h != "Waktu bayar habis" || p.sees(qr) {
			t.Fatalf("the page says %q", h)
		}
		p.picture("expired-" + k.name)
		d.pay(t, order+"-1", 0)
		p.appears(credits, 20*time.Second)
		p.voucher(order)
		if flags := strings.Join(p.state().Flags, " "); !strings.Contains(flags, "late") {
			t.Errorf("flags %q", flags)
		}
		p.picture("late-" + k.name)
	})
}

// A customer who was too late takes a new code: another order, with a link from the old
// one, and no charge twice for one tap.
func TestRenew(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain}, func(t *testing.T, k kind) {
		dir := t.TempDir()
		d := own(t, "--dir", dir)
		p := newPhone(t, d, k)
		p.buy("kopi-pojok", "kopi-2jam")
		first, at := p.order(), p.at()
		d = d.again(t, dir, "--ahead", "40m")
		p.d = d
		p.open(at)
		p.appears(`form[action$="/renew"] .btn`, 20*time.Second)
		if s := p.follow(`form[action$="/renew"] .btn`); s != http.StatusOK || !p.sees(qr) {
			t.Fatalf("%d, the page says %q", s, p.read("h1"))
		}
		second := p.order()
		if second == first {
			t.Fatal("the same order")
		}
		d.pay(t, second+"-1", 0)
		p.appears(credits, 20*time.Second)
		p.voucher(second)
		if n := len(d.users(t, first)); n != 0 {
			t.Errorf("%d users for the order nobody paid", n)
		}
	})
}
