package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"gerai/internal/testenv"
)

// open goes to a page of the shop and returns its status.
func (p *phone) open(path string) int {
	p.Helper()
	return p.land(chromedp.Navigate(p.d.Shop + path))
}

// follow taps something that leads to another page and returns that page's
// status.
func (p *phone) follow(selector string) int {
	p.Helper()
	return p.land(chromedp.Tap(chromedp.CSS(selector)))
}

func (p *phone) land(step chromedp.Action[chromedp.Void]) int {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		p.Fatalf("at %s: %v", eval[string](p, "location.href"), err)
	}
	if p.locked {
		call(p, network.ClearBrowserCookies, struct{}{})
	}
	return int(res.Status)
}

// tap taps something that stays on this page.
func (p *phone) tap(selector string) {
	p.Helper()
	p.do(chromedp.Tap(chromedp.CSS(selector)))
}

func (p *phone) write(selector, text string) {
	p.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// sees reports whether the element is there and takes up space.
func (p *phone) sees(selector string) bool {
	p.Helper()
	return eval[bool](p, fmt.Sprintf(visible, selector))
}

const visible = `(function (e) { return !!e && e.getClientRects().length > 0; })(document.querySelector(%q))`

// read is the text of the first such element as it is seen, "" if there is none.
func (p *phone) read(selector string) string {
	p.Helper()
	return eval[string](p, fmt.Sprintf(`(function (e) { return e ? e.innerText.trim() : ""; })(document.querySelector(%q))`, selector))
}

// waits until the element is seen, without touching the phone.
func (p *phone) waits(selector string, limit time.Duration) {
	p.Helper()
	testenv.Eventually(p, limit, func() (bool, string) {
		ok, err := try[bool](p, fmt.Sprintf(visible, selector))
		return ok && err == nil, fmt.Sprintf("no %s (%v), the page says %q", selector, err, p.read("h1"))
	})
}

// reloads presses "reload" until the element is seen: what a customer without
// JavaScript does.
func (p *phone) reloads(selector string, limit time.Duration) {
	p.Helper()
	testenv.Eventually(p, limit, func() (bool, string) {
		if p.sees(selector) {
			return true, ""
		}
		p.follow(reload)
		return p.sees(selector), "the page says " + p.read("h1")
	})
}

const (
	reload  = `#live > .small.center a`
	credits = `.voucher code`
	qr      = `.qr img`
	number  = `#va`
)

// appears waits for something the way this kind of browser can.
func (p *phone) appears(selector string, limit time.Duration) {
	p.Helper()
	if p.scripts {
		p.waits(selector, limit)
	} else {
		p.reloads(selector, limit)
	}
}

// shows waits for a text the way this kind of browser can.
func (p *phone) shows(selector, text string, limit time.Duration) {
	p.Helper()
	testenv.Eventually(p, limit, func() (bool, string) {
		if !p.scripts && !strings.Contains(p.read(selector), text) {
			p.follow(reload)
		}
		got := p.read(selector)
		return strings.Contains(got, text), fmt.Sprintf("the page says %q", got)
	})
}

// at is the path the phone is at.
func (p *phone) at() string {
	p.Helper()
	return eval[string](p, "location.pathname")
}

// host is the host the phone is at.
func (p *phone) host() string {
	p.Helper()
	return eval[string](p, "location.host")
}

// openAll unfolds everything on the page.
const openAll = `document.querySelectorAll("details").forEach(function (d) { d.open = true; })`

// codes reads order code and claim code off the order page, as a person would.
func (p *phone) codes() (order, claim string) {
	p.Helper()
	order, claim = p.read(".codes dd:nth-of-type(1) [aria-hidden]"), p.read(".codes dd:nth-of-type(2) [aria-hidden]")
	if len(order) != 9 || len(claim) != 6 {
		p.Fatalf("codes %q %q", order, claim)
	}
	return order, claim
}

// order is the code of the order on the page, as the gateway knows it.
func (p *phone) order() string {
	p.Helper()
	code, _ := p.codes()
	return strings.ReplaceAll(code, "-", "")
}

// state asks the shop, as a program does, about the order on the page.
func (p *phone) state() (s status) {
	p.Helper()
	if code := ask(p, http.MethodGet, p.d.Shop+p.at()+"/status", nil, &s); code != http.StatusOK {
		p.Fatalf("status of %s: %d", p.at(), code)
	}
	return s
}

// buy goes from the plans to the order page in one tap.
func (p *phone) buy(site, plan string) {
	p.Helper()
	if s := p.open("/h/" + site); s != http.StatusOK {
		p.Fatalf("plans: %d", s)
	}
	if s := p.follow("#plan-" + plan + " > .btn"); s != http.StatusOK || !strings.HasPrefix(p.at(), "/o/") {
		p.Fatalf("bought: %d at %s", s, p.at())
	}
}

// voucher compares what the page shows with what the one router user is.
func (p *phone) voucher(order string) {
	p.Helper()
	user, password := p.read(".voucher .copyrow:nth-of-type(2) code"), p.read(".voucher .copyrow:nth-of-type(4) code")
	users := p.d.users(p, order)
	if len(users) != 1 || user == "" || users[0]["name"] != user || users[0]["password"] != password {
		p.Fatalf("the page shows %q %q, the routers hold %v", user, password, users)
	}
	if s := p.state(); s.Status != "activated" || s.Voucher == nil || s.Voucher.Username != user || s.Voucher.Password != password {
		p.Errorf("status answer %+v", s)
	}
}

// crumbs fails if the browser keeps a cookie of the shop.
func (p *phone) crumbs() {
	p.Helper()
	kept, err := chromedp.CallBrowser(p.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID})
	if err != nil {
		p.Fatal(err)
	}
	if len(kept.Cookies) > 0 {
		p.Errorf("cookies: %v", kept.Cookies)
	}
}

// letters makes letters as big as the browser's own setting does.
func (p *phone) letters(pixels int64) {
	p.Helper()
	call(p, page.SetFontSizes, page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: pixels, Fixed: pixels * 13 / 16}})
}
