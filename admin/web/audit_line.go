package web

import (
	"encoding/json"

	"gerai/internal/actor"
	"gerai/internal/store"
	"gerai/templates"
)

// Named is an actor without its kind.
func Named(auditName string) string {
	name, _ := actor.StaffName(auditName)
	return name
}

// Who is the name of an actor of the audit trail as the page shows it.
func Who(p templates.Panel, auditName string) string {
	if auditName == actor.Customer.AuditName {
		return p.T("orders.timeline.customer")
	}
	return Named(auditName)
}

// ReasonOf is what a person gave as the reason of an act.
func ReasonOf(row store.AuditRow) string {
	var detail struct {
		Reason string `json:"reason"`
	}
	if _, ofStaff := actor.StaffName(row.Actor); !ofStaff || json.Unmarshal([]byte(row.Detail), &detail) != nil {
		return ""
	}
	return detail.Reason
}
