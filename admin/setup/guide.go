package setup

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/shop/setup"
	"gerai/templates"
)

// guide shows what is done and what is missing on the way to the first sale.
func guide(k *web.Request) error { return show(k, fiber.StatusOK, "", templates.Typed{}) }

// fields are what a refused form of the page shows again.
var fields = []string{"name", "slug", "ssid", "site", "plan", "price", "validity", "validity_unit", "router"}

// refused shows the page again with the step whose form was refused, and what was typed.
func refused(k *web.Request, step string, cause error) error {
	form, ok := k.Typed(cause, fields...)
	if !ok {
		return cause
	}
	return show(k, httpx.Status(cause), step, form)
}

func show(k *web.Request, status int, wrong string, form templates.Typed) error {
	p, err := k.Panel("setup")
	if err != nil {
		return err
	}
	st, err := k.Shop.Setup.State(k.AuditContext())
	if err != nil {
		return err
	}
	p.Form, p.Guide = form, nil
	page := templates.GuidePage{Panel: p, Wrong: wrong, Nonce: web.Nonce(), Gateway: gatewayView(st.Gateway), Sold: st.Sold, BaseURL: k.Shop.BaseURL}
	page.Done, page.All = st.Progress()
	next := st.Next()
	for i, name := range setup.Steps {
		s := templates.GuideStep{Key: name, No: i + 1, Done: st.Done(name), Next: name == next, Optional: setup.Optional(name)}
		for _, x := range st.Missing(name) {
			s.Missing = append(s.Missing, p.T("setup.step."+x))
		}
		page.Steps = append(page.Steps, s)
	}
	for _, x := range st.Sites {
		page.Sites = append(page.Sites, templates.GuideSite{ID: x.ID, Name: x.Name, Slug: x.Slug, Plans: st.Planned[x.ID], Chosen: x.ID == form.Value("site", "")})
	}
	if err := offers(k, &page, st); err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, page)
}

// offers lists the routers with what is known of them, and the plans that can be tried out.
func offers(k *web.Request, page *templates.GuidePage, st setup.State) error {
	p := page.Panel
	for _, r := range st.Routers {
		line := templates.GuideRouter{ID: r.ID, Name: r.Name, Answers: r.Answers(), SeenAt: r.SeenAt, Provisioned: r.Provisioned}
		if r.Failure != "" {
			line.Trouble = p.Trouble(r.Failure)
		}
		if r.Tried {
			line.Tried = &templates.GuideTrial{At: r.Trial.At, OK: r.Trial.OK(), Left: r.Trial.RemovedAt.IsZero()}
			if r.Trial.Failure != "" {
				line.Tried.Trouble = p.Trouble(r.Trial.Failure)
			}
		}
		page.Routers = append(page.Routers, line)
		if line.Answers {
			page.Try = append(page.Try, templates.Choice{Value: r.ID, Name: r.Name, Chosen: r.ID == page.Form.Value("router", "")})
		}
	}
	for _, x := range st.Sites {
		plans, err := k.Store.Plans(k.AuditContext(), x.ID)
		if err != nil {
			return err
		}
		for _, pl := range plans {
			if !pl.Hidden && !pl.Retired() {
				page.Plans = append(page.Plans, templates.Choice{Value: pl.ID, Name: planName(st, x, pl), Chosen: pl.ID == page.Form.Value("plan", "")})
			}
		}
	}
	return nil
}

// planName is a plan as a list shows it, with its site where there are several.
func planName(st setup.State, s catalog.Site, p catalog.Plan) string {
	if len(st.Sites) > 1 {
		return s.Name + " · " + p.Name + " · " + p.Price.String()
	}
	return p.Name + " · " + p.Price.String()
}
