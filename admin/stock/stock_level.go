package stock

import (
	"gerai/admin/web"
	"gerai/internal/typed"
)

// setLevel sets the stock level of a plan.
func setLevel(k *web.Request) error {
	low, ok := typed.Count(k.FormValue("low"))
	if !ok {
		low = -1 // refused at its field
	}
	err := k.Shop.Vouchers.SetStockLevel(k.AuditContext(), k.Principal.Actor(), k.Principal.Sites, k.FormValue("plan"), low)
	return web.BackOrError(k, "/vouchers", "stock.level", err)
}
