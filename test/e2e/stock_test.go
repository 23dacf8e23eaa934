package e2e

import (
	"strings"
	"testing"
	"time"
)

// TestOneVoucherInTheBrowser sells a voucher for a transfer, ends another one
// and lets it live again.
func TestOneVoucherInTheBrowser(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	p := newPhone(t, own(t), modern)
	p.signIn()
	batch := p.makeVouchers(50)
	p.open("/admin/vouchers/sell")
	p.write("#opening", "100000")
	p.follow("form[action='/admin/shift/open'] .btn")
	const sell = "form[method=post][action$='/sell']"
	p.tap(sell + " summary")
	for _, v := range p.violations(axe) { // folded away on the walk
		t.Error(v)
	}
	p.tap(sell + " input[value=transfer]")
	p.write(sell+" [name=reference]", "bca 1")
	p.follow(sell + " .btn")
	if !strings.HasPrefix(p.at(), "/admin/vouchers/sales/") {
		t.Errorf("sold, and led to %s", p.at())
	}
	p.open(batch)
	p.follow("tbody tr:last-child a")
	voucher, name := p.at(), strings.TrimPrefix(p.read("h1"), "Voucher ")
	for _, act := range []string{"/disable", "/enable"} {
		p.waits("a[href$='"+act+"']", 10*time.Second)
		p.follow("a[href$='" + act + "']")
		p.write("#typed", name)
		p.write("#reason", "salah cetak")
		p.follow("form[action$='" + act + "'] .btn")
		if p.at() != voucher {
			t.Fatalf("%s led to %s: %s", act, p.at(), p.read("main"))
		}
	}
}
