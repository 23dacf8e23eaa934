package e2e

import (
	"fmt"
	"sync"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// clipboard belongs to one phone at a time: the browser has only one.
var clipboard sync.Mutex

// copies taps the copy button twice: with the clipboard of today, and in a
// browser that has none.
func copies(p *phone, want string) {
	p.Helper()
	clipboard.Lock()
	defer clipboard.Unlock()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		ctx := chromedp.FromContext(p.ctx)
		if _, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name},
			Setting: browser.PermissionSettingGranted, Origin: p.d.Shop, BrowserContextID: ctx.BrowserContextID}); err != nil {
			p.Fatal(err)
		}
	}
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	await := chromedp.EvalAwaitPromise
	eval[bool](p, `window.pasteboard = navigator.clipboard, true`)
	for _, have := range []string{"navigator.clipboard", "undefined"} {
		eval[bool](p, fmt.Sprintf(`Object.defineProperty(navigator, "clipboard", { value: %s, configurable: true }), true`, have))
		eval[bool](p, `pasteboard.writeText("nothing").then(function () { return true; })`, await)
		p.waits(`.va .copyrow:first-of-type .copy:enabled, .copyrow:has(#va) .copy:enabled`, patience)
		p.tap(`.copyrow:has(#va) .copy`)
		p.waits(`.copyrow:has(#va) .copy:disabled`, patience)
		if got := eval[string](p, `pasteboard.readText()`, await); got != want {
			p.Errorf("with %s the clipboard holds %q, want %q", have, got, want)
		}
	}
}
