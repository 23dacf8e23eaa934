package reconciliation

import (
	"strings"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/report"
)

// run has the days of a range compared now.
func run(k *web.Request) error {
	from, err := report.ParseDay(strings.Clone(k.FormValue("from")))
	if err != nil {
		return showList(k, fault.AtField("from", "report.day"))
	}
	to, err := report.ParseDay(strings.Clone(k.FormValue("to")))
	if err != nil {
		return showList(k, fault.AtField("to", "report.day"))
	}
	if err := k.Shop.Reconciliation.Run(k.AuditContext(), k.Actor(), from, to); err != nil {
		return showList(k, err)
	}
	return k.SeeOther("/reconciliation", "m", "reconciliation.run")
}
