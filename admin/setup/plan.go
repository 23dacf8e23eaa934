package setup

import (
	"strings"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/typed"
)

// plan makes a plan of name, price and validity.
func plan(k *web.Request) error {
	f := catalog.Fields{"name": strings.TrimSpace(k.FormValue("name")), "price": strings.TrimSpace(k.FormValue("price"))}
	if text := strings.TrimSpace(k.FormValue("validity")); text != "" {
		if _, ok := typed.Digits(text); !ok {
			return refused(k, "plan", fault.AtField("validity", "catalogue.count"))
		}
		f["validity"] = text + k.FormValue("validity_unit")
	}
	if _, err := k.Shop.Setup.SavePlan(k.AuditContext(), k.Actor(), k.FormValue("site"), f); err != nil {
		return refused(k, "plan", err)
	}
	return k.SeeOther("/setup", "m", "plan.added")
}
