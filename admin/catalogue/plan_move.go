package catalogue

import (
	"gerai/admin/web"
)

// movePlan moves a plan up or down on its page.
func movePlan(k *web.Request) error {
	p, err := planOf(k)
	if err != nil {
		return err
	}
	from, to, err := places(k)
	if err == nil {
		err = k.Shop.Catalogue.MovePlan(k.AuditContext(), k.Actor(), p.ID, from, to)
	}
	return web.BackOrError(k, "/catalogue?site="+p.SiteID, "plan.moved", err)
}

// places reads from where to where something moves. Errors: Conflict "catalogue.changed".
func places(k *web.Request) (from, to int, err error) {
	if from, err = web.Number(k, "from", "catalogue.changed"); err == nil {
		to, err = web.Number(k, "to", "catalogue.changed")
	}
	return from, to, err
}
