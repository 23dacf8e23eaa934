package catalog

import "slices"

// KeepingPanel is the catalogue with what was done in the panel since the last import left as
// it is now.
func (c Catalogue) KeepingPanel(now Catalogue, base Imported) Catalogue {
	c.Sites, c.Routers, c.Plans = slices.Clone(c.Sites), slices.Clone(c.Routers), slices.Clone(c.Plans)
	for _, d := range Differences(now, c, base) {
		if !d.Panel() {
			continue
		}
		switch {
		case d.What == Hidden:
			c.keepThing(now, d)
		case d.What == Added: // a router that was taken away
			c.Routers = slices.DeleteFunc(c.Routers, func(r Router) bool { return r.ID == d.ID })
		case d.Kind == KindSites || d.Kind == KindSite && (d.Fields[0].Field == "plans" || d.Fields[0].Field == "routers"):
			c.keepOrder(now, d.Fields[0].Field)
		default:
			c.keepFields(now, d)
		}
	}
	for i := range c.Sites {
		c.Sites[i].Position = i
	}
	for i := range c.Plans {
		c.Plans[i].Position = i
	}
	for i := range c.Routers {
		c.Routers[i].Priority = i
	}
	return c
}

// keepThing takes over what the file does not name. What belongs to a site that is not sold at
// any more goes with it.
func (c *Catalogue) keepThing(now Catalogue, d Difference) {
	sold := func(siteID string) bool {
		return slices.ContainsFunc(c.Sites, func(s Site) bool { return s.ID == siteID })
	}
	switch d.Kind {
	case KindSite:
		c.Sites = append(c.Sites, now.Sites[slices.IndexFunc(now.Sites, func(s Site) bool { return s.ID == d.ID })])
	case KindRouter:
		if x := now.Routers[slices.IndexFunc(now.Routers, func(r Router) bool { return r.ID == d.ID })]; sold(x.SiteID) {
			c.Routers = append(c.Routers, x)
		}
	case KindPlan:
		if x := now.Plans[slices.IndexFunc(now.Plans, func(p Plan) bool { return p.ID == d.ID })]; sold(x.SiteID) {
			c.Plans = append(c.Plans, x)
		}
	}
}

// keepOrder puts things in today's order; those that are new come last.
func (c *Catalogue) keepOrder(now Catalogue, of string) {
	place := func(ids []string, id string) int {
		if at := slices.Index(ids, id); at >= 0 {
			return at
		}
		return len(ids)
	}
	switch of {
	case "sites":
		ids := siteIDs(now.Sites)
		slices.SortStableFunc(c.Sites, func(a, b Site) int { return place(ids, a.ID) - place(ids, b.ID) })
	case "plans":
		var ids []string
		for _, p := range now.Plans {
			ids = append(ids, p.ID)
		}
		slices.SortStableFunc(c.Plans, func(a, b Plan) int { return place(ids, a.ID) - place(ids, b.ID) })
	case "routers":
		var ids []string
		for _, r := range now.Routers {
			ids = append(ids, r.ID)
		}
		slices.SortStableFunc(c.Routers, func(a, b Router) int { return place(ids, a.ID) - place(ids, b.ID) })
	}
}

// keepFields takes over the fields that were changed in the panel. Where they do not go with
// those of the file they are left to it, and still named as the panel's.
func (c *Catalogue) keepFields(now Catalogue, d Difference) {
	old := Fields{}
	for _, f := range d.Fields {
		if f.Panel {
			old[f.Field] = f.Old
		}
	}
	switch d.Kind {
	case KindBrand:
		if kept, err := c.Brand.With(old); err == nil {
			c.Brand = kept
		}
		if _, changed := old["logo"]; changed {
			c.Brand.Logo, c.Brand.LogoType = now.Brand.Logo, now.Brand.LogoType
		}
	case KindSite:
		at := slices.IndexFunc(c.Sites, func(s Site) bool { return s.ID == d.ID })
		if kept, err := c.Sites[at].With(old); err == nil {
			c.Sites[at] = kept
		}
	case KindRouter: // address, account and certificate go together
		at := slices.IndexFunc(c.Routers, func(r Router) bool { return r.ID == d.ID })
		c.Routers[at] = now.Routers[slices.IndexFunc(now.Routers, func(r Router) bool { return r.ID == d.ID })]
	case KindPlan:
		at := slices.IndexFunc(c.Plans, func(p Plan) bool { return p.ID == d.ID })
		was := now.Plans[slices.IndexFunc(now.Plans, func(p Plan) bool { return p.ID == d.ID })]
		if kept, err := c.Plans[at].With(old); err == nil {
			c.Plans[at] = kept
		}
		if _, changed := old["retired"]; changed {
			c.Plans[at].RetiredAt = was.RetiredAt
		}
		if _, changed := old["site"]; changed {
			c.Plans[at].SiteID = was.SiteID
		}
	}
}
