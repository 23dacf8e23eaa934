package e2e

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"gerai/internal/testenv"
)

var (
	chromium    context.Context
	stopBrowser context.CancelFunc
	errBrowser  error
	browserOnce sync.Once
)

// openBrowser starts the one browser of the run. Every phone gets a profile of
// its own inside.
func openBrowser(t testing.TB) context.Context {
	t.Helper()
	path := testenv.Chromium(t)
	browserOnce.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(filepath.Join(scratch, "profile")),
			chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
		ctx, stopProcess := chromedp.NewExecAllocator(context.Background(), options...)
		var stopContext context.CancelFunc
		chromium, stopContext = chromedp.NewContext(ctx)
		stopBrowser = func() { stopContext(); stopProcess() }
		errBrowser = chromedp.Do(chromium)
	})
	if errBrowser != nil {
		t.Fatalf("the browser does not start: %v", errBrowser)
	}
	return chromium
}

func closeBrowser() {
	if stopBrowser != nil {
		stopBrowser()
	}
}
