package admin

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

// request is one request with the account that sends it.
type request struct {
	*fiber.Ctx
	*Handler
	principal staff.Principal
}

// ctx is the request's context; audit rows under it name the account and its address.
func (k *request) ctx() context.Context {
	if k.principal.ID == "" {
		return k.UserContext()
	}
	return k.principal.Under(k.UserContext())
}

// admit authenticates the request. Without a session it redirects to the sign-in page;
// in is false then and the response is complete.
func (d *Handler) admit(k *request) (in bool, err error) {
	who := d.Accounts.Authenticate
	if k.Get(unattended) != "" {
		who = d.Accounts.Peek
	}
	k.principal, err = who(k.UserContext(), d.token(k.Ctx))
	if err == nil {
		k.principal.Device = k.from().Device
		return true, nil
	}
	if !fault.Is(err, fault.Denied) {
		return false, err
	}
	next := ""
	if k.Method() == fiber.MethodGet {
		next = string(k.Request().URI().RequestURI())
	}
	err = k.seeOther("/login", "next", next)
	if k.Get(unattended) != "" { // a part of a page cannot show another page
		k.Set("HX-Redirect", k.GetRespHeader(fiber.HeaderLocation))
		err = k.SendStatus(fiber.StatusNoContent)
	}
	return false, err
}

// unattended marks requests that a page repeats on a timer.
const unattended = "X-Unattended"

// refused refuses an act that the account has no right to.
func (d *Handler) refused(*request) error { return fault.New(fault.Denied, "staff.not_yours") }

// lang is the account's language, before sign-in the one asked for.
func (k *request) lang() templates.Lang {
	if k.principal.ID != "" {
		return templates.ParseLang(k.principal.Lang)
	}
	return templates.ParseLang(k.Query("lang"))
}

// panel starts a page of a section.
func (k *request) panel(section string) (templates.Panel, error) {
	theme, err := k.Handler.theme(k.Ctx)
	if err != nil {
		return templates.Panel{}, err
	}
	p := templates.Panel{
		Base: templates.Base{Lang: k.lang(), Theme: theme, Zone: k.Handler.Zone, Now: k.Handler.Clock.Now(), Path: string(k.Context().Path()), Test: !k.Handler.Live, Private: true},
		CSRF: k.Handler.guard.Token(k.Ctx), Section: section,
	}
	if k.principal.ID == "" {
		return p, nil
	}
	p.Person, p.Role = k.principal.Name, k.principal.Role
	p.Flash = flash(p, k.Query("m"))
	if k.principal.RequiredStep != staff.StepNone {
		return p, nil
	}
	p.News = k.news(p)
	for _, m := range menu {
		if k.principal.May(m.right) && (!m.allSites || k.principal.AllSites()) {
			p.Menu = append(p.Menu, templates.MenuItem{Key: m.key, Path: root + m.path})
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
	case templates.HasText("adm.done." + key):
		return &templates.Notice{Text: p.T("adm.done." + key), Good: true}
	case templates.HasText("adm.trouble." + key): // in the operator's words
		return &templates.Notice{Text: p.T("adm.router.silent", "why", p.Trouble(key))}
	case templates.HasText("fault." + key):
		return &templates.Notice{Text: p.T("fault." + key)}
	}
	return nil
}

// send renders a page of the panel.
func (k *request) send(status int, theme *templates.Theme, p templates.Page) error {
	html, err := templates.Render(p)
	if err != nil {
		return err
	}
	httpx.SetCSP(k.Ctx, httpx.CSP([]string{theme.ColorsHash}, nil))
	k.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return k.Status(status).Send(html)
}

// seeOther sends the browser to a page of the panel, by GET. Pairs of name and
// value become parameters, empty ones are left out.
func (k *request) seeOther(path string, pairs ...string) error {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	path = root + path
	if len(q) > 0 {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		path += sep + q.Encode()
	}
	return k.Redirect(path, fiber.StatusSeeOther)
}

// back redirects to a page with the outcome of an act: done is a key below
// "adm.done."; an error that has a sentence is shown by its code.
func (k *request) back(path, done string, err error) error {
	switch {
	case fault.Is(err, fault.Internal):
		return err
	case err != nil && (templates.HasText("fault."+fault.CodeOf(err)) || templates.HasText("adm.trouble."+fault.CodeOf(err))):
		done = fault.CodeOf(err)
	case err != nil:
		done = "kind." + string(fault.KindOf(err))
	}
	return k.seeOther(path, "m", done)
}

// typed is what a refused form held, and the message at its field. ok is false
// when the error is none that a form can show. Passwords are not kept.
func (k *request) typed(err error, fields ...string) (form templates.Typed, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal || f.Kind == fault.Config {
		return templates.Typed{}, false
	}
	form = templates.Typed{Values: map[string]string{}, Field: f.Field, Message: templates.FaultText(k.lang(), err)}
	for _, name := range fields {
		form.Values[name] = truncate(k.FormValue(name))
	}
	return form, true
}

// onlyWith asks about a field that goes only with a choice that was not made:
// what was typed there would vanish. Errors: Invalid with the code at the field.
func (k *request) onlyWith(chosen bool, field, code string) error {
	if chosen || k.FormValue(field) == "" {
		return nil
	}
	return fault.AtField(field, code)
}

// longestTyped bounds what is shown again of what was typed.
const longestTyped = 4000

func truncate(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > longestTyped {
		return string(r[:longestTyped])
	}
	return s
}

// inside returns next if it is an address of the panel, else root: a sign-in never
// redirects to another site.
func inside(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || (u.Path != root && !strings.HasPrefix(u.Path, root+"/")) || strings.ContainsAny(next, "\\\r\n") {
		return root
	}
	return u.RequestURI()
}
