package e2e

import (
	"net/http"
	"testing"
	"time"
)

// The window closes when the bank's app opens. In another browser, the two
// codes bring the order back; wrong ones tell nothing and keep what was typed.
func TestClaimAfterClosing(t *testing.T) {
	t.Parallel()
	every(t, []kind{modern, plain, locked}, func(t *testing.T, k kind) {
		d := common(t)
		window := newPhone(t, d, k)
		window.buy("kopi-pojok", "kopi-7hari")
		order := window.order()
		code, claim := window.codes()
		window.close()
		d.pay(t, order+"-1", 0)

		p := newPhone(t, d, k)
		p.open("/")
		p.follow(`#bantuan a[href$="klaim"]`)
		wrong := "ABCDEF"
		if claim == wrong {
			wrong = "FEDCBA"
		}
		p.write("#code", code)
		p.write("#claim", wrong)
		if s := p.follow("form.card .btn"); s != http.StatusNotFound && s != http.StatusUnprocessableEntity {
			t.Errorf("wrong codes answered %d", s)
		}
		typed := eval[string](p, `document.querySelector("#code").value + " " + document.querySelector("#claim").value`)
		if typed != code+" "+wrong || !p.sees("#wrong") {
			t.Errorf("the form holds %q and says %q", typed, p.read("#wrong"))
		}
		p.picture("claim-wrong-" + k.name)
		eval[bool](p, `document.querySelector("#claim").value = "", true`)
		p.write("#claim", claim)
		if s := p.follow("form.card .btn"); s != http.StatusOK {
			t.Fatalf("claimed: %d, %q", s, p.read("#wrong"))
		}
		p.appears(credits, 20*time.Second)
		p.voucher(order)
		p.crumbs()
	})
}
