package counter

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/counter"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/templates"
)

// historySize is how many earlier orders of a customer the counter shows.
const historySize = 5

// shortestSearch is how many digits of a number the search needs.
const shortestSearch = 4

// sellForm is the counter: everything for one sale on one page.
func sellForm(k *web.Request) error {
	return showSell(k, fiber.StatusOK, templates.Typed{}, web.Queries(k).Get("site"))
}

// sell sells one voucher.
func sell(k *web.Request) error {
	site := k.FormValue("site")
	if !k.Principal.Serves(site) {
		return store.ErrSiteNotFound
	}
	given, err := k.Amount("given")
	if err == nil {
		var in = counter.SellIn{SiteID: site, PlanID: k.FormValue("plan"), Phone: k.FormValue("phone"), Nonce: k.FormValue("nonce"), Terms: k.FormValue("terms-" + k.FormValue("plan")), Method: payments.Method(k.FormValue("method")),
			Given: given, Reference: k.FormValue("reference"), Actor: k.Actor()}
		o, sellErr := k.Shop.Counter.Sell(k.AuditContext(), in)
		if sellErr == nil {
			return k.SeeOther("/sell/" + string(o.Code))
		}
		err = sellErr
	}
	form, ok := k.Typed(err, "plan", "method", "given", "reference", "phone")
	if !ok || fault.Is(err, fault.NotFound) {
		return err
	}
	return showSell(k, httpx.Status(err), form, site)
}

func showSell(k *web.Request, status int, form templates.Typed, site string) error {
	p, err := k.Panel("sell")
	if err != nil {
		return err
	}
	p.Form = form
	sites, err := k.Sites(k)
	if err != nil {
		return err
	}
	sites = slices.DeleteFunc(sites, func(s catalog.Site) bool { return s.Hidden })
	page := templates.SellPage{Panel: p, Sites: web.Choices(sites), Nonce: web.Nonce(), Phone: web.Queries(k).Get("phone")}
	if _, page.Open, err = k.Store.OpenShift(k.AuditContext(), k.Principal.ID); err != nil {
		return err
	}
	for i, s := range sites {
		if s.ID == site || (i == 0 && page.Site == "") {
			page.Site = s.ID
		}
	}
	c, err := k.Store.Catalogue(k.AuditContext())
	if err != nil {
		return err
	}
	for _, s := range sites {
		for _, plan := range c.Plans {
			if s.ID != page.Site || plan.SiteID != s.ID || plan.Hidden {
				continue
			}
			now := plan.Item(s)
			page.Plans = append(page.Plans, templates.SellPlan{No: len(page.Plans) + 1, ID: plan.ID, Name: plan.Name, Price: plan.Price, Terms: now.Terms()})
			if shown := k.FormValue("terms-" + plan.ID); form.Message != "" && form.Field == "plan" && form.Value("plan", "") == plan.ID && shown != now.Terms() {
				page.Changed = p.ChangedTerms(shown, now)
			}
		}
	}
	if page.Phone != "" {
		if err := history(k, &page, web.SiteNames(sites)); err != nil {
			return err
		}
	}
	return k.SendPage(status, p.Theme, page)
}

// history looks a customer up by the end of their number.
func history(k *web.Request, page *templates.SellPage, names map[string]string) error {
	page.Searched, page.Short = true, len(page.Phone) < shortestSearch
	if page.Short {
		return nil
	}
	found, err := k.Store.ListOrders(k.AuditContext(), store.OrderFilter{Search: page.Phone, Sites: k.Principal.Sites, Limit: historySize})
	if err != nil {
		return err
	}
	for _, o := range found {
		page.History = append(page.History, k.Line(k, o, names[o.SiteID]))
	}
	return nil
}
