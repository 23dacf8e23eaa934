package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
)

// broken lists codes and prices that stand on more than one line, reach out of
// the page, or touch another text. The groups of an account number may take
// several lines; none of them breaks. Digits within a longer word are no code:
// the gateway's id of a payment may break anywhere, and sometimes holds two
// groups of four digits.
const broken = `(function () {
  var out = [], boxes = [], width = document.documentElement.clientWidth;
  function lines(node, from, to) {
    var r = document.createRange(); r.setStart(node, from); r.setEnd(node, to);
    var tops = {}; [].slice.call(r.getClientRects()).forEach(function (b) { if (b.width > 0) tops[Math.round(b.top)] = b; });
    return Object.keys(tops).map(function (k) { return tops[k]; });
  }
  var walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), node;
  while ((node = walk.nextNode())) {
    var e = node.parentElement;
    if (!e.checkVisibility() || e.closest(".sr, script, style") || !node.data.trim()) continue;
    var whole = /(?<![\w-])(?:Rp[\d.]+|[A-Z2-9]{4}-[A-Z2-9]{4}|\d{4}-\d{6})(?![\w-])/g;
    if (e.closest("code, .codes dd, b.mono, .cd, .big")) whole = /\S+/g;
    var m; while ((m = whole.exec(node.data))) {
      var at = lines(node, m.index, m.index + m[0].length);
      if (at.length > 1) out.push(m[0] + " in " + e.tagName + " stands on " + at.length + " lines");
      at.forEach(function (b) { if (b.right > width + 1 || b.left < -1) out.push(m[0] + " reaches out of the page"); });
    }
    [].slice.call((function (r) { r.selectNodeContents(node); return r.getClientRects(); })(document.createRange())).forEach(function (b) {
      if (b.width > 1) boxes.push({ b: b, text: node.data.trim().slice(0, 30), size: parseFloat(getComputedStyle(e).fontSize) });
    });
  }
  boxes.forEach(function (x, i) { boxes.slice(i + 1).forEach(function (y) {
    var w = Math.min(x.b.right, y.b.right) - Math.max(x.b.left, y.b.left), h = Math.min(x.b.bottom, y.b.bottom) - Math.max(x.b.top, y.b.top);
    if (w > 1 && h > Math.min(x.size, y.size) / 3) out.push(x.text + " touches " + y.text);
  }); });
  return out;
})()`

// TestLargeText holds the pages with codes against large letters on the
// narrowest phone: those of the browser's own setting, and those of a window
// that scales text alone, as captive ones do.
func TestLargeText(t *testing.T) {
	t.Parallel()
	d := own(t)
	p := newPhone(t, d, modern)
	all := []screen{{"plans", "/h/kos-melati"}}
	p.open("/h/kos-melati")
	p.tap("#plan-kos-10gb summary")
	p.tap(`#plan-kos-10gb input[value="va:MANDIRI"]`)
	p.follow("#plan-kos-10gb > .btn")
	all = append(all, screen{"va", p.at()})
	p.open("/h/kopi-pojok")
	p.follow("#plan-kopi-1hari > .btn")
	all = append(all, screen{"qr", p.at()})
	p.open("/h/kos-melati")
	p.follow("#plan-kos-hemat > .btn")
	d.pay(t, p.order()+"-1", 0)
	p.appears(credits, 30*time.Second)
	all = append(all, screen{"voucher", p.at()}, screen{"receipt", p.at() + "/receipt"})
	p.do(p.size(320, 568))
	for _, scheme := range []string{"light", "dark"} {
		call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		for _, percent := range []int64{100, 130, 160, 200} {
			for _, s := range all {
				what := fmt.Sprintf("%s at %d %%, %s", s.name, percent, scheme)
				p.letters(16 * percent / 100)
				p.open(s.path)
				p.whole(what)
				p.letters(16)
				p.open(s.path)
				eval[bool](p, fmt.Sprintf(`(document.documentElement.style.fontSize = "%d%%", true)`, percent))
				p.whole(what + ", text alone")
				if percent == 200 {
					p.picture(fmt.Sprintf("large-%s-%s", s.name, scheme))
				}
			}
		}
	}
}

// whole fails where the page has to be scrolled sideways, or a code or a price
// is broken.
func (p *phone) whole(what string) {
	p.Helper()
	p.fits(what, 320)
	for _, problem := range eval[[]string](p, broken) {
		p.Errorf("%s: %s", what, problem)
	}
}

// TestPaperHoldsItsPrices shows what is printed as wide as its paper: 58 and 80
// mm rolls and sheets.
func TestPaperHoldsItsPrices(t *testing.T) {
	t.Parallel()
	d := own(t)
	p := newPhone(t, d, modern)
	p.open("/h/kos-melati")
	p.follow("#plan-kos-bulanan > .btn")
	d.pay(t, p.order()+"-1", 0)
	p.appears(credits, 30*time.Second)
	receipt := p.at() + "/receipt"
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	for paper, width := range map[string]int64{"58": 181, "80": 272, "a5": 480, "a4": 718} { // what a printer leaves of it, in px of 96 to the inch
		p.do(p.size(width, 800))
		for name, path := range map[string]string{"poster": "/h/kos-melati/poster?prices=1&size=" + paper, "receipt": receipt + "?paper=" + paper} {
			if s := p.open(path); s != 200 {
				t.Fatalf("%s: %d", path, s)
			}
			for _, problem := range eval[[]string](p, broken) {
				t.Errorf("%s on %s: %s", name, paper, problem)
			}
			p.picture("paper-" + name + "-" + paper)
		}
	}
}
