package templates

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// Panel is what every page of the operator's panel has beside Base: the signed-in account,
// its menu, the token of its forms.
type Panel struct {
	Base
	Person  string // account name, "" before sign-in
	Role    string
	Section string // the menu entry that is open
	Menu    []MenuGroup
	Dock    []MenuItem // the entries a phone has at its lower edge, beside the one for all
	// OpenAlerts are the alerts open for the account, MostAlerts of them or more counted
	// as MostAlerts.
	OpenAlerts int
	Searchable bool // there is a page of search results that the account may see
	CSRF       string
	Guide      *Guide     // how far the shop is set up, nil where it has sold or the account does not do it
	Flash      *Notice    // what the last act did
	News       []NewsLine // what happened to the account since its owner last looked
	Charts     bool       // the page has charts: load what draws them
	// Form keeps what was typed into a form that could not be accepted.
	Form Typed
}

// MenuGroup is entries of the panel's menu that belong together.
type MenuGroup struct {
	Key   string // message key "web.group.<key>", "" for the first entries, which need no name
	Items []MenuItem
}

// MenuItem is one entry of the panel's menu.
type MenuItem struct {
	Key  string // section, also the message key "web.menu.<key>"
	Path string
	Icon string // see Symbol
}

// MostAlerts is up to where open alerts are counted for the menu.
const MostAlerts = 100

// AlertCount is the number of open alerts as the menu shows it: "99+" from MostAlerts on.
func (p Panel) AlertCount() string {
	if p.OpenAlerts >= MostAlerts {
		return strconv.Itoa(MostAlerts-1) + "+"
	}
	return strconv.Itoa(p.OpenAlerts)
}

// Symbol draws one of the icons of assets/icons.svg in the colour of the text around it.
// It says nothing to a screen reader: a word always stands beside it.
func (b Base) Symbol(name string) template.HTML {
	return template.HTML(`<svg class="ic" aria-hidden="true"><use href="` + symbols.Path + `#` + template.HTMLEscapeString(name) + `"/></svg>`) //nolint:gosec // a path of ours and an escaped name
}

// Typed is a refused form: values by field, the field the message belongs to.
type Typed struct {
	Values         map[string]string
	Field, Message string
}

// Value returns what was typed into a field, or what stands there otherwise.
func (f Typed) Value(field, otherwise string) string {
	if v, typed := f.Values[field]; typed {
		return v
	}
	return otherwise
}

// Wrong reports whether the message belongs to a field.
func (f Typed) Wrong(field string) bool { return f.Message != "" && f.Field == field }

// General reports whether the message belongs to none of the named fields.
func (f Typed) General(fields ...string) bool {
	return f.Message != "" && !slices.Contains(fields, f.Field)
}

// Sheet is the panel's style sheet.
func (p Panel) Sheet() string { return panelSheet.Path }

// Script is the panel's script, which no page needs.
func (p Panel) Script() string { return panelScript.Path }

// HTMX is the library that exchanges parts of pages, ChartScript and ChartSheet
// the one that draws; no page needs either.
func (p Panel) HTMX() string { return htmx.Path }

// ChartScript is the path of the chart library.
func (p Panel) ChartScript() string { return chartScript.Path }

// ChartSheet is the path of its style sheet.
func (p Panel) ChartSheet() string { return chartSheet.Path }

// RoleName is the role as people say it.
func (p Panel) RoleName() string { return p.T("staff.role." + p.Role) }

// Alert names what an alert is about.
func (p Panel) Alert(kind string) string { return p.known("alert.", kind) }

// Trouble says what is wrong with a router, by the code of its fault. It is a
// sentence for the operator; customers never read it.
func (p Panel) Trouble(code string) string { return p.known("trouble.", code) }

// Fault is the sentence of a fault's code.
func (p Panel) Fault(code string) string { return p.known("fault.", code) }

// known is the sentence for a key, or the key's own end where a newer part of
// the program has words that this one lacks.
func (p Panel) known(prefix, key string) string {
	if HasText(prefix + key) {
		return p.T(prefix + key)
	}
	return key
}

// Href shadows Base's: the panel's language belongs to the person, not to the
// address.
func (p Panel) Href(path string, pairs ...string) string {
	b := p.Base
	b.Lang = Indonesian
	return b.Href(path, pairs...)
}

// Self is this page's address with the given pairs changed.
func (p Panel) Self(pairs ...string) string {
	b := p.Base
	b.Lang = Indonesian
	return b.Self(pairs...)
}

// webPages are pages of every area.
var webPages = []Page{ConfirmationPage{}, PanelErrorPage{}, OfflinePage{}}

// adminPages lists one value of every page of the panel; each area adds its
// own.
var adminPages = slices.Concat(webPages, sessionPages, accountPages, staffPages, auditPages, alertPages, routerPages, orderPages, refundPages, counterPages, voucherPages, stockPages, promotionPages, reportPages, reconciliationPages, backupPages, cataloguePages, setupPages)

// Confirmation is the part of a form that confirms an act that cannot be taken back: what
// has to be typed, the reason, and the token that makes it count once.
type Confirmation struct {
	Panel
	Token, Want string
	Key         string // sets apart the forms of one page
	Digits      bool   // what has to be typed is an amount
}

// Confirmation fills it.
func (p Panel) Confirmation(token, want, key string, digits bool) Confirmation {
	return Confirmation{Panel: p, Token: token, Want: want, Key: key, Digits: digits}
}

// ConfirmationPage asks before an act that cannot be taken back: what it does, what has
// to be typed, and why.
type ConfirmationPage struct {
	Panel
	Name    string // heading
	Effects []string
	Action  string // where the form goes
	Back    string // the page to come back to
	Want    string // what has to be typed, shown
	Token   string // of the confirmation
	Nonce   string
	Amount  string // proposed amount; "" asks for none
	Code    bool   // asks for an order's code
	// Complains asks what the customer complained of.
	Complains bool
	Payout    string // a box to tick for cash that leaves the account's till at once, "" for none
	Also      string // a box to tick for what goes with it, "" for none
	Button    string
}

func (ConfirmationPage) file() string { return "web/confirmation.html" }

// Title names the page in the browser's tab.
func (p ConfirmationPage) Title() string { return p.Name + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p ConfirmationPage) Heading() string { return p.Name }

// PanelErrorPage says in plain words that something did not work.
type PanelErrorPage struct {
	Panel
	Code    int // HTTP status
	Text    string
	Address string // where the panel works, when it does not here
	Busy    bool   // as much is computed as is at once
}

func (PanelErrorPage) file() string { return "web/error.html" }

// Title names the page in the browser's tab.
func (p PanelErrorPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PanelErrorPage) Heading() string {
	if p.Busy {
		return p.T("storefront.busy.title")
	}
	return ErrorPage{Base: p.Base, Code: p.Code}.Heading()
}

// Sentence explains the error.
func (p PanelErrorPage) Sentence() string {
	return ErrorPage{Base: p.Base, Code: p.Code, Text: p.Text}.Sentence()
}

// Choice is one option of a form.
type Choice struct {
	Value, Name string
	Chosen      bool
}

// Picked reports whether an option is the one that was typed, or the given one
// where nothing was.
func (p Panel) Picked(field, value, otherwise string) bool {
	return p.Form.Value(field, otherwise) == value
}

// PickedAny is Picked for boxes of which several may be ticked, kept as a comma
// list.
func (p Panel) PickedAny(field, value string, otherwise bool) bool {
	list, typed := p.Form.Values[field]
	if !typed {
		return otherwise
	}
	return slices.Contains(strings.Split(list, ","), value)
}
