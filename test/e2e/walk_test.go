package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"gerai/internal/staff"
	"gerai/internal/testenv"
)

// envPictures set to 1 keeps a picture of each page, role, width and scheme.
const envPictures = "GERAI_TEST_PICTURES"

// views are how a page is looked at: a phone in the hand, the counter's screen.
// In the dark nothing is different but colours, so only the rules about colours
// are asked again.
var views = []struct {
	scheme string
	width  int64
	rules  []string
}{{"light", 360, nil}, {"dark", 360, colours}, {"dark", 1280, colours}, {"light", 1280, nil}}

var colours = []string{"color-contrast", "link-in-text-block"}

// TestWalk goes through every page of the panel as each role, on a phone and on the
// counter's screen, light and dark. The pages are those of the panel's own route tables: a
// page that no role can reach fails, and so does a state of a page that does not occur.
func TestWalk(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	testenv.Chromium(t)
	f := busy(t)
	people := map[string]*panelClient{staff.Admin: f.boss, staff.Kasir: f.kasir, staff.Teknisi: f.teknisi, halfway: f.halfway, factored: f.factored, signedOut: newPanelClient(t, f.demo)}
	ways := map[string][]stop{}
	for role, who := range people {
		ways[role] = f.way(t, role, who)
	}
	f.speaks(t)
	f.states(t)
	if t.Failed() {
		return
	}
	differing(ways)
	half := len(ways[staff.Admin]) / 2
	// A session of its own: a proof given again in one browser ends the token that the other would still hold.
	second := newPanelClient(t, f.demo).signIn(f.Boss, f.Word)
	for _, tab := range []struct {
		name, role string
		who        *panelClient
		stops      []stop
	}{{"admin-1", staff.Admin, f.boss, ways[staff.Admin][:half]}, {"admin-2", staff.Admin, second, ways[staff.Admin][half:]}, {"kasir", staff.Kasir, f.kasir, ways[staff.Kasir]},
		{"teknisi", staff.Teknisi, f.teknisi, ways[staff.Teknisi]}, {"halfway", halfway, f.halfway, ways[halfway]}, {"factored", factored, f.factored, ways[factored]}, {"nobody", signedOut, people[signedOut], ways[signedOut]}} {
		t.Run(tab.name, func(t *testing.T) {
			t.Parallel()
			p := newPhone(t, f.demo, kind{name: "strict", scripts: true, strict: true})
			p.becomes(tab.who)
			for _, s := range tab.stops {
				p.walk(s, tab.role, axe)
			}
		})
	}
}

// becomes gives the browser a client's cookies.
func (p *phone) becomes(c *panelClient) {
	p.Helper()
	shop, err := url.Parse(p.d.Shop)
	if err != nil {
		p.Fatal(err)
	}
	for _, cookie := range c.web.Jar.Cookies(shop) {
		call(p, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: p.d.Shop})
	}
}

// walk looks at one page from every side, and once more before it reports a defect: the
// shop goes on at the same time, and a list that is replaced during a look is no defect of
// the page.
func (p *phone) walk(s stop, role, axe string) {
	p.Helper()
	wrong := p.look(s, role, axe)
	if len(wrong) > 0 {
		p.Logf("looked at again because of: %s", strings.Join(wrong, "; "))
		wrong = p.look(s, role, axe)
	}
	for _, w := range wrong {
		p.Error(w)
	}
}

// look says what is wrong with a page.
func (p *phone) look(s stop, role, axe string) (all []string) {
	p.Helper()
	name := fmt.Sprintf("%s as %s", s.path, role)
	p.view(views[0].width, views[0].scheme)
	status := p.open(s.path)
	if p.at() == "/admin/prove" && s.path != p.at() { // on a busy machine a walk takes longer than a proof lasts
		p.write("#password", p.word(role))
		status = p.follow("main form .btn")
	}
	if status != http.StatusOK || p.at() != pathOf(s.path) {
		return []string{fmt.Sprintf("%s: %d at %s", name, status, p.at())}
	}
	if strings.HasSuffix(s.route, "/back") {
		eval[bool](p, "(window.stop(), true)") // it asks again every three seconds, in the middle of a look
	}
	if os.Getenv(envPictures) == "1" {
		for _, v := range views {
			p.view(v.width, v.scheme)
			p.picture(fmt.Sprintf("walk-%s-%s-%d-%s", role, s.name, v.width, v.scheme))
		}
	}
	eval[bool](p, `document.querySelectorAll("details:not(.who,.menu)").forEach(function (d) { d.open = true; }), true`)
	for _, v := range views {
		p.view(v.width, v.scheme)
		var wrong []string
		if v.rules == nil {
			wrong = eval[[]string](p, fmt.Sprintf(shape, v.width))
		}
		if s.axe {
			wrong = append(wrong, p.violations(axe, v.rules...)...)
		}
		for _, w := range wrong[:min(len(wrong), 5)] { // the sixth row of a list says nothing new
			all = append(all, fmt.Sprintf("%s, %d px, %s: %s", name, v.width, v.scheme, w))
		}
	}
	all = append(all, p.words(name)...)
	if s.route == "/admin" {
		all = append(all, p.lookAtMenu(axe, name)...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problem := range p.problems {
		all = append(all, name+": "+problem)
	}
	p.problems = nil
	return all
}

// word is the password of who walks.
func (p *phone) word(role string) string {
	if role == staff.Admin {
		return p.d.Word
	}
	return phrase
}

// view gives the page a width and a colour scheme, without loading it again.
func (p *phone) view(width int64, scheme string) {
	p.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if width < 1000 {
		p.do(chromedp.EmulateViewport(width, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
		return
	}
	p.do(chromedp.EmulateViewport(width, 800))
}

// lookAtMenu says what is wrong with the menu that a phone opens above its lower edge.
func (p *phone) lookAtMenu(axe, name string) (wrong []string) {
	p.view(views[0].width, views[0].scheme)
	testenv.Eventually(p, longestWait, func() (bool, string) {
		return !eval[bool](p, `document.getElementById("menu").open`), "the page folds the menu once it has seen that it is narrow"
	})
	p.tap("#menu > summary")
	for _, w := range append(eval[[]string](p, fmt.Sprintf(shape, views[0].width)), p.violations(axe)...) {
		wrong = append(wrong, name+", the menu: "+w)
	}
	p.tap("#menu > summary")
	testenv.Eventually(p, longestWait, func() (bool, string) { // what is folded keeps its boxes, so sees would find it
		return !eval[bool](p, `document.querySelector("#menu nav a").checkVisibility()`), name + ": the menu does not close"
	})
	return wrong
}

// shape lists what is wrong with a page by its measures: what a person cannot
// hit, what they would have to scroll to sideways, a page without a name. What
// is pressed is 44 px, links are 24 (WCAG 2.2, 2.5.8); a link within a sentence
// is as high as its letters.
const shape = `(function (width) {
  var out = [], fine = !matchMedia("(pointer:coarse)").matches, wide = document.documentElement.scrollWidth, heads = document.querySelectorAll("h1");
  if (wide > width) out.push("it is " + wide + " px wide");
  if (heads.length !== 1 || !heads[0].textContent.trim()) out.push(heads.length + " main headings");
  if (!document.title.trim()) out.push("no title");
  function within(e) {
    if (getComputedStyle(e).display !== "inline") return false;
    return [].some.call(e.parentNode.childNodes, function (n) { return n.nodeType === 3 && /[\p{L}\p{N}]/u.test(n.textContent); });
  }
  document.querySelectorAll("a[href]:not(.skip), button, input:not([type=hidden]), select, textarea, summary, label.check, label.pick, .ways label").forEach(function (e) {
    if (!e.checkVisibility()) return;
    var r = e.getBoundingClientRect(), tick = e.type === "checkbox" || e.type === "radio", link = e.tagName === "A" && !e.classList.contains("btn");
    if (tick && e.closest("label.check, label.pick, .ways label") || link && within(e)) return;
    var least = link || tick ? 24 : fine ? 36 : 44;
    if (Math.round(r.width) < least || Math.round(r.height) < least) out.push("too small to hit: " + e.tagName + " " + (e.name || e.textContent.trim().slice(0, 30)) + " " + Math.round(r.width) + "x" + Math.round(r.height));
  });
  return out;
})(%d)`
