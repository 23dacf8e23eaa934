package routers

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/httpx"
	"gerai/internal/shop/routers"
	"gerai/internal/staff"
	"gerai/templates"
)

// item shows one row of a menu with the form that changes it.
func item(k *web.Request, m hotspot.Menu) error {
	return showItem(k, m, fiber.StatusOK, nil)
}

// itemSet changes a row.
func itemSet(k *web.Request, m hotspot.Menu) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	id, err := row(k)
	if err != nil {
		return err
	}
	err = k.Shop.Routers.SetItem(k.AuditContext(), k.Principal.Actor(), routers.Row{Router: r, Menu: m, ID: id, Was: k.FormValue("was")}, itemForm(k, m))
	switch {
	case err == nil:
		return k.Back("/routers/"+r.ID+"/"+string(m)+"/"+id, "item_saved", nil)
	case ours(err):
		return err
	}
	return showItem(k, m, refusal(err), err)
}

// refusal is the answer's code for an error that the page explains: the
// router's reasons are no failure of ours.
func refusal(err error) int {
	if status := httpx.Status(err); status < fiber.StatusInternalServerError {
		return status
	}
	return fiber.StatusConflict
}

// itemForm reads a menu's form.
func itemForm(k *web.Request, m hotspot.Menu) map[string]string {
	spec, _ := hotspot.SpecOf(m)
	out := map[string]string{"sure": k.FormValue("sure")}
	for _, f := range spec.Form {
		if k.Context().PostArgs().Has(f.Name) {
			out[f.Name] = k.FormValue(f.Name)
		}
	}
	return out
}

func showItem(k *web.Request, m hotspot.Menu, status int, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	id, err := row(k)
	if err != nil {
		return err
	}
	ctx, cancel := soon(k)
	defer cancel()
	x, err := k.Shop.Routers.Item(ctx, routers.Row{Router: r, Menu: m, ID: id})
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, string(m))
	if err != nil {
		return err
	}
	spec, _ := hotspot.SpecOf(m)
	page := templates.RouterItemPage{RouterPanel: p, List: m, ID: id, Name: hotspot.Shown(x.Name), Was: x.Mark, WasForm: x.FormMark, Disabled: x.Fields["disabled"] == "true", Toggle: spec.Toggle, Remove: spec.Remove,
		Reset: m == hotspot.MenuUsers, Own: x.Own, Kept: x.Protected}
	if k.Principal.May(staff.SeeOrders) {
		page.Order = string(x.Sale.Code)
	}
	for _, c := range spec.Columns {
		inForm := slices.ContainsFunc(spec.Form, func(f hotspot.Field) bool {
			return f.Name == c && !f.Fixed && !f.Script && (c != hotspot.FieldValidity || expires(x.Fields))
		})
		if c != "disabled" && (x.Own || !inForm) {
			page.Facts = append(page.Facts, templates.RouterCell{Column: c, Text: valueText(p.Panel, c, x.Fields[c])})
		}
	}
	if m == hotspot.MenuUsers {
		if used, err := k.Shop.Routers.UserCounters(ctx, r, []string{x.Name}); err == nil {
			for _, c := range []string{"used-time", "used-data"} {
				page.Facts = append(page.Facts, templates.RouterCell{Column: c, Text: usedText(p.Panel, c, used[x.Name])})
			}
		}
	}
	return sendItem(k, r, page, status, cause, x.Fields)
}

// sendItem fills the form in and sends the page.
func sendItem(k *web.Request, r catalog.Router, page templates.RouterItemPage, status int, cause error, have map[string]string) error {
	spec, _ := hotspot.SpecOf(page.List)
	ctx, cancel := soon(k)
	defer cancel()
	names, err := k.Shop.Routers.Choices(ctx, r)
	if err != nil {
		if ours(err) {
			return err
		}
		page.Trouble = trouble(page.Panel, err)
	}
	var typed []string
	for _, f := range spec.Form {
		if f.Fixed && page.ID != "" || f.Script || f.Name == hotspot.FieldValidity && !expires(have) {
			continue
		}
		typed = append(typed, f.Name)
		page.Fields = append(page.Fields, templates.RouterField{Name: f.Name, Value: f.Input(have[f.Name]), Kind: f.Kind, Needed: f.Needed,
			Hint: slices.Contains(hinted, f.Kind), Choices: choicesOf(page.Panel, f, names, have[f.Name])})
	}
	if cause != nil {
		page.Form = refusedForm(k, page.Panel, cause, typed...)
		page.NeedsConfirmation = errors.Is(cause, routers.ErrProbeHost)
	}
	return k.SendPage(status, page.Theme, page)
}

// expires reports whether a profile's validity means anything: Mikhmon ends
// users of profiles with an expiry mode alone.
func expires(profile map[string]string) bool {
	mode := profile[hotspot.FieldExpiry]
	return mode != "" && mode != hotspot.Expiries[0]
}

// hinted are the kinds with a sentence below the input.
var hinted = []hotspot.FieldKind{hotspot.FieldRate, hotspot.FieldSpan, hotspot.FieldBytes, hotspot.FieldMAC, hotspot.FieldHost}

// choicesOf are the entries of a list, the present value among them.
func choicesOf(p templates.Panel, f hotspot.Field, names hotspot.Choices, have string) []templates.Pick {
	var all []string
	switch {
	case f.IsRef():
		if f.Kind != hotspot.FieldProfile {
			all = []string{""}
		}
		for _, name := range names.Of(f.Kind) {
			all = append(all, hotspot.NameKey(name))
		}
	case f.Kind == hotspot.FieldChoice:
		all = f.Choices
	default:
		return nil
	}
	if have = f.Input(have); !slices.Contains(all, have) && have != "" {
		all = append([]string{have}, all...)
	}
	var out []templates.Pick
	for _, v := range all {
		text := v
		if f.IsRef() {
			text = hotspot.Shown(hotspot.KeyName(v))
		}
		switch {
		case f.Name == hotspot.FieldExpiry:
			text = p.T("routers.expiry." + v)
		case f.Kind == hotspot.FieldChoice && templates.HasText("routers.choice."+v):
			text = p.T("routers.choice." + v)
		case v == "" && f.Kind == hotspot.FieldPool:
			text = p.T("routers.choice.none")
		case v == "":
			text = p.T("routers.choice.any")
		}
		out = append(out, templates.Pick{Value: v, Text: text})
	}
	return out
}

// target is the row that a form of this page is about.
func target(k *web.Request, m hotspot.Menu) (routers.Row, error) {
	r, err := router(k)
	if err != nil {
		return routers.Row{}, err
	}
	id, err := row(k)
	return routers.Row{Router: r, Menu: m, ID: id, Was: k.FormValue("was")}, err
}

// toList goes back to a menu after an act.
func toList(k *web.Request, x routers.Row, done string, err error) error {
	return k.Back("/routers/"+x.Router.ID+"/"+string(x.Menu), done, err)
}
