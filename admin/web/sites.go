package web

import (
	"context"
	"slices"

	"gerai/internal/catalog"
	"gerai/internal/store"
	"gerai/templates"
)

// OutletChoices lists the outlets that sell for a site, "" for any of the
// person's, before one that stands for none of them.
func OutletChoices(k *Request, p templates.Panel, none, siteID string) ([]templates.Choice, error) {
	outlets, err := OutletsOf(k)
	if err != nil || len(outlets) == 0 {
		return nil, err
	}
	var out []templates.Choice
	for _, o := range outlets {
		if siteID != "" && o.SiteID != "" && o.SiteID != siteID {
			continue
		}
		out = append(out, templates.Choice{Value: o.ID, Name: o.Name, Chosen: p.Picked("outlet", o.ID, "")})
	}
	return append(out, templates.Choice{Name: p.T(none)}), nil
}

// OutletsOf lists the outlets that sell for the account's sites; those that sell
// for all of them sell for these too.
func OutletsOf(k *Request) ([]store.Outlet, error) {
	all, err := k.Store.Outlets(k.AuditContext())
	return slices.DeleteFunc(all, func(o store.Outlet) bool { return o.SiteID != "" && !k.Principal.Serves(o.SiteID) }), err
}

// Places are the names of sites and routers by their ids.
type Places struct{ Sites, Routers map[string]string }

// VoucherPlaces reads the names of sites and routers.
func VoucherPlaces(d *Handler, ctx context.Context) (Places, error) {
	out := Places{map[string]string{}, map[string]string{}}
	sites, err := d.Store.Sites(ctx)
	if err != nil {
		return out, err
	}
	for _, s := range sites {
		out.Sites[s.ID] = s.Name
	}
	states, err := d.Store.RouterStates(ctx)
	for _, r := range states {
		out.Routers[r.ID] = r.Name
	}
	return out, err
}

// Sites lists the account's sites, by name.
func (d *Handler) Sites(k *Request) ([]catalog.Site, error) {
	c, err := d.Store.Catalogue(k.AuditContext())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(c.Sites, func(s catalog.Site) bool { return !k.Principal.Serves(s.ID) }), nil
}

// SiteNames are the names of sites by id.
func SiteNames(sites []catalog.Site) map[string]string {
	out := map[string]string{}
	for _, s := range sites {
		out[s.ID] = s.Name
	}
	return out
}

// Choices are sites as a form offers them.
func Choices(sites []catalog.Site) []templates.Choice {
	var out []templates.Choice
	for _, s := range sites {
		out = append(out, templates.Choice{Value: s.ID, Name: s.Name})
	}
	return out
}
