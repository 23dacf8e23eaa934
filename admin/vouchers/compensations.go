package vouchers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/store"
	"gerai/templates"
)

const (
	// outagesShown is how many outages of a router are offered, shortestOutage how long one
	// has to be for that, and shownOutage how long ago it may have begun.
	outagesShown   = 10
	shortestOutage = 2 * time.Minute
	shownOutage    = 14 * 24 * time.Hour
	// compensationsShown is how many of a site are listed.
	compensationsShown = 20
	// dayMinute is how a form writes an instant.
	dayMinute = "2006-01-02T15:04"
)

// compensationsPage lists the outages that routers are known to have had, each with the form
// that compensates it, and the compensations so far.
func compensationsPage(k *web.Request) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	sites, err := k.Handler.Sites(k)
	if err != nil {
		return err
	}
	page := templates.CompensationsPage{Panel: p, Sites: web.Choices(sites)}
	states, err := k.Store.RouterStates(k.AuditContext())
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, r := range states {
		names[r.ID] = r.Name
	}
	for _, site := range sites {
		if page.Outages, err = addOutages(k, page.Outages, site, states); err != nil {
			return err
		}
		done, err := k.Store.Compensations(k.AuditContext(), site.ID, compensationsShown)
		if err != nil {
			return err
		}
		for _, c := range done {
			line := templates.CompensationLine{Site: site.Name, Router: names[c.RouterID], Began: c.Began, Ended: c.Ended, More: c.More, Reason: c.Reason, By: web.Who(p, c.By), At: c.At, Done: !c.DoneAt.IsZero()}
			counts, err := k.Store.CompensationCounts(k.AuditContext(), c.ID)
			if err != nil {
				return err
			}
			for _, x := range counts {
				switch x.Outcome {
				case "":
					line.Waiting += int(x.N)
				case store.CompensationGiven:
					line.Given += int(x.N)
				default:
					line.Left += int(x.N)
				}
			}
			page.Lines = append(page.Lines, line)
		}
	}
	slices.SortStableFunc(page.Outages, func(a, b templates.KnownOutage) int { return b.Began.Compare(a.Began) })
	slices.SortStableFunc(page.Lines, func(a, b templates.CompensationLine) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Site, b.Site))
	})
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// addOutages adds what the routers of a site are known to have missed, as far as it is over.
func addOutages(k *web.Request, out []templates.KnownOutage, site catalog.Site, states []store.RouterState) ([]templates.KnownOutage, error) {
	for _, r := range states {
		if r.SiteID != site.ID || r.Disabled {
			continue
		}
		all, err := k.Store.Outages(k.AuditContext(), r.ID, outagesShown)
		if err != nil {
			return out, err
		}
		for _, o := range all {
			lasted := o.EndedAt.Sub(o.BeganAt)
			if o.EndedAt.IsZero() || lasted < shortestOutage || k.Clock.Now().Sub(o.BeganAt) > shownOutage {
				continue
			}
			minutes := int((lasted + time.Minute - 1) / time.Minute)
			at := web.Root + "/compensations/" + url.PathEscape(site.ID) + "?" + url.Values{"router": {r.ID}, "from": {o.BeganAt.In(k.Handler.Zone).Format(dayMinute)},
				"until": {o.EndedAt.Add(time.Minute - 1).In(k.Handler.Zone).Format(dayMinute)}, "minutes": {strconv.Itoa(minutes)}}.Encode()
			out = append(out, templates.KnownOutage{Site: site.Name, Router: r.Name, Began: o.BeganAt, Ended: o.EndedAt, Href: at})
		}
	}
	return out, nil
}
