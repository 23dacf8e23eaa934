package catalogue

import (
	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/store"
	"gerai/templates"
)

// siteGroups is the form of a site.
var siteGroups = []group{
	{"site", []field{{name: "name", kind: line, max: 80, needed: true}, {name: "slug", kind: line, max: 40, needed: true, hint: true}, {name: "address", kind: line, max: 200}, {name: "timezone", kind: choice}, {name: "hidden", kind: flag}}},
	{"payment", []field{{name: "activation_delay", kind: short, hint: true}, {name: "late_payment", kind: choice, options: []string{"activate", "refund"}, hint: true}}},
	{"wifi", []field{{name: "ssid", kind: line, max: 32, hint: true}, {name: "login_hosts", kind: lines, max: 1000, hint: true}}},
	{"pass", []field{{name: "pass_on", kind: flag}, {name: "pass_duration", kind: short, hint: true}, {name: "pass_rate", kind: line, max: 60}, {name: "pass_data", kind: size}, {name: "pass_per_router", kind: number}}},
	{"failover", []field{{name: "failover", kind: flag}, {name: "failover_after", kind: short, hint: true}}},
}

// zones are the time zones that the form offers.
var zones = []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC"}

// siteOf reads the site of the address. Errors: NotFound "site.not_found", also for sites that
// the account does not have.
func siteOf(k *web.Request) (catalog.Site, error) {
	if !k.Principal.Serves(k.Param("id")) {
		return catalog.Site{}, store.ErrSiteNotFound
	}
	return k.Store.Site(k.AuditContext(), k.Param("id"))
}

// siteForm is what a site's form shows.
type siteForm struct {
	site   catalog.Site // as it is; without an id a new one
	values catalog.Fields
	action string
	status int
	form   templates.Typed
	cause  error // why it was refused
}

func siteFormOf(s catalog.Site, status int) siteForm {
	return siteForm{site: s, values: passShown(s), action: web.Root + "/catalogue/sites/" + s.ID, status: status}
}

// passShown are a site's fields, with the rules that a pass would have.
func passShown(s catalog.Site) catalog.Fields {
	if s.Portal.Pass == (catalog.PassRules{}) {
		s.Portal.Pass = catalog.DefaultPass
	}
	on := s.Portal.Pass.On
	s.Portal.Pass.On = true
	f := s.Fields()
	if !on {
		f["pass_on"] = "false"
	}
	return f
}

func (f siteForm) send(k *web.Request) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	p.Form = f.form
	page := templates.SiteEditPage{Panel: p, CatalogueTabs: tabs(k, "sites"), Site: f.site, Action: f.action, Groups: drawn(p, "site", siteGroups, f.values)}
	offerZones(page.Groups, p.Form.Value("timezone", f.values["timezone"]), p.T("catalogue.zone.shop"))
	if f.site.ID != "" {
		typed, _ := posted(k, siteGroups) // only of a form that could be read
		page.Now = seenAgain(p, f.form, f.cause, "site", f.site.Fields(), typed)
		page.Seen = p.Form.Value("seen", f.site.Fields().Digest())
		if err := siteDetails(k, &page); err != nil {
			return err
		}
	}
	return k.SendPage(f.status, p.Theme, page)
}

// offerZones fills in the choice of time zones: the usual ones, the one that is chosen, and the
// shop's own.
func offerZones(groups []templates.CatalogueGroup, chosen, own string) {
	offered := append([]string{""}, zones...)
	known := false
	for _, z := range offered {
		known = known || z == chosen
	}
	if !known {
		offered = append(offered, chosen)
	}
	for i, f := range groups[0].Fields {
		if f.Name != "timezone" {
			continue
		}
		for _, z := range offered {
			name := z
			if z == "" {
				name = own
			}
			groups[0].Fields[i].Choices = append(groups[0].Fields[i].Choices, templates.Choice{Value: z, Name: name, Chosen: z == chosen})
		}
	}
}

// siteDetails lists a site's addresses and routers.
func siteDetails(k *web.Request, page *templates.SiteEditPage) (err error) {
	if page.Slugs, err = k.Store.SlugsOf(k.AuditContext(), page.Site.ID); err != nil {
		return err
	}
	all, err := k.Store.Routers(k.AuditContext())
	if err != nil {
		return err
	}
	away, err := k.Store.AwayRouters(k.AuditContext())
	for _, r := range all {
		if r.SiteID == page.Site.ID {
			page.Routers = append(page.Routers, templates.SiteRouter{ID: r.ID, Name: r.Name, Hotspot: r.Hotspot, Disabled: r.Disabled, Away: away.Has(r.ID)})
		}
	}
	return err
}

func (f siteForm) refused(k *web.Request, cause error) error {
	form, ok := k.Typed(cause, append(names(siteGroups), "seen")...)
	if !ok {
		return cause
	}
	f.form, f.status, f.cause = form, httpx.Status(cause), cause
	return f.send(k)
}
