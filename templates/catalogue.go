package templates

import (
	"gerai/internal/catalog"
)

var cataloguePages = []Page{PlanListPage{}, PlanEditPage{}, SiteListPage{}, SiteEditPage{}, BrandEditPage{}, CatalogueHistoryPage{}, CatalogueImportPage{}, MethodsPage{}}

// CatalogueTabs are the pages of the catalogue that an account may open.
type CatalogueTabs struct {
	Tab   string // the one that is open
	Whole bool   // the account has all sites
}

// CatalogueField is one field of a form.
type CatalogueField struct {
	Name, Label, Hint string
	Kind              string // "text", "lines", "unit", "choice", "flag", "color", "file"
	Value, Unit       string
	Choices           []Choice // of a choice, or the units
	Mode              string   // keyboard of phones: "numeric", "tel", "" for letters
	Max               int      // characters
	Needed            bool
	Wrong             string // what is wrong with it
}

// CatalogueGroup is a part of a form.
type CatalogueGroup struct {
	Title  string
	Fields []CatalogueField
}

// PlanListPage lists the plans of one site as customers see them.
type PlanListPage struct {
	Panel
	CatalogueTabs
	Sites   []Choice // of the account
	Site    catalog.Site
	Plans   []PlanOffer
	Retired []PlanOffer
}

// PlanOffer is one plan of a list.
type PlanOffer struct {
	Plan     catalog.Plan
	Facts    []string
	At       int // place on the page
	Up, Down bool
}

// Before is the place above.
func (l PlanOffer) Before() int { return l.At - 1 }

// After is the place below.
func (l PlanOffer) After() int { return l.At + 1 }

func (PlanListPage) file() string { return "catalogue/plans.html" }

// Title names the page in the browser's tab.
func (p PlanListPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PlanListPage) Heading() string { return p.T("catalogue.title") }

// PlanEditPage makes a plan or changes one, beside what customers will see.
type PlanEditPage struct {
	Panel
	CatalogueTabs
	Plan    catalog.Plan // as it is, empty for a new one
	Seen    string
	Action  string
	Groups  []CatalogueGroup
	Now     []string // what was changed since the form was opened
	Preview PlanOffer
}

func (PlanEditPage) file() string { return "catalogue/plan.html" }

// Title names the page in the browser's tab.
func (p PlanEditPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PlanEditPage) Heading() string {
	if p.Plan.ID == "" {
		return p.T("catalogue.plan.new")
	}
	return p.T("catalogue.plan.edit", "plan", p.Plan.Name)
}

// SiteListPage lists the sites.
type SiteListPage struct {
	Panel
	CatalogueTabs
	Sites []SiteLine
}

// SiteLine is one site of a list.
type SiteLine struct {
	Site           catalog.Site
	Plans, Routers int // that are sold, that are used
	At             int
	Up, Down       bool
}

// Before is the place above.
func (l SiteLine) Before() int { return l.At - 1 }

// After is the place below.
func (l SiteLine) After() int { return l.At + 1 }

func (SiteListPage) file() string { return "catalogue/sites.html" }

// Title names the page in the browser's tab.
func (p SiteListPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p SiteListPage) Heading() string { return p.T("catalogue.sites") }

// SiteEditPage makes a site or changes one.
type SiteEditPage struct {
	Panel
	CatalogueTabs
	Site    catalog.Site // as it is, empty for a new one
	Slugs   []string     // every address that leads to it
	Seen    string
	Action  string
	Groups  []CatalogueGroup
	Now     []string // what was changed since the form was opened
	Routers []SiteRouter
}

// SiteRouter is one router of a site.
type SiteRouter struct {
	ID, Name, Hotspot string
	Disabled, Away    bool
}

func (SiteEditPage) file() string { return "catalogue/site.html" }

// Title names the page in the browser's tab.
func (p SiteEditPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p SiteEditPage) Heading() string {
	if p.Site.ID == "" {
		return p.T("catalogue.site.new")
	}
	return p.T("catalogue.site.edit", "site", p.Site.Name)
}

// PlanFacts are what customers read of a plan below its price.
func (b Base) PlanFacts(p catalog.Plan) []string { return b.limits(p.Item(catalog.Site{})) }

// FormGeneral reports whether what is wrong belongs to no field of the form.
func (p PlanEditPage) FormGeneral() bool { return general(p.Form, p.Groups) }

// FormGeneral reports whether what is wrong belongs to no field of the form.
func (p SiteEditPage) FormGeneral() bool { return general(p.Form, p.Groups) }

func general(form Typed, groups []CatalogueGroup) bool {
	for _, g := range groups {
		for _, f := range g.Fields {
			if form.Wrong(f.Name) {
				return false
			}
		}
	}
	return form.Message != ""
}
