package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/templates"
)

// routers lists the routers of the person's sites.
func (d *Door) routers(k *desk) error {
	p, err := k.panel("routers")
	if err != nil {
		return err
	}
	page := templates.RoutersPage{Panel: p}
	routers, err := d.Store.Routers(k.ctx())
	if err != nil {
		return err
	}
	states, err := d.Store.RouterStates(k.ctx())
	if err != nil {
		return err
	}
	for _, r := range routers {
		if !k.person.Serves(r.SiteID) {
			continue
		}
		line := templates.RouterLine{ID: r.ID, Name: r.Name, Address: r.Address, TLS: r.TLS, Disabled: r.Disabled}
		if site, err := d.Store.Site(k.ctx(), r.SiteID); err == nil {
			line.Site = site.Name
		}
		for _, s := range states {
			if s.ID == r.ID {
				line.SeenAt = s.SeenAt
				if s.Failure != "" {
					line.Failure = p.Trouble(s.Failure)
				}
			}
		}
		page.Routers = append(page.Routers, line)
	}
	return k.send(fiber.StatusOK, p.Theme, page)
}
