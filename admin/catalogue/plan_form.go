package catalogue

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/templates"
)

// planGroups is the form of a plan.
var planGroups = []group{
	{"plan", []field{{name: "name", kind: line, max: 60, needed: true}, {name: "price", kind: money, needed: true, hint: true}, {name: "note", kind: line, max: 200, hint: true}}},
	{"time", []field{{name: "validity", kind: span, hint: true}, {name: "valid_from", kind: choice, options: []string{"first_login", "purchase"}}, {name: "uptime", kind: span, hint: true}}},
	{"limits", []field{{name: "data", kind: size, hint: true}, {name: "rate", kind: line, max: 60, hint: true}, {name: "devices", kind: number, needed: true}}},
	{"delivery", []field{{name: "delivery", kind: choice, options: []string{"router", "stock", "stock_only"}, hint: true}, {name: "profile", kind: line, max: 63, hint: true}, {name: "hidden", kind: flag}}},
}

// planOf reads the plan of the address. Errors: NotFound "plan.not_found", also for plans of
// sites that the account does not have.
func planOf(k *web.Request) (catalog.Plan, error) { return plan(k, k.Param("id")) }

func plan(k *web.Request, id string) (catalog.Plan, error) {
	p, err := k.Store.Plan(k.AuditContext(), id)
	if err == nil && !k.Principal.Serves(p.SiteID) {
		err = store.ErrPlanNotFound
	}
	return p, err
}

// served lists the account's sites in page order.
func served(k *web.Request, ctx context.Context) ([]catalog.Site, error) {
	all, err := k.Store.Sites(ctx)
	return slices.DeleteFunc(all, func(s catalog.Site) bool { return !k.Principal.Serves(s.ID) }), err
}

// planForm is what a plan's form shows, and whether it is only to be looked at.
type planForm struct {
	plan   catalog.Plan // as it is; without an id a new one
	values catalog.Fields
	action string
	status int
	form   templates.Typed
	cause  error // why it was refused
}

func (f planForm) send(k *web.Request) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	p.Form = f.form
	page := templates.PlanEditPage{Panel: p, CatalogueTabs: tabs(k, "plans"), Plan: f.plan, Action: f.action, Groups: drawn(p, "plan", planGroups, f.values)}
	if f.plan.ID != "" {
		typed, _ := posted(k, planGroups) // only of a form that could be read
		page.Now = seenAgain(p, f.form, f.cause, "plan", f.plan.Fields(), typed)
		page.Seen = p.Form.Value("seen", f.plan.Fields().Digest())
	} else {
		sites, err := served(k, k.AuditContext())
		if err != nil {
			return err
		}
		page.Groups[0].Fields = append(page.Groups[0].Fields, siteField(p, sites, f.values["site"]))
	}
	shown, err := blank(f.plan.SiteID).With(f.values)
	if err != nil { // a preview of nonsense is none
		shown = f.plan
	}
	page.Preview = templates.PlanOffer{Plan: shown, Facts: p.PlanFacts(shown)}
	return k.SendPage(f.status, p.Theme, page)
}

// siteField asks for the site of a new plan.
func siteField(p templates.Panel, sites []catalog.Site, chosen string) templates.CatalogueField {
	v := templates.CatalogueField{Name: "site", Kind: string(choice), Label: p.T("catalogue.field.plan.site")}
	for _, s := range sites {
		v.Choices = append(v.Choices, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == p.Form.Value("site", chosen)})
	}
	if p.Form.Wrong("site") {
		v.Wrong = p.Form.Message
	}
	return v
}

// blank is a plan of which nothing was typed.
func blank(siteID string) catalog.Plan {
	return catalog.Plan{ID: "blank", SiteID: siteID, Name: "–", Price: 1, ValidFrom: order.FromFirstLogin, SharedUsers: 1}
}

// refused shows a form again with what was typed. Errors that no form shows are returned.
func (f planForm) refused(k *web.Request, cause error) error {
	form, ok := k.Typed(cause, append(names(planGroups), "seen", "site")...)
	if !ok {
		return cause
	}
	f.form, f.status, f.cause = form, httpx.Status(cause), cause
	return f.send(k)
}

// previews shows a form again as it was typed, where the button for that was pressed.
func (f planForm) previews(k *web.Request) (bool, error) {
	if k.FormValue("act") != "preview" {
		return false, nil
	}
	values, err := posted(k, planGroups)
	if err == nil {
		_, err = blank(f.plan.SiteID).With(values)
	}
	if err != nil {
		return true, f.refused(k, err)
	}
	f.form = templates.Typed{Values: map[string]string{}}
	for _, name := range append(names(planGroups), "seen", "site") {
		f.form.Values[name] = web.Truncate(k.FormValue(name))
	}
	f.values, f.status = values, fiber.StatusOK
	return true, f.send(k)
}
