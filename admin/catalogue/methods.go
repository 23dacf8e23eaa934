package catalogue

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	rupiah "gerai/internal/money"
	"gerai/internal/shop/catalogue"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/payments"
	"gerai/templates"
)

// methodsForm shows the ways to pay of the shop, or of a site.
func methodsForm(k *web.Request) error {
	site, err := methodsSite(k, k.Query("site"))
	if err != nil {
		return err
	}
	return showMethods(k, fiber.StatusOK, site, templates.Typed{}, nil)
}

// methodsSite is the site that a page is about: "" for the shop, which is the account's first site
// where it has not all.
func methodsSite(k *web.Request, id string) (string, error) {
	if id == "" && k.Principal.AllSites() {
		return "", nil
	}
	sites, err := served(k, k.AuditContext())
	if err != nil {
		return "", err
	}
	for _, s := range sites {
		if s.ID == id || id == "" {
			return s.ID, nil
		}
	}
	return "", store.ErrSiteNotFound
}

// saveMethods changes them.
func saveMethods(k *web.Request) error {
	site := k.FormValue("site")
	if site != "" && !k.Principal.Serves(site) {
		return store.ErrSiteNotFound
	}
	rules, err := postedMethods(k)
	if err == nil {
		err = k.Shop.Catalogue.SaveMethods(k.AuditContext(), k.Actor(), catalogue.MethodsForm{SiteID: site, Seen: k.FormValue("seen"), Rules: rules, Shop: k.FormValue("act") == "shop"})
	}
	if err == nil {
		return k.SeeOther("/catalogue/methods", "site", site, "m", "methods.saved")
	}
	form, ok := k.Typed(err, methodFields()...)
	if !ok {
		return err
	}
	return showMethods(k, httpx.Status(err), site, form, err)
}

// methodFields are the fields of the form.
func methodFields() (out []string) {
	for _, m := range payments.Offered {
		out = append(out, "on-"+string(m), "min-"+string(m), "place-"+string(m))
	}
	return out
}

// postedMethods reads the form, in the order of its places. Errors: Invalid at the field.
func postedMethods(k *web.Request) ([]catalog.MethodRule, error) {
	type placed struct {
		rule  catalog.MethodRule
		place int
	}
	var all []placed
	for _, m := range payments.Offered {
		p := placed{rule: catalog.MethodRule{Method: m, On: k.FormValue("on-"+string(m)) != ""}}
		if text := strings.TrimSpace(k.FormValue("min-" + string(m))); text != "" {
			n, ok := rupiah.ParseField(text)
			if !ok {
				return nil, fault.AtField("min-"+string(m), "methods.minimum")
			}
			p.rule.Minimum = n
		}
		n, ok := typed.Count(strings.TrimSpace(k.FormValue("place-" + string(m))))
		if !ok || n < 1 || n > 99 {
			return nil, fault.AtField("place-"+string(m), "methods.place")
		}
		p.place = n
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	rules := make([]catalog.MethodRule, len(all))
	for i, p := range all {
		rules[i] = p.rule
	}
	return rules, nil
}

func showMethods(k *web.Request, status int, site string, form templates.Typed, cause error) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	all, err := k.Store.PaymentMethods(k.AuditContext())
	if err != nil {
		return err
	}
	sites, err := served(k, k.AuditContext())
	if err != nil {
		return err
	}
	p.Form = form
	own := all.Own(site)
	page := templates.MethodsPage{Panel: p, CatalogueTabs: tabs(k, "methods"), SiteID: site, Own: own != nil, Seen: catalog.MethodFields(own).Digest()}
	if page.Whole {
		page.Sites = append(page.Sites, templates.Choice{Name: p.T("catalogue.methods.shop"), Chosen: site == ""})
	}
	for _, s := range sites {
		page.Sites = append(page.Sites, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == site})
	}
	for i, r := range all.Of(site, k.Shop.Orders.VAMinimum) {
		name := string(r.Method)
		least := ""
		if r.Minimum > 0 {
			least = strconv.FormatInt(int64(r.Minimum), 10)
		}
		on := r.On
		if form.Message != "" {
			on = k.FormValue("on-"+name) != ""
		}
		page.Methods = append(page.Methods, templates.MethodLine{Field: name, Name: p.MethodName(r.Method), On: on, Minimum: form.Value("min-"+name, least), Place: form.Value("place-"+name, strconv.Itoa(i+1))})
	}
	if errors.Is(cause, catalogue.ErrChanged) {
		page.Now = fieldText(p, "methods", catalog.MethodFields(own)["methods"])
	}
	return k.SendPage(status, p.Theme, page)
}
