package web

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

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
		if k.Principal.May(m.right) && !k.Principal.May(m.unless) && (!m.allSites || k.Principal.AllSites()) {
			p.Menu = append(p.Menu, templates.MenuItem{Key: m.key, Path: Root + m.path})
		}
	}
	return p, nil
}

// menu lists the sections in order.
var menu = []struct {
	key, path string
	right     staff.Right
	allSites  bool        // see route
	unless    staff.Right // who has it gets there by another entry
}{
	{"board", "", staff.SeeDashboard, false, ""},
	{"alerts", "/alerts", staff.SeeDashboard, false, ""},
	{"sell", "/sell", staff.Sell, false, ""},
	{"orders", "/orders", staff.SeeOrders, false, ""},
	{"shift", "/shift", staff.OwnShift, false, ""},
	{"money", "/money", staff.ApproveRefund, false, ""},
	{"vouchers", "/vouchers", staff.PrintVouchers, false, ""},
	{"vouchers", "/vouchers/find", staff.SeeVouchers, false, staff.PrintVouchers},
	{"online", "/online", staff.Kick, false, ""},
	{"routers", "/routers", staff.SeeRouters, false, ""},
	{"reports", "/reports", staff.Reports, false, ""},
	{"reconciliation", "/reconciliation", staff.Reconcile, true, ""},
	{"tech", "/reports/tech", staff.TechReports, false, ""},
	{"staff", "/staff", staff.ManageStaff, false, ""},
	{"policy", "/policy", staff.Settings, true, ""},
	{"audit", "/audit", staff.SeeAudit, true, ""},
	{"backups", "/backups", staff.Backups, true, ""},
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

// news tells what happened to the account since its owner last looked.
func (k *Request) news(p templates.Panel) (out []templates.NewsLine) {
	for _, n := range k.Principal.News() {
		out = append(out, templates.NewsLine{Text: p.Told(n.Code), At: n.At})
	}
	return out
}

// Tone is a tile's tone while it is on, else none.
func Tone(on bool, tone string) string {
	if on {
		return tone
	}
	return ""
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
