package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A kasir sells with the keyboard alone: a digit for the plan, the money, Enter. The
// voucher appears without a reload, and every page on the way fits a phone and a counter's
// screen.
func TestTheCounterByKeyboard(t *testing.T) {
	d := own(t)
	p := newPhone(t, d, kind{scripts: true})
	p.open("/admin/login")
	p.write("#name", d.Boss)
	p.write("#password", d.Word+"\r")
	p.do(chromedp.WaitVisible(chromedp.CSS("#board")))
	p.open("/admin/sell")
	p.write("#opening", "200.000\r")
	p.do(chromedp.WaitVisible(chromedp.CSS(".pick input:focus")))
	start := time.Now()
	p.do(chromedp.KeyEvent("2"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("50000"), chromedp.KeyEvent("\r"),
		chromedp.WaitVisible(chromedp.CSS("#sold:not([hx-get])")))
	t.Logf("from the first key to the voucher: %s", time.Since(start).Round(time.Millisecond))
	receipt := eval[string](p, `document.querySelector(".receipt").innerText`)
	for _, want := range []string{"Rp5.000", "Rp50.000", "Rp45.000", "Kata sandi"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("no %s on the receipt: %s", want, receipt)
		}
	}
	code := strings.TrimPrefix(eval[string](p, "location.pathname"), "/admin/sell/")
	for _, width := range []int64{360, 1280} {
		p.do(chromedp.EmulateViewport(width, 700))
		for _, path := range []string{"", "/sell", "/sell/" + code, "/orders", "/orders/" + code, "/orders/" + code + "/link", "/shift", "/money", "/money/rules"} {
			if status := p.open("/admin" + path); status != 200 {
				t.Errorf("%s: %d", path, status)
			}
			if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("%s is %d wide on %d", path, wide, width)
			}
		}
	}
}
