package reconciliation

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// Routes are for accounts of all sites: the gateway's account belongs to none.
var Routes = []web.Route{
	{Method: "GET", Path: "/reconciliation", Right: staff.Reconcile, AllSites: true, Handle: list},
	{Method: "POST", Path: "/reconciliation/run", Right: staff.Reconcile, AllSites: true, Handle: run},
	{Method: "POST", Path: "/reconciliation/export", Right: staff.Reconcile, AllSites: true, Heavy: true, Handle: export},
	{Method: "GET", Path: "/reconciliation/months/:month/close", Right: staff.Reconcile, AllSites: true, Reauthenticate: true, Handle: closeForm},
	{Method: "POST", Path: "/reconciliation/months/:month/close", Right: staff.Reconcile, AllSites: true, Confirm: confirmClose, Handle: closeMonth},
	{Method: "GET", Path: "/reconciliation/:id", Right: staff.Reconcile, AllSites: true, Handle: row},
	{Method: "POST", Path: "/reconciliation/:id/assign", Right: staff.Reconcile, AllSites: true, Handle: assign},
	{Method: "POST", Path: "/reconciliation/:id/note", Right: staff.Reconcile, AllSites: true, Handle: note},
	{Method: "POST", Path: "/reconciliation/:id/explain", Right: staff.Reconcile, AllSites: true, Handle: explain},
	{Method: "POST", Path: "/reconciliation/:id/ask", Right: staff.Reconcile, AllSites: true, Handle: ask},
}
