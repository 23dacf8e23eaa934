package catalog

import (
	"slices"
	"strings"
)

// Kinds of things that a catalogue holds.
const (
	KindBrand  = "brand"
	KindSite   = "site"
	KindRouter = "router"
	KindPlan   = "plan"
	KindSites  = "sites" // the order of the sites
)

// What becomes of a thing.
const (
	Added   = "added"
	Changed = "changed"
	Hidden  = "hidden" // or a router that is not used any more: the file names it no longer
)

// FieldChange is one field that becomes another.
type FieldChange struct {
	Field, Old, New string
	Panel           bool // it was changed in the panel since the last import
}

// Difference is what one thing becomes.
type Difference struct {
	Kind, ID, Name string
	SiteID         string // "" for what belongs to the whole shop
	What           string
	Fields         []FieldChange
}

// Subject names the thing in the audit trail.
func (d Difference) Subject() string {
	if d.Kind == KindBrand || d.Kind == KindSites {
		return d.Kind
	}
	return d.Kind + ":" + d.ID
}

// Panel reports whether the difference takes back what was done in the panel.
func (d Difference) Panel() bool {
	return slices.ContainsFunc(d.Fields, func(f FieldChange) bool { return f.Panel })
}

// Imported is what the last import said, by subject. Of a thing without an entry no import ever
// spoke; an entry knows only the fields that it has.
type Imported map[string]Fields

// comparer collects differences.
type comparer struct {
	base Imported
	out  []Difference
}

// Differences lists what importing a catalogue would change, in the order of the file.
func Differences(now, next Catalogue, base Imported) []Difference {
	c := &comparer{base: base}
	if _, spoken := base[KindBrand]; !spoken {
		c.base = Imported{KindBrand: DefaultBrand.Fields()}
		for subject, fields := range base {
			c.base[subject] = fields
		}
	}
	c.compare(Difference{Kind: KindBrand, Name: next.Brand.Name}, now.Brand.Fields(), next.Brand.Fields(), true)
	c.sites(now, next)
	c.order(Difference{Kind: KindSites}, "sites", siteIDs(now.Sites), siteIDs(next.Sites))
	for _, s := range next.Sites {
		c.order(Difference{Kind: KindSite, ID: s.ID, Name: s.Name, SiteID: s.ID}, "routers", routerIDs(now.Routers, s.ID), routerIDs(next.Routers, s.ID))
		c.order(Difference{Kind: KindSite, ID: s.ID, Name: s.Name, SiteID: s.ID}, "plans", planIDs(now.Plans, s.ID), planIDs(next.Plans, s.ID))
	}
	return c.out
}

// sites compares what has an id: sites, routers, plans.
func (c *comparer) sites(now, next Catalogue) {
	seen := map[string]bool{}
	for _, x := range next.Sites {
		i := slices.IndexFunc(now.Sites, func(y Site) bool { return y.ID == x.ID })
		c.thing(seen, Difference{Kind: KindSite, ID: x.ID, Name: x.Name, SiteID: x.ID}, i >= 0, fieldsAt(now.Sites, i), x.Fields())
	}
	for _, x := range next.Routers {
		i := slices.IndexFunc(now.Routers, func(y Router) bool { return y.ID == x.ID })
		old, fields := fieldsAt(now.Routers, i), x.Fields()
		if i >= 0 && x.Password != "" && x.Password != now.Routers[i].Password {
			old["password"], fields["password"] = "•", "••" // nothing else is told of it
		}
		c.thing(seen, Difference{Kind: KindRouter, ID: x.ID, Name: x.Name, SiteID: x.SiteID}, i >= 0, old, fields)
	}
	for _, x := range next.Plans {
		i := slices.IndexFunc(now.Plans, func(y Plan) bool { return y.ID == x.ID })
		c.thing(seen, Difference{Kind: KindPlan, ID: x.ID, Name: x.Name, SiteID: x.SiteID}, i >= 0, fieldsAt(now.Plans, i), x.Fields())
	}
	for _, x := range now.Sites {
		c.gone(seen, Difference{Kind: KindSite, ID: x.ID, Name: x.Name, SiteID: x.ID}, x.Hidden, "hidden")
	}
	for _, x := range now.Routers {
		c.gone(seen, Difference{Kind: KindRouter, ID: x.ID, Name: x.Name, SiteID: x.SiteID}, x.Disabled, "disabled")
	}
	for _, x := range now.Plans {
		c.gone(seen, Difference{Kind: KindPlan, ID: x.ID, Name: x.Name, SiteID: x.SiteID}, x.Hidden, "hidden")
	}
}

func fieldsAt[T interface{ Fields() Fields }](all []T, i int) Fields {
	if i < 0 {
		return Fields{}
	}
	return all[i].Fields()
}

func (c *comparer) thing(seen map[string]bool, d Difference, there bool, old, next Fields) {
	seen[d.Subject()] = true
	c.compare(d, old, next, there)
}

// compare notes the fields that differ.
func (c *comparer) compare(d Difference, old, next Fields, there bool) {
	base, spoken := c.base[d.Subject()]
	if d.What = Changed; !there {
		d.What = Added
	}
	for _, name := range old.Differ(next) {
		f := FieldChange{Field: name, Old: old[name], New: next[name]}
		known := len(base) > 0 && name != "password" // of which nothing is remembered
		f.Panel = there && (!spoken || known && base[name] != old[name])
		if !there { // a router that was taken away
			f.Panel = spoken
		}
		if there || f.New != "" {
			d.Fields = append(d.Fields, f)
		}
	}
	if len(d.Fields) > 0 {
		c.out = append(c.out, d)
	}
}

// gone notes a thing that the file does not name and that is in use.
func (c *comparer) gone(seen map[string]bool, d Difference, off bool, field string) {
	if seen[d.Subject()] || off {
		return
	}
	base, spoken := c.base[d.Subject()]
	d.What = Hidden
	d.Fields = []FieldChange{{Field: field, Old: "false", New: "true", Panel: !spoken || base[field] == "true"}}
	c.out = append(c.out, d)
}

// order notes that what both sides have stands in another order.
func (c *comparer) order(d Difference, field string, old, next []string) {
	was, is := common(old, next), common(next, old)
	if slices.Equal(was, is) {
		return
	}
	said, known := c.base[d.Subject()][field]
	d.What = Changed
	d.Fields = []FieldChange{{Field: field, Old: strings.Join(was, ", "), New: strings.Join(is, ", "), Panel: known && !slices.Equal(common(strings.Split(said, ", "), was), common(was, strings.Split(said, ", ")))}}
	c.out = append(c.out, d)
}

// common is what of a list is in another, in its order.
func common(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return !slices.Contains(other, id) })
}

func siteIDs(sites []Site) (ids []string) {
	for _, x := range sites {
		ids = append(ids, x.ID)
	}
	return ids
}

func routerIDs(routers []Router, siteID string) (ids []string) {
	for _, x := range routers {
		if x.SiteID == siteID {
			ids = append(ids, x.ID)
		}
	}
	return ids
}

func planIDs(plans []Plan, siteID string) (ids []string) {
	for _, x := range plans {
		if x.SiteID == siteID && !x.Retired() {
			ids = append(ids, x.ID)
		}
	}
	return ids
}

// ImportedFields is what an import of the catalogue says of each thing, to be compared with at the next.
func (c Catalogue) ImportedFields() Imported {
	said := Imported{KindBrand: c.Brand.Fields(), KindSites: {"sites": strings.Join(siteIDs(c.Sites), ", ")}}
	for _, x := range c.Sites {
		f := x.Fields()
		f["routers"], f["plans"] = strings.Join(routerIDs(c.Routers, x.ID), ", "), strings.Join(planIDs(c.Plans, x.ID), ", ")
		said[KindSite+":"+x.ID] = f
	}
	for _, x := range c.Routers {
		said[KindRouter+":"+x.ID] = x.Fields()
	}
	for _, x := range c.Plans {
		said[KindPlan+":"+x.ID] = x.Fields()
	}
	return said
}
