package templates

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"

	"gerai/internal/catalog"
)

// The grounds letters stand on; the style sheet uses the same values, and a
// test compares them.
var (
	lightGrounds = []rgb{parseColor("#f4f6f3"), parseColor("#ffffff")}
	darkGrounds  = []rgb{parseColor("#0f1311"), parseColor("#1a201d")}
)

// Theme is everything that follows from a brand: style sheet, its hash for the
// content security policy, and the logo's address. Make it once per brand.
type Theme struct {
	Brand catalog.Brand
	Style template.CSS
	// StyleHash is the CSP source of Style: 'sha256-…' with its quotes.
	StyleHash string
	// Colors are the brand's colours alone, for the panel, whose sheet is a file;
	// ColorsHash is their CSP source.
	Colors     template.CSS
	ColorsHash string
	LogoPath   string // "" without a logo
	Papers     map[Paper]Sheet
}

// NewTheme computes the look of a brand.
func NewTheme(b catalog.Brand) *Theme {
	brand := parseColor(b.Color)
	light, dark := newScheme(brand, lightGrounds, black), newScheme(brand, darkGrounds, white)
	colors := fmt.Sprintf(":root{--a:%s;--on:%s;--link:%s}@media(prefers-color-scheme:dark){:root{--a:%s;--on:%s;--link:%s}}",
		light.fill, light.text, light.link, dark.fill, dark.text, dark.link)
	style := colors + sheet
	t := &Theme{
		Brand:      b,
		Style:      template.CSS(style), //nolint:gosec // our own sheet and computed colours
		StyleHash:  source(style),
		Colors:     template.CSS(colors), //nolint:gosec // computed
		ColorsHash: source(colors),
	}
	t.Papers = newSheets(light, dark)
	if len(b.Logo) > 0 {
		logo := sha256.Sum256(b.Logo)
		t.LogoPath = "/brand/logo-" + hex.EncodeToString(logo[:8])
	}
	return t
}

// source is the CSP source of an inline text.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
