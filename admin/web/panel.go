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
		Base: templates.Base{Lang: k.Lang(), Theme: theme, Zone: k.Handler.Zone, Now: k.Handler.Clock.Now(), Path: string(k.Context().Path()), Test: !k.Handler.Live(), Private: true},
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
	p.Menu, p.Dock = menuOf(k.Principal)
	p.Searchable = k.Handler.searchRight != "" && k.Principal.May(k.Handler.searchRight)
	if p.Guide, err = k.guide(); err != nil {
		return p, err
	}
	if k.Principal.May(staff.SeeDashboard) {
		p.OpenAlerts, err = k.Shop.Alerts.CountOpen(k.UserContext(), k.Principal.Sites, k.Principal.AlertKinds(), templates.MostAlerts)
	}
	return p, err
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
	httpx.SetCSP(k.Ctx, httpx.CSP([]string{theme.ColorsHash}, nil)+"; manifest-src 'self'")
	k.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return k.Status(status).Send(html)
}
