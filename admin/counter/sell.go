package counter

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/staff"
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

// sellFields are what the form shows again after a mistake.
var sellFields = []string{"plan", "quantity", "method", "given", "reference", "phone", "promo", "discount", "discount_reason"}

// sell sells the vouchers of a form, or says what they cost.
func sell(k *web.Request) error {
	site := k.FormValue("site")
	if !k.Principal.Serves(site) {
		return store.ErrSiteNotFound
	}
	in, err := sellIn(k, site)
	switch {
	case err != nil:
	case k.FormValue("act") == "price":
		var items []order.Item
		if items, err = k.Shop.Counter.Quote(k.AuditContext(), in); err == nil {
			return showSell(k, fiber.StatusOK, k.Held(sellFields...), site, items...)
		}
	default:
		var o order.Order
		if o, err = k.Shop.Counter.Sell(k.AuditContext(), in); err == nil {
			return k.SeeOther("/sell/" + string(o.Code))
		}
	}
	form, ok := k.Typed(err, sellFields...)
	if !ok || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
		return err
	}
	return showSell(k, httpx.Status(err), form, site)
}

// sellIn reads the form. Errors: Invalid at the field, Denied "staff.not_yours" for a discount
// without the right to one.
func sellIn(k *web.Request, site string) (counter.SellIn, error) {
	in := counter.SellIn{SiteID: site, PlanID: k.FormValue("plan"), Phone: k.FormValue("phone"), Nonce: k.FormValue("nonce"), Terms: k.FormValue("terms-" + k.FormValue("plan")), Promo: k.FormValue("promo"),
		Method: payments.Method(k.FormValue("method")), Reference: k.FormValue("reference"), Actor: k.Actor()}
	var err error
	if in.Given, err = k.Amount("given"); err != nil {
		return in, err
	}
	if k.FormValue("quantity") != "" {
		if in.Quantity, err = web.Number(k, "quantity", "counter.quantity"); err != nil || in.Quantity == 0 {
			return in, fault.AtField("quantity", "counter.quantity")
		}
	}
	in.Allowance, err = allowance(k)
	return in, err
}

// allowance reads a discount, which is typed in rupiah or, with the sign, in per cent.
func allowance(k *web.Request) (a order.Allowance, err error) {
	typed := strings.TrimSpace(k.FormValue("discount"))
	if a.Reason = k.FormValue("discount_reason"); typed == "" {
		if strings.TrimSpace(a.Reason) != "" { // it would vanish
			return a, fault.AtField("discount", "counter.discount_form")
		}
		return order.Allowance{}, nil
	}
	if !k.Principal.May(staff.GiveDiscount) {
		return a, fault.New(fault.Denied, "staff.not_yours")
	}
	ok := false
	if share, percent := strings.CutSuffix(typed, "%"); percent {
		a.Percent, err = strconv.Atoi(strings.TrimSpace(share))
		ok = err == nil && a.Percent > 0
	} else {
		a.Amount, ok = money.ParseField(typed)
		ok = ok && a.Amount > 0
	}
	if !ok {
		return a, fault.AtField("discount", "counter.discount_form")
	}
	return a, nil
}

// showSell renders the form; items are what it would sell, where that was asked.
func showSell(k *web.Request, status int, form templates.Typed, site string, items ...order.Item) error {
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
	promotions, err := k.Shop.Orders.Promotions(k.AuditContext())
	if err != nil {
		return err
	}
	if k.Principal.May(staff.GiveDiscount) {
		rules, err := k.Store.CounterRules(k.AuditContext())
		if err != nil {
			return err
		}
		page.MostDiscount = rules.MostDiscount
	}
	for _, i := range items {
		page.Due, page.Less = page.Due+i.Due(), page.Less+i.Price-i.Due()
	}
	for _, s := range sites {
		for _, plan := range c.Plans {
			if s.ID != page.Site || plan.SiteID != s.ID || plan.Hidden {
				continue
			}
			now := k.Shop.Orders.AtCounter(s, plan, promotions)
			line := templates.SellPlan{No: len(page.Plans) + 1, ID: plan.ID, Name: plan.Name, Price: now.Due(), Promotion: now.Promotion.Name, Terms: now.Terms()}
			if now.Due() != plan.Price {
				line.Was = plan.Price
			}
			page.Plans = append(page.Plans, line)
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
