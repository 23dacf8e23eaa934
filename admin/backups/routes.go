package backups

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// Routes are for backups. A backup holds all sites.
var Routes = []web.Route{
	{Method: "GET", Path: "/backups", Right: staff.Backups, AllSites: true, Handle: backupsPage},
	{Method: "POST", Path: "/backups/now", Right: staff.Backups, AllSites: true, Handle: backUp},
	{Method: "POST", Path: "/backups/drill", Right: staff.Backups, AllSites: true, Handle: drill},
	{Method: "GET", Path: "/backups/recovery", Right: staff.Backups, AllSites: true, Handle: recoveryPage},
	{Method: "POST", Path: "/backups/recovery/users", Right: staff.Backups, AllSites: true, Handle: decideUsers},
	{Method: "GET", Path: "/backups/recovery/end", Right: staff.Backups, AllSites: true, Handle: endRecoveryForm},
	{Method: "POST", Path: "/backups/recovery/end", Right: staff.Backups, AllSites: true, Confirm: confirmEndRecovery, Handle: endRecovery},
}
