package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// TestOneVoucherInTheBrowser sells a voucher for a transfer, looks at it, ends
// it and lets it live again, and holds every page of that against the
// accessibility checker on a phone and on the counter's screen, light and dark.
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
	p.tap(sell + " input[value=transfer]")
	p.write(sell+" [name=reference]", "bca 1")
	p.follow(sell + " .btn")
	sale := p.at()
	p.open(batch)
	p.follow("tbody a")
	voucher := p.at()
	p.open("/admin/money")
	p.follow("a[href$='/off']")
	off := p.at()
	screens := []screen{{"voucher", voucher}, {"voucher-off", voucher + "/disable"}, {"batch-list", batch + "#vouchers"}, {"sell-tender", "/admin/vouchers/sell"}, {"sale-transfer", sale},
		{"write-off", off}, {"owed", "/admin/money"}, {"rules", "/admin/money/rules"}}
	for _, scheme := range []string{"light", "dark"} {
		call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		for _, width := range []int64{360, 1280} {
			p.do(p.size(width, 800))
			for _, s := range screens {
				p.open(s.path)
				if s.name == "sell-tender" {
					p.tap(sell + " summary")
				}
				for _, v := range p.violations(axe) {
					t.Errorf("%s, %d px, %s: %s", s.name, width, scheme, v)
				}
				p.fits(fmt.Sprintf("%s at %d px", s.name, width), int(width))
				p.picture(fmt.Sprintf("stock-%s-%d-%s", s.name, width, scheme))
			}
		}
	}
}
