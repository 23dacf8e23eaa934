package web

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// Request is one request with the account that sends it.
type Request struct {
	*fiber.Ctx
	*Handler
	Principal staff.Principal
}

// AuditContext is the request's context; audit rows under it name the account and its address.
func (k *Request) AuditContext() context.Context {
	if k.Principal.ID == "" {
		return k.UserContext()
	}
	return k.Principal.Under(k.UserContext())
}

// admit authenticates the request. Without a session it redirects to the sign-in page;
// in is false then and the response is complete.
func (d *Handler) admit(k *Request) (in bool, err error) {
	who := d.Accounts.Authenticate
	if k.Get(unattended) != "" {
		who = d.Accounts.Peek
	}
	k.Principal, err = who(k.UserContext(), d.Token(k.Ctx))
	if err == nil {
		k.Principal.Device = k.From().Device
		return true, nil
	}
	if !fault.Is(err, fault.Denied) {
		return false, err
	}
	next := ""
	if k.Method() == fiber.MethodGet {
		next = string(k.Request().URI().RequestURI())
	}
	err = k.SeeOther("/login", "next", next)
	if k.Get(unattended) != "" { // a part of a page cannot show another page
		k.Set("HX-Redirect", k.GetRespHeader(fiber.HeaderLocation))
		err = k.SendStatus(fiber.StatusNoContent)
	}
	return false, err
}

// unattended marks requests that a page repeats on a timer.
const unattended = "X-Unattended"

// refused refuses an act that the account has no right to.
func (d *Handler) refused(*Request) error { return fault.New(fault.Denied, "staff.not_yours") }

// Lang is the account's language, before sign-in the one asked for.
func (k *Request) Lang() templates.Lang {
	if k.Principal.ID != "" {
		return templates.ParseLang(k.Principal.Lang)
	}
	return templates.ParseLang(k.Query("lang"))
}

// Panel starts a page of a section.
func (k *Request) Panel(section string) (templates.Panel, error) {
	theme, err := k.Handler.theme(k.Ctx)
	if err != nil {
		return templates.Panel{}, err
	}
	p := templates.Panel{
		Base: templates.Base{Lang: k.Lang(), Theme: theme, Zone: k.Handler.Zone, Now: k.Handler.Clock.Now(), Path: string(k.Context().Path()), Test: !k.Handler.Live, Private: true},
		CSRF: k.Handler.guard.Token(k.Ctx), Section: section,
	}
	if k.Principal.ID == "" {
		return p, nil
	}
	p.Person, p.Role = k.Principal.Name, k.Principal.Role
	p.Flash = flash(p, k.Query("m"))
	if k.Principal.RequiredStep != staff.StepNone {
		return p, nil
	}
	p.News = k.news(p)
	for _, m := range menu {
		if k.Principal.May(m.right) && (!m.allSites || k.Principal.AllSites()) {
			p.Menu = append(p.Menu, templates.MenuItem{Key: m.key, Path: Root + m.path})
		}
	}
	return p, nil
}

// menu lists the sections in order.
var menu = []struct {
	key, path string
	right     staff.Right
	allSites  bool // see route
}{
	{"board", "", staff.SeeDashboard, false},
	{"alerts", "/alerts", staff.SeeDashboard, false},
	{"sell", "/sell", staff.Sell, false},
	{"orders", "/orders", staff.SeeOrders, false},
	{"shift", "/shift", staff.OwnShift, false},
	{"money", "/money", staff.ApproveRefund, false},
	{"vouchers", "/vouchers", staff.PrintVouchers, false},
	{"online", "/online", staff.Kick, false},
	{"routers", "/routers", staff.SeeRouters, false},
	{"reports", "/reports", staff.Reports, false},
	{"tech", "/reports/tech", staff.TechReports, false},
	{"staff", "/staff", staff.ManageStaff, false},
	{"policy", "/policy", staff.Settings, true},
	{"audit", "/audit", staff.SeeAudit, true},
}

// flash turns the key of the address into a message, if it is one we know.
func flash(p templates.Panel, key string) *templates.Notice {
	switch {
	case key == "" || len(key) > 60:
		return nil
	case templates.HasText("done." + key):
		return &templates.Notice{Text: p.T("done." + key), Good: true}
	case templates.HasText("trouble." + key): // in the operator's words
		return &templates.Notice{Text: p.T("routers.silent", "why", p.Trouble(key))}
	case templates.HasText("fault." + key):
		return &templates.Notice{Text: p.T("fault." + key)}
	}
	return nil
}

// SendPage renders a page of the panel.
func (k *Request) SendPage(status int, theme *templates.Theme, p templates.Page) error {
	html, err := templates.Render(p)
	if err != nil {
		return err
	}
	httpx.SetCSP(k.Ctx, httpx.CSP([]string{theme.ColorsHash}, nil))
	k.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return k.Status(status).Send(html)
}

// SeeOther sends the browser to a page of the panel, by GET. Pairs of name and
// value become parameters, empty ones are left out.
func (k *Request) SeeOther(path string, pairs ...string) error {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	path = Root + path
	if len(q) > 0 {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		path += sep + q.Encode()
	}
	return k.Redirect(path, fiber.StatusSeeOther)
}

// Back redirects to a page with the outcome of an act: done is a key below
// "done."; an error that has a sentence is shown by its code.
func (k *Request) Back(path, done string, err error) error {
	switch {
	case fault.Is(err, fault.Internal):
		return err
	case err != nil && (templates.HasText("fault."+fault.CodeOf(err)) || templates.HasText("trouble."+fault.CodeOf(err))):
		done = fault.CodeOf(err)
	case err != nil:
		done = "kind." + string(fault.KindOf(err))
	}
	return k.SeeOther(path, "m", done)
}

// Typed is what a refused form held, and the message at its field. ok is false
// when the error is none that a form can show. Passwords are not kept.
func (k *Request) Typed(err error, fields ...string) (form templates.Typed, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal || f.Kind == fault.Config {
		return templates.Typed{}, false
	}
	form = templates.Typed{Values: map[string]string{}, Field: f.Field, Message: templates.FaultText(k.Lang(), err)}
	for _, name := range fields {
		form.Values[name] = Truncate(k.FormValue(name))
	}
	return form, true
}

// OnlyWith asks about a field that goes only with a choice that was not made:
// what was typed there would vanish. Errors: Invalid with the code at the field.
func (k *Request) OnlyWith(chosen bool, field, code string) error {
	if chosen || k.FormValue(field) == "" {
		return nil
	}
	return fault.AtField(field, code)
}

// longestTyped bounds what is shown again of what was typed.
const longestTyped = 4000

// Truncate cuts what was typed to what is shown again.
func Truncate(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > longestTyped {
		return string(r[:longestTyped])
	}
	return s
}

// Inside returns next if it is an address of the panel, else root: a sign-in never
// redirects to another site.
func Inside(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || (u.Path != Root && !strings.HasPrefix(u.Path, Root+"/")) || strings.ContainsAny(next, "\\\r\n") {
		return Root
	}
	return u.RequestURI()
}
