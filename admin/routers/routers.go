package routers

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/shop/routers"
	"gerai/internal/staff"
	"gerai/templates"
)

// routersPage lists the routers of the account's sites.
func routersPage(k *web.Request) error { return showRouters(k, fiber.StatusOK, templates.Typed{}) }

func showRouters(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("routers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.RoutersPage{Panel: p, CanEdit: k.Principal.May(staff.EditRouters), CanKeep: k.Principal.May(staff.Settings) && k.Principal.AllSites()}
	if page.Keep, err = k.Store.KeepEndedDays(k.AuditContext()); err != nil {
		return err
	}
	if page.Routers, err = routerLines(k, p); err != nil {
		return err
	}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return err
	}
	counted := map[string]int{}
	for _, r := range page.Routers {
		counted[r.Site]++
	}
	for _, s := range sites {
		if k.Principal.Serves(s.ID) && (counted[s.Name] > 1 || s.Failover) {
			page.Sites = append(page.Sites, templates.FailoverLine{ID: s.ID, Name: s.Name, Routers: counted[s.Name], On: s.Failover, After: int(s.FailoverAfter.Seconds())})
		}
	}
	gone, err := k.Store.GoneRouters(k.AuditContext(), k.Clock.Now().Add(-routers.KeepGone))
	if err != nil {
		return err
	}
	for _, g := range gone {
		if k.Principal.Serves(g.SiteID) {
			page.Gone = append(page.Gone, templates.GoneLine{ID: g.ID, Name: g.Name, DeletedAt: g.DeletedAt})
		}
	}
	return k.SendPage(status, p.Theme, page)
}

// routerLines are the routers of the account's sites and their states.
func routerLines(k *web.Request, p templates.Panel) ([]templates.RouterLine, error) {
	routers, err := k.Handler.Store.Routers(k.AuditContext())
	if err != nil {
		return nil, err
	}
	states, err := k.Handler.Store.RouterStates(k.AuditContext())
	if err != nil {
		return nil, err
	}
	instead, err := newStandIns(k)
	if err != nil {
		return nil, err
	}
	var out []templates.RouterLine
	for _, r := range routers {
		if !k.Principal.Serves(r.SiteID) {
			continue
		}
		line := lineOf(r)
		if site, err := k.Handler.Store.Site(k.AuditContext(), r.SiteID); err == nil {
			line.Site = site.Name
			if line.StandIn, err = instead.of(k, site, r); err != nil {
				return nil, err
			}
		}
		for _, s := range states {
			if s.ID == r.ID {
				line.SeenAt = s.SeenAt
				if s.Failure != "" {
					line.Failure = p.Trouble(s.Failure)
				}
			}
		}
		out = append(out, line)
	}
	return out, nil
}
