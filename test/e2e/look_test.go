package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"gerai/internal/testenv"
)

// screen is one thing a customer can have in front of them.
type screen struct {
	name string
	path string
}

// screens brings a demo into every state and lists the pages that show it.
func screens(t *testing.T) (*demo, []screen) {
	t.Helper()
	d := own(t)
	p := newPhone(t, d, plain)
	out := []screen{{"home", "/"}, {"plans", "/h/kos-melati"}, {"claim", "/klaim"}, {"unknown", "/o/nothing"}}
	buy := func(name, site, plan, method string) string {
		p.open("/h/" + site)
		if method != "" {
			p.tap("#plan-" + plan + " summary")
			p.tap("#plan-" + plan + ` input[value="` + method + `"]`)
		}
		p.follow("#plan-" + plan + " > .btn")
		out = append(out, screen{name, p.at()})
		return p.order()
	}
	buy("qr", "kopi-pojok", "kopi-1hari", "")
	buy("va", "kos-melati", "kos-10gb", "va:MANDIRI")
	d.pay(t, buy("voucher", "kos-melati", "kos-hemat", "")+"-1", 0)
	p.reloads(credits, 30*time.Second)
	out = append(out, screen{"receipt", p.at() + "/receipt"}, screen{"poster", "/h/kopi-pojok/poster"})
	d.pay(t, buy("short", "kos-melati", "kos-bulanan", "va:BCA")+"-1", 15000)
	p.shows("h1", "Masih kurang", 30*time.Second)
	d.router(t, "pojok-1", map[string]any{"down": true})
	d.pay(t, buy("away", "kopi-pojok", "kopi-2jam", "")+"-1", 0)
	p.shows(".lead", "tidak terhubung", 60*time.Second)
	d.gateway(t, map[string]any{"status": 503})
	p.open("/h/kopi-pojok")
	p.follow("#plan-kopi-7hari > .btn")
	out = append(out, screen{"busy", p.at()})
	p.close()
	return d, out
}

// TestLooks holds every screen against the accessibility checker, a very
// narrow phone and large letters, in light and dark and both languages, and
// leaves pictures behind.
func TestLooks(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	d, all := screens(t)
	p := newPhone(t, d, modern)
	for _, lang := range []string{"id", "en"} {
		for _, scheme := range []string{"light", "dark"} {
			call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			for _, s := range all {
				p.open(s.path + "?lang=" + lang)
				for _, v := range p.violations(axe) {
					t.Errorf("%s, %s, %s: %s", s.name, lang, scheme, v)
				}
				p.picture(fmt.Sprintf("look-%s-%s-%s", s.name, lang, scheme))
			}
		}
		p.do(p.size(320, 568))
		for _, s := range all {
			p.open(s.path + "?lang=" + lang)
			p.fits(s.name+" at 320 px", 320)
			if s.name == "qr" && !eval[bool](p, `document.querySelector(".qr img").getBoundingClientRect().bottom <= innerHeight`) {
				t.Errorf("the QR code ends below the screen of 320 x 568, %s", lang)
			}
			for _, small := range eval[[]string](p, thumbs) {
				t.Errorf("%s, %s: too small for a thumb: %s", s.name, lang, small)
			}
		}
		p.letters(32)
		for _, s := range all {
			p.open(s.path + "?lang=" + lang)
			p.fits(s.name+" with large letters", 320)
		}
		p.letters(16)
		p.do(p.size(360, 640))
	}
}

// fits fails when a page has to be scrolled sideways (WCAG 2.2, 1.4.10).
func (p *phone) fits(what string, width int) {
	p.Helper()
	if w := eval[int](p, "document.documentElement.scrollWidth"); w > width {
		p.Errorf("%s is %d px wide", what, w)
	}
}

// thumbs lists buttons and inputs lower than 44 px, and links outside of text
// lower than 24 px (WCAG 2.2, 2.5.8).
const thumbs = `[].slice.call(document.querySelectorAll("button, input:not([type=hidden]):not([type=radio]), summary, a")).filter(function (e) {
  var r = e.getBoundingClientRect(); return r.height > 0 && r.height < (e.tagName === "A" && !e.classList.contains("btn") ? 24 : 44); }).map(function (e) {
  return e.tagName + " " + e.textContent.trim() + " " + e.getBoundingClientRect().height; })`

func axeSource(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		testenv.Missing(t, "axe-core: run npm ci in test/e2e")
	}
	return string(text)
}

// violations are what the checker finds on this page, serious or not: by the
// given rules, or by all.
func (p *phone) violations(axe string, rules ...string) (out []string) {
	p.Helper()
	options := map[string]any{"resultTypes": []string{"violations"}, "preload": false, "iframes": false, "rules": map[string]any{"target-size": map[string]bool{"enabled": true}}}
	if len(rules) > 0 {
		options = map[string]any{"resultTypes": options["resultTypes"], "preload": false, "iframes": false, "runOnly": rules}
	}
	how, err := json.Marshal(options)
	if err != nil {
		p.Fatal(err)
	}
	if ready := eval[bool](p, "!!window.axe"); !ready {
		eval[bool](p, axe+";true")
	}
	text := eval[string](p, `axe.run(document, `+string(how)+`).then(function (r) { return JSON.stringify(r.violations.map(function (v) {
		return v.id + " (" + v.impact + "): " + v.help + ": " + v.nodes.map(function (n) { return n.target.join(" "); }).slice(0, 3).join(", "); })); })`,
		chromedp.EvalAwaitPromise)
	if err := json.Unmarshal([]byte(strings.TrimSpace(text)), &out); err != nil {
		p.Fatal(err)
	}
	return out
}
