package templates

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
)

// Base is what every page has: language, brand, time zone and its own address.
type Base struct {
	Lang  Lang
	Theme *Theme
	Zone  *time.Location // the site's zone; times are shown in it
	Now   time.Time      // the moment the page was made
	Path  string         // this page's path, for links back to itself
	Query url.Values     // parameters to keep on links back to itself, without lang
	Hints order.Hints    // what the hotspot's login page passed along; kept on the whole road
	Test  bool           // the gateway is a simulator or a test key: say so
	Auto  bool           // the customer switched automatic reloading on
	// RefundDays is within how many days refunds due are paid; 0 names none.
	RefundDays int
	// Private marks pages that belong to one customer: no search engine, no
	// referrer.
	Private bool
}

// Brand returns the operator's brand.
func (b Base) Brand() catalog.Brand { return b.Theme.Brand }

// T returns the sentence for a key in the page's language; see Text.
func (b Base) T(key string, pairs ...any) string { return Text(b.Lang, key, pairs...) }

// language is the one the page is rendered in.
func (b Base) language() Lang { return ParseLang(string(b.Lang)) }

// layout is the frame around a page's main part.
func (Base) layout() string { return "layout.html" }

// Style is the inlined style sheet.
func (b Base) Style() template.CSS { return b.Theme.Style }

// Script is the path of the one script, which no page needs.
func (b Base) Script() string { return scriptAsset.Path }

// Icon is the path of the small picture in the browser's tab.
func (b Base) Icon() string {
	if b.Theme.LogoPath != "" {
		return b.Theme.LogoPath
	}
	return iconAsset.Path
}

// Href makes a link inside the shop that keeps the chosen language. Pairs of
// name and value are added as parameters.
func (b Base) Href(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return withQuery(path, q, b.Lang)
}

// Keep is Href that carries the hotspot's hints along, for links between pages.
func (b Base) Keep(path string, pairs ...string) string {
	q := url.Values{}
	b.hint(q)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return withQuery(path, q, b.Lang)
}

func (b Base) hint(q url.Values) {
	for _, f := range b.HintFields() {
		q.Set(f.Name, f.Value)
	}
}

// Field is a name and a value.
type Field struct{ Name, Value string }

// HintFields are the hidden fields that carry the hints through a form.
func (b Base) HintFields() []Field {
	var out []Field
	for _, f := range []Field{{"mac", b.Hints.MAC}, {"ip", b.Hints.IP}, {"link-login-only", b.Hints.LoginURL},
		{"link-orig", b.Hints.OrigURL}, {"server-name", b.Hints.ServerName}} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// Self is this page's own address, with the given pairs changed.
func (b Base) Self(pairs ...string) string {
	q := b.keep()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return withQuery(b.Path, q, b.Lang)
}

// OtherLang is the language one can switch to.
func (b Base) OtherLang() Lang {
	if b.Lang == English {
		return Indonesian
	}
	return English
}

// SwitchURL is this page in the other language.
func (b Base) SwitchURL() string { return withQuery(b.Path, b.keep(), b.OtherLang()) }

func (b Base) keep() url.Values {
	q := url.Values{}
	for k, v := range b.Query {
		q[k] = v
	}
	b.hint(q)
	if b.Auto {
		q.Set("auto", "1")
	}
	return q
}

func withQuery(path string, q url.Values, l Lang) string {
	q.Del("lang")
	if l == English {
		q.Set("lang", string(English))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// HelpPhone is the help number as a tel: link may carry it.
func (b Base) HelpPhone() string { return dialable(b.Brand().Phone) }

// HelpWhatsApp is the WhatsApp number as people read it: +62 812-3456-7890.
func (b Base) HelpWhatsApp() string {
	digits := b.Brand().WhatsApp
	if len(digits) < 9 {
		return digits
	}
	rest := digits[2:]
	parts := []string{rest[:3]}
	for rest = rest[3:]; len(rest) > 5; rest = rest[4:] {
		parts = append(parts, rest[:4])
	}
	return "+" + digits[:2] + " " + strings.Join(append(parts, rest), "-")
}

func dialable(phone string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, phone)
}
