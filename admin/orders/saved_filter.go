package orders

import (
	"net/url"

	"gerai/admin/web"
	"gerai/internal/httpx"
)

// keepFilter remembers the filter under a name.
func keepFilter(k *web.Request) error {
	q, _ := url.ParseQuery(web.Truncate(k.FormValue("query"))) // what cannot be read filters nothing
	query := keepable(q)
	if err := k.Shop.Orders.KeepFilter(k.AuditContext(), k.Actor(), k.FormValue("name"), query); err != nil {
		form, ok := k.Typed(err, "name")
		if !ok {
			return err
		}
		return showOrders(k, httpx.Status(err), form, q)
	}
	return k.SeeOther("/orders?"+query, "m", "filter.keep")
}

func dropFilter(k *web.Request) error {
	return k.Back("/orders", "filter.drop", k.Shop.Orders.DropFilter(k.AuditContext(), k.Actor(), k.Param("id")))
}
