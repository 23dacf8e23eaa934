package orders

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/templates"
)

// PageSize is how many orders one page lists.
const PageSize = 50

// ordersPage lists the orders of the account's sites.
func ordersPage(k *web.Request) error {
	return showOrders(k, fiber.StatusOK, templates.Typed{}, web.Queries(k))
}

func showOrders(k *web.Request, status int, form templates.Typed, q url.Values) error {
	p, err := k.Panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	sites, err := k.Sites(k)
	if err != nil {
		return err
	}
	c, err := k.Store.Catalogue(k.AuditContext())
	if err != nil {
		return err
	}
	page := templates.OrdersPage{Panel: p, Money: k.Principal.May(staff.SeeMoney), Sites: web.Choices(sites), Search: q.Get("q"), Keep: keepable(q)}
	for _, v := range views {
		if page.Money || !slices.Contains(moneyViews, v.name) {
			page.Views = append(page.Views, v.name)
		}
	}
	names := web.SiteNames(sites)
	for _, plan := range c.Plans {
		if name, served := names[plan.SiteID]; served {
			page.Plans = append(page.Plans, templates.Choice{Value: plan.ID, Name: plan.Name + " · " + name})
		}
	}
	page.Lasting = web.Lasting(p, c.Plans, names)
	f := filter(k, &page, q, sites)
	found, err := k.Store.ListOrders(k.AuditContext(), f)
	if err != nil {
		return err
	}
	if len(found) == 1 && q.Get("open") != "" { // the counter asks for an order, not for a list
		return k.SeeOther("/orders/" + string(found[0].Code))
	}
	for _, o := range found {
		page.Lines = append(page.Lines, k.Line(k, o, names[o.SiteID]))
	}
	if len(found) == PageSize {
		last := found[len(found)-1]
		q.Set("before", strconv.FormatInt(last.CreatedAt.UnixMilli(), 10)+"."+string(last.ID))
		page.Next = web.Root + "/orders?" + q.Encode()
	}
	saved, err := k.Store.SavedFilters(k.AuditContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	for _, s := range saved {
		page.Saved = append(page.Saved, templates.SavedView{ID: s.ID, Name: s.Name, Href: web.Root + "/orders?" + s.Query})
	}
	return k.SendPage(status, p.Theme, page)
}
