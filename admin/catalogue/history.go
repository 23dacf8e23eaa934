package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	rupiah "gerai/internal/money"
	"gerai/internal/shop/catalogue"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// changesShown is how many changes a page of the history lists.
const changesShown = 30

// history lists changes of the catalogue at the account's sites.
func history(k *web.Request) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	all, err := k.Shop.Catalogue.Changes(k.AuditContext(), k.Principal.Sites, web.Truncate(k.Query("before")), changesShown+1)
	if err != nil {
		return err
	}
	page := templates.CatalogueHistoryPage{Panel: p, CatalogueTabs: tabs(k, "history")}
	if len(all) > changesShown {
		all = all[:changesShown]
		page.Next = p.Href(web.Root+"/catalogue/history", "before", all[changesShown-1].ID)
	}
	names := map[string]string{}
	for _, c := range all {
		name, known := names[c.Subject]
		if !known {
			if name, err = thingName(k, c.Subject); err != nil {
				return err
			}
			names[c.Subject] = name
		}
		page.Changes = append(page.Changes, changeLine(k, p, c, name))
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// thingName is the name of what was changed, its id where it is gone, "" for what has none.
func thingName(k *web.Request, subject string) (string, error) {
	kind, id, _ := strings.Cut(subject, ":")
	name := ""
	var err error
	switch kind {
	case catalog.KindPlan:
		var x catalog.Plan
		x, err = k.Store.Plan(k.AuditContext(), id)
		name = x.Name
	case catalog.KindSite, "methods":
		if id == "" {
			return "", nil
		}
		var x catalog.Site
		x, err = k.Store.Site(k.AuditContext(), id)
		name = x.Name
	case catalog.KindRouter:
		var x catalog.Router
		x, err = k.Store.Router(k.AuditContext(), id)
		name = x.Name
	case "promotion":
		var x catalog.Promotion
		x, err = k.Store.Promotion(k.AuditContext(), id)
		name = x.Name
	}
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return cmp.Or(name, id), err
}

func changeLine(k *web.Request, p templates.Panel, c store.CatalogueChange, name string) templates.CatalogueChangeLine {
	kind, _, _ := strings.Cut(c.Subject, ":")
	line := templates.CatalogueChangeLine{ID: c.ID, What: p.T("audit." + c.Action), Name: name, By: web.Who(p, c.By), At: c.At, TakenBackAt: c.TakenBackAt, TakenBackBy: web.Who(p, c.TakenBackBy)}
	line.CanTakeBack = c.TakenBackAt.IsZero() && mayTakeBack(k, c) == nil
	fields := slices.SortedFunc(func(yield func(string) bool) {
		for f := range c.New {
			if !yield(f) {
				return
			}
		}
	}, func(a, b string) int { return cmp.Or(fieldPlace(kind, a)-fieldPlace(kind, b), strings.Compare(a, b)) })
	for _, f := range fields {
		if c.Old[f] != c.New[f] {
			line.Fields = append(line.Fields, templates.FieldChange{Name: fieldName(p, kind, f), Old: fieldText(p, f, c.Old[f]), New: fieldText(p, f, c.New[f])})
		}
	}
	return line
}

// fieldPlace is where people read a field among those of a thing.
func fieldPlace(kind, field string) int {
	order := map[string][]string{catalog.KindPlan: catalog.PlanFields, catalog.KindSite: catalog.SiteFields, catalog.KindBrand: catalog.BrandFields, "promotion": catalog.PromotionFields}[kind]
	if at := slices.Index(order, field); at >= 0 {
		return at
	}
	return len(order)
}

// fieldName is what people call a field.
func fieldName(p templates.Panel, kind, field string) string {
	for _, key := range []string{"catalogue.field." + kind + "." + field, "catalogue.history.field." + field} {
		if templates.HasText(key) {
			return p.T(key)
		}
	}
	return field
}

// fieldText is a field's text as people read it.
func fieldText(p templates.Panel, field, text string) string {
	if n, ok := rupiah.ParseField(text); ok && field == "price" {
		return n.String()
	}
	if rules, err := catalog.ReadMethods(text); field == "methods" && err == nil && len(rules) > 0 {
		var out []string
		for _, r := range rules {
			switch {
			case !r.On:
				out = append(out, p.T("catalogue.methods.is_off", "method", p.MethodName(r.Method)))
			case r.Minimum > 0:
				out = append(out, p.T("catalogue.methods.from", "method", p.MethodName(r.Method), "amount", r.Minimum))
			default:
				out = append(out, p.MethodName(r.Method))
			}
		}
		return strings.Join(out, "; ")
	}
	switch text {
	case "":
		return "–"
	case "true":
		return p.T("web.yes")
	case "false":
		return p.T("web.no")
	}
	for _, key := range []string{"catalogue.choice." + text, "catalogue.promotion.kind." + text} {
		if (field == "valid_from" || field == "delivery" || field == "late_payment" || field == "cheaper") && templates.HasText(key) {
			return p.T(key)
		}
	}
	return text
}

// errRouterRight: the site of a router is changed by those who may edit routers.
var errRouterRight = fault.New(fault.Denied, "catalogue.router_right")

// mayTakeBack says why the account cannot take a change back, or nil: that of a router needs the
// right to edit routers.
func mayTakeBack(k *web.Request, c store.CatalogueChange) error {
	if strings.HasPrefix(c.Subject, catalog.KindRouter+":") && !k.Principal.May(staff.EditRouters) {
		return errRouterRight
	}
	return catalogue.MayTakeBack(c)
}

// takeBack makes a thing what it was before a change.
func takeBack(k *web.Request) error {
	c, err := k.Shop.Catalogue.Change(k.AuditContext(), k.Principal.Sites, k.Param("id"))
	if err != nil {
		return err
	}
	if err = mayTakeBack(k, c); err == nil {
		err = k.Shop.Catalogue.TakeBack(k.AuditContext(), k.Actor(), c.ID)
	}
	return k.Back("/catalogue/history", "catalogue.taken_back", err)
}
