package routers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
)

// keepEnded says how many days users stay on their routers after their vouchers ended.
func keepEnded(k *web.Request) error {
	days, err := web.Number(k, "days", "router.keep_ended")
	if err == nil {
		err = k.Shop.Vouchers.SetKeepEndedDays(k.AuditContext(), k.Actor(), days)
	}
	if fault.Is(err, fault.Invalid) {
		form, _ := k.Typed(err, "days")
		return showRouters(k, httpx.Status(err), form)
	}
	return k.Back("/routers", "router.keep_ended", err)
}
