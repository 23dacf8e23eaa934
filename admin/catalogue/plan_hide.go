package catalogue

import "gerai/admin/web"

// hidePlan takes a plan off its page, or puts it there again.
func hidePlan(k *web.Request) error {
	p, err := planOf(k)
	if err != nil {
		return err
	}
	hidden, done := k.FormValue("hidden") == "true", "plan.shown"
	if hidden {
		done = "plan.hidden"
	}
	return web.BackOrError(k, "/catalogue?site="+p.SiteID, done, k.Shop.Catalogue.HidePlan(k.AuditContext(), k.Actor(), p.ID, hidden))
}
