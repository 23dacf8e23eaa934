package vouchers

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/templates"
)

// outageFields are those of the form that say which outage is meant, and the time for it.
var outageFields = []string{"router", "from", "until", "minutes"}

// outage is what these fields say.
type outage struct {
	router       string
	began, ended time.Time
	more         time.Duration
}

// outageOf reads them from a form or an address. Errors: Invalid at the field.
func outageOf(k *web.Request, value func(string) string) (o outage, err error) {
	o.router = value("router")
	if o.began, err = instantOf(k, value("from")); err != nil {
		return o, fault.AtField("from", "compensation.from")
	}
	if o.ended, err = instantOf(k, value("until")); err != nil {
		return o, fault.AtField("until", "compensation.until")
	}
	n, ok := typed.Count(strings.TrimSpace(value("minutes")))
	if !ok || n > 1_000_000 {
		return o, fault.AtField("minutes", "compensation.minutes")
	}
	o.more = time.Duration(n) * time.Minute
	return o, vouchers.CheckOutage(o.began, o.ended, o.more, k.Clock.Now())
}

// instantOf reads a date and time of a form; "" is none.
func instantOf(k *web.Request, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation(dayMinute, text, k.Handler.Zone)
}

// compensateForm asks which outage, and shows how many vouchers get how much.
func compensateForm(k *web.Request) error { return confirmCompensation(k, nil) }

func confirmCompensation(k *web.Request, cause error) error {
	site, err := k.Store.Site(k.AuditContext(), k.Param("site"))
	if err == nil && !k.Principal.Serves(site.ID) {
		err = store.ErrSiteNotFound
	}
	if err != nil {
		return err
	}
	status, form, err := k.ConfirmationForm(cause, outageFields...)
	if err != nil {
		return err
	}
	value := func(field string) string { return web.Truncate(k.Query(field)) }
	if cause != nil {
		value = func(field string) string { return form.Values[field] }
	}
	o, wrong := outageOf(k, value)
	asked := value("from")+value("until")+value("minutes") != ""
	if cause == nil && asked && wrong != nil {
		var ok bool
		if form, ok = k.Typed(wrong); !ok {
			return wrong
		}
	}
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.CompensatePage{Panel: p, SiteID: site.ID, Site: site.Name, Values: map[string]string{}, Ready: asked && wrong == nil}
	for _, field := range outageFields {
		page.Values[field] = value(field)
	}
	if page.Routers, err = siteRouters(k, p, site, o.router); err != nil {
		return err
	}
	if page.Ready {
		if err := simulate(k, &page, site, o); err != nil {
			return err
		}
		page.Nonce, page.Token = web.Nonce(), k.ConfirmationToken(page.Action())
	}
	return k.SendPage(status, p.Theme, page)
}

// siteRouters are the routers of a site as the form offers them.
func siteRouters(k *web.Request, p templates.Panel, site catalog.Site, chosen string) ([]templates.Choice, error) {
	states, err := k.Store.RouterStates(k.AuditContext())
	out := []templates.Choice{{Name: p.T("vouchers.compensate.all")}}
	for _, r := range states {
		if r.SiteID == site.ID {
			out = append(out, templates.Choice{Value: r.ID, Name: r.Name, Chosen: r.ID == chosen})
		}
	}
	return out, err
}

// simulate says how many vouchers of which plan would get the time.
func simulate(k *web.Request, page *templates.CompensatePage, site catalog.Site, o outage) error {
	counts, err := k.Store.RunningVouchers(k.AuditContext(), site.ID, o.router, o.began, o.ended)
	if err != nil {
		return err
	}
	plans, err := k.Store.Plans(k.AuditContext(), site.ID)
	if err != nil {
		return err
	}
	page.More = o.more
	for id, n := range counts {
		name := id
		if at := slices.IndexFunc(plans, func(x catalog.Plan) bool { return x.ID == id }); at >= 0 {
			name = plans[at].Name
		}
		page.Plans, page.Vouchers = append(page.Plans, templates.CompensatedPlan{Name: name, Vouchers: int(n)}), page.Vouchers+int(n)
	}
	slices.SortFunc(page.Plans, func(a, b templates.CompensatedPlan) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// compensate has the time added.
func compensate(k *web.Request) error {
	o, err := outageOf(k, func(field string) string { return k.FormValue(field) })
	if err == nil {
		err = k.Shop.Vouchers.Compensate(k.AuditContext(), vouchers.CompensateIn{SiteID: k.Param("site"), RouterID: o.router, Sites: k.Principal.Sites, Began: o.began, Ended: o.ended, More: o.more,
			Typed: k.FormValue("typed"), Reason: k.Reason(), Nonce: k.FormValue("nonce"), Actor: k.Actor()})
	}
	if fault.Is(err, fault.Invalid) {
		return confirmCompensation(k, err)
	}
	return web.BackOrError(k, "/compensations", "voucher.compensated", err)
}
