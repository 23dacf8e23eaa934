package templates

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"regexp"
	"strings"
)

// Asset is one embedded file under a path that changes with its content, so
// that browsers may keep it for ever.
type Asset struct {
	Path string
	Type string
	Body []byte
}

var (
	//go:embed assets/shop.css
	sheetSource string
	//go:embed assets/paper.css
	paperSource string
	//go:embed assets/shop.js
	scriptSource []byte
	//go:embed assets/icon.svg
	iconSource []byte
	//go:embed assets/icons.svg
	symbolsSource []byte
	//go:embed assets/admin.css
	panelSheetSource string
	//go:embed assets/admin.js
	panelScriptSource []byte
	//go:embed assets/sw.js
	workerSource string
	//go:embed assets/passkey.js
	passkeyScriptSource []byte
	//go:embed assets/slips.css
	voucherPrintSheetSource string
	//go:embed assets/vendor/htmx-2.0.11.min.js
	htmxSource []byte
	//go:embed assets/vendor/uplot-1.6.32.min.js
	chartScriptSource []byte
	//go:embed assets/vendor/uplot-1.6.32.min.css
	chartSheetSource []byte

	sheet             = squeeze(sheetSource)
	scriptAsset       = newAsset("shop", "js", "text/javascript; charset=utf-8", scriptSource)
	iconAsset         = newAsset("icon", "svg", "image/svg+xml", iconSource)
	symbols           = newAsset("icons", "svg", "image/svg+xml", symbolsSource)
	panelSheet        = newAsset("admin", "css", "text/css; charset=utf-8", []byte(squeeze(panelSheetSource)))
	voucherPrintSheet = newAsset("slips", "css", "text/css; charset=utf-8", []byte(squeeze(voucherPrintSheetSource)))
	panelScript       = newAsset("admin", "js", "text/javascript; charset=utf-8", panelScriptSource)
	passkey           = newAsset("passkey", "js", "text/javascript; charset=utf-8", passkeyScriptSource)
	htmx              = newAsset("htmx", "js", "text/javascript; charset=utf-8", htmxSource)
	chartScript       = newAsset("chart", "js", "text/javascript; charset=utf-8", chartScriptSource)
	chartSheet        = newAsset("chart", "css", "text/css; charset=utf-8", chartSheetSource)
)

// panelAssets are the panel's, which is no captive window and may have more.
var panelAssets = []Asset{symbols, panelSheet, voucherPrintSheet, panelScript, passkey, htmx, chartScript, chartSheet}

// Assets lists what handlers serve, immutable.
func Assets() []Asset { return append([]Asset{scriptAsset, iconAsset}, panelAssets...) }

func newAsset(name, ext, mediaType string, body []byte) Asset {
	sum := sha256.Sum256(body)
	return Asset{Path: "/assets/" + name + "-" + hex.EncodeToString(sum[:6]) + "." + ext, Type: mediaType, Body: body}
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssBlank   = regexp.MustCompile(`\s+`)
	cssTight   = regexp.MustCompile(` ?([{};,>]) ?`)
	cssColon   = regexp.MustCompile(`: `)
)

// squeeze takes comments and needless blanks out of the sheet. It knows only
// the CSS written here: no strings with blanks, no selectors that need one
// around a comma or a brace.
func squeeze(css string) string {
	css = cssBlank.ReplaceAllString(cssComment.ReplaceAllString(css, ""), " ")
	css = cssColon.ReplaceAllString(cssTight.ReplaceAllString(css, "$1"), ":")
	return strings.TrimSpace(strings.ReplaceAll(css, ";}", "}"))
}
