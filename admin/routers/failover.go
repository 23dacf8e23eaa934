package routers

import (
	"time"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/store"
)

// routerFailover says whether a site's routers stand in for each other, and after how many
// seconds.
func routerFailover(k *web.Request) error {
	site := k.FormValue("site")
	if !k.Principal.Serves(site) {
		return store.ErrSiteNotFound
	}
	after, err := failoverAfter(k)
	if err == nil {
		err = k.Shop.Routers.SetFailover(k.AuditContext(), k.Actor(), site, k.FormValue("on") == "yes", after)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		return err
	case fault.Is(err, fault.Invalid):
		form, _ := k.Typed(err, "site", "after")
		return showRouters(k, httpx.Status(err), form)
	}
	return k.Back("/routers", "failover", err)
}

// failoverAfter is how long a router is to be away, as typed; negative where the form does not
// ask. Errors: Invalid at "after".
func failoverAfter(k *web.Request) (time.Duration, error) {
	if k.FormValue("after") == "" {
		return -1, nil
	}
	n, err := web.Number(k, "after", "router.failover_after")
	if err != nil || n > int(catalog.MostFailoverAfter/time.Second) {
		return 0, fault.AtField("after", "router.failover_after")
	}
	return time.Duration(n) * time.Second, nil
}

// standIns tells of routers that are away who takes their new customers.
type standIns struct {
	away  catalog.Away
	sites map[string][]catalog.Router
}

func newStandIns(k *web.Request) (standIns, error) {
	away, err := k.Store.AwayRouters(k.AuditContext())
	return standIns{away: away, sites: map[string][]catalog.Router{}}, err
}

// of is the name of the router that stands in for one, "" where none does.
func (x standIns) of(k *web.Request, site catalog.Site, r catalog.Router) (string, error) {
	if !x.away.Has(r.ID) {
		return "", nil
	}
	all, known := x.sites[site.ID]
	if !known {
		var err error
		if all, err = k.Store.RoutersOf(k.AuditContext(), site.ID); err != nil {
			return "", err
		}
		x.sites[site.ID] = all
	}
	in, _ := site.StandIn(r, all, x.away, k.Clock.Now())
	return in.Name, nil
}
