package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// kind is how a phone's browser behaves.
type kind struct {
	name    string
	scripts bool
	locked  bool // no cookies, and every kind of storage throws
	strict  bool // what the console complains about is a problem too
}

var (
	modern = kind{name: "javascript", scripts: true}
	plain  = kind{name: "no-javascript"}
	locked = kind{name: "locked", scripts: true, locked: true}
)

// patience bounds one thing done in the browser on a busy machine.
const patience = 30 * time.Second

// phone is one tab in a profile of its own.
type phone struct {
	testing.TB
	kind
	d    *demo
	ctx  context.Context
	stop context.CancelFunc

	mu       sync.Mutex
	asked    []string // every address requested
	problems []string
	places   []string // beginnings of addresses beside the shop's that may be asked
}

// refuse makes what captive windows lack fail as it fails there, and keeps
// count of who tried.
const refuse = `(function () {
  function no() { window.touched = (window.touched || 0) + 1; throw new DOMException("refused", "SecurityError"); }
  ["localStorage", "sessionStorage", "indexedDB", "caches"].forEach(function (n) { Object.defineProperty(window, n, { get: no }); });
  Object.defineProperty(Document.prototype, "cookie", { get: no, set: no });
  if (window.Navigator && "serviceWorker" in Navigator.prototype) Object.defineProperty(Navigator.prototype, "serviceWorker", { get: no });
})()`

// newPhone opens a tab of 360x640. Whatever its script throws, its policy
// refuses or it fetches elsewhere fails the test at the end.
func newPhone(t testing.TB, d *demo, k kind) *phone {
	t.Helper()
	p := &phone{TB: t, kind: k, d: d}
	p.ctx, p.stop = chromedp.NewContext(openBrowser(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear))
	p.begin(360, 640)
	return p
}

// begin makes the tab what its kind of browser is.
func (p *phone) begin(width, height int64) {
	p.Helper()
	p.Cleanup(p.close)
	if err := chromedp.Do(p.ctx); err != nil { // the tab lives as long as this context: no deadline here
		p.Fatal(err)
	}
	p.do(p.size(width, height))
	if !p.scripts {
		call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	if p.locked {
		call(p, emulation.SetDocumentCookieDisabled, emulation.SetDocumentCookieDisabledParams{Disabled: true})
		call(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: refuse})
	}
}

func (p *phone) size(width, height int64) chromedp.Action[chromedp.Void] {
	return chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
}

// hear runs in the tab's own loop, before anything else learns of the event.
func (p *phone) hear(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, ev.Request.URL)
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, "script: "+ev.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if ev.Entry.Source == log.EntrySourceSecurity || ev.Entry.Source == log.EntrySourceJavascript || p.strict && ev.Entry.Level == log.EntryLevelError {
			p.problems = append(p.problems, string(ev.Entry.Source)+": "+ev.Entry.Text+" "+ev.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if p.strict && ev.Type == runtime.ConsoleAPICalledTypeError {
			p.problems = append(p.problems, fmt.Sprintf("console: %s", ev.Args[0].Value))
		}
	}
}

// close ends the tab, as a captive window does.
func (p *phone) close() {
	if p.ctx.Err() != nil {
		return
	}
	if p.Failed() {
		p.picture("failed-" + strings.NewReplacer("/", "-").Replace(p.Name()))
	}
	if p.locked && eval[int](p, "window.touched || 0") > 0 {
		p.Error("the page reached for storage or cookies")
	}
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problem := range p.problems {
		p.Errorf("on the phone: %s", problem)
	}
	for _, address := range p.asked {
		if p.d != nil && !strings.HasPrefix(address, p.d.Shop+"/") && !strings.HasPrefix(address, "data:") && !slices.ContainsFunc(p.places, func(place string) bool { return strings.HasPrefix(address, place) }) {
			p.Errorf("fetched from elsewhere: %s", address)
		}
	}
}

// fetched counts the requests so far whose address ends like this.
func (p *phone) fetched(suffix string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, address := range p.asked {
		if strings.HasSuffix(address, suffix) {
			n++
		}
	}
	return n
}

func (p *phone) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// call sends one command of the DevTools protocol.
func call[P, R any](p *phone, command cdp.Command[P, R], params P) R {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.Fatal(err)
	}
	return r
}

// try evaluates in the page; it works without JavaScript too. A page that is
// just being replaced answers with an error.
func try[T any](p *phone, expression string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
}

func eval[T any](p *phone, expression string, options ...chromedp.EvaluateOption) T {
	p.Helper()
	v, err := try[T](p, expression, options...)
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return v
}

// shots is where pictures go; git ignores it.
const shots = "shots"

// picture keeps what the phone shows, from the top to the end of the page.
func (p *phone) picture(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(shots, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(shots, fmt.Sprintf("%s.png", name)), png, 0o644)
	}
	if err != nil {
		p.Errorf("picture %s: %v", name, err)
	}
}
