package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/testenv"
)

// signIn opens the panel as its first person.
func (p *phone) signIn() {
	p.Helper()
	p.open("/admin/login")
	p.write("#name", p.d.Boss)
	p.write("#password", p.d.Word)
	p.follow("main .btn")
}

// fill replaces what stands in a field.
func (p *phone) fill(selector, text string) {
	p.Helper()
	eval[bool](p, fmt.Sprintf(`(document.querySelector(%q).value = "", true)`, selector))
	p.write(selector, text)
}

// makeVouchers orders n vouchers and returns their batch's page once the router
// has all.
func (p *phone) makeVouchers(n int) string {
	p.Helper()
	p.open("/admin/vouchers/new")
	p.fill("#count", fmt.Sprint(n))
	p.follow("form.card > .btn")
	page, _, _ := strings.Cut(p.at(), "?")
	testenv.Eventually(p, 60*time.Second, func() (bool, string) { // htmx exchanges the part, or the page reloads itself
		done, err := try[bool](p, fmt.Sprintf(visible, "#progress .tag.good"))
		return done && err == nil, "the batch is not done"
	})
	return page
}

// TestVouchersInTheBrowser makes, assigns, prints and sells vouchers.
func TestVouchersInTheBrowser(t *testing.T) {
	t.Parallel()
	p := newPhone(t, own(t), modern)
	p.signIn()
	batch := p.makeVouchers(600)
	p.open("/admin/vouchers/outlets")
	p.write("#name", "Warung Bu Tini")
	p.follow("form.narrow .btn")
	p.open(batch + "/print")
	p.fill("#last", "24")
	p.follow("form.card > .btn")
	sheet := p.at()
	if got := eval[int](p, `document.querySelectorAll(".slip svg path").length`); got != 24 {
		t.Errorf("%d codes on the sheet", got)
	}
	p.open("/admin/vouchers/sell")
	p.write("#opening", "100000")
	p.follow("form[action='/admin/shift/open'] .btn")
	p.follow("form[method=post][action$='/sell'] .btn")
	if p.at() == sheet || !strings.HasPrefix(p.at(), "/admin/vouchers/sales/") {
		t.Errorf("sold, and led to %s", p.at())
	}
}

// TestPreviewIsLive changes the print settings and sees the paper change,
// without saving.
func TestPreviewIsLive(t *testing.T) {
	t.Parallel()
	p := newPhone(t, own(t), modern)
	p.signIn()
	p.open("/admin/vouchers/print")
	p.tap(`input[name="qr"]`)
	p.shows("#preview", "Rp", 10*time.Second)
	p.waits("#preview .slips", 10*time.Second)
	eval[bool](p, `(function () { var s = document.querySelector("#paper"); s.value = "58"; s.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`)
	p.appears("#preview .p58", 10*time.Second)
	if eval[int](p, `document.querySelectorAll("#preview svg").length`) != 0 {
		t.Error("the code is still there")
	}
	p.open("/admin/vouchers/print")
	if !p.sees("#preview .pa4 svg") {
		t.Error("a preview was kept")
	}
}

// TestVouchersWithoutJavaScript does the same by plain pages.
func TestVouchersWithoutJavaScript(t *testing.T) {
	t.Parallel()
	p := newPhone(t, own(t), plain)
	p.signIn()
	batch := p.makeVouchers(50)
	p.open(batch + "/print")
	p.follow("form.card > .btn")
	if got := eval[int](p, `document.querySelectorAll(".slip").length`); got != 50 {
		t.Errorf("%d vouchers on the sheet", got)
	}
}
