package templates

import (
	"strconv"

	"gerai/internal/catalog"
)

// ErrorPage says in plain words that something did not work. It never shows a
// cause.
type ErrorPage struct {
	Base
	Code int // HTTP status
	// Text replaces the general sentence when there is a better one.
	Text  string
	Sites []catalog.Site // hotspots that sell, where another one may help
	// Closed: the hotspot exists and sells nothing any more.
	Closed bool
}

func (ErrorPage) file() string { return "storefront/error.html" }

// Title names the page in the browser's tab.
func (p ErrorPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p ErrorPage) Heading() string {
	if p.Closed {
		return p.T("storefront.error.closed.title")
	}
	return p.T("storefront.error." + p.family() + ".title")
}

// Sentence explains what to do now.
func (p ErrorPage) Sentence() string {
	if p.Text != "" {
		return p.Text
	}
	return p.T("storefront.error." + p.family() + ".text")
}

// family is the set of sentences that fits the HTTP status.
func (p ErrorPage) family() string {
	switch p.Code {
	case 400, 403, 404, 405, 409, 413, 429, 503:
		return strconv.Itoa(p.Code)
	}
	if p.Code >= 400 && p.Code < 500 {
		return "400"
	}
	return "500"
}
