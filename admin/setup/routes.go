package setup

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// Routes are for accounts of all sites: a shop is set up as a whole.
var Routes = []web.Route{
	{Method: "GET", Path: "/setup", Right: staff.Settings, AllSites: true, Handle: guide},
	{Method: "POST", Path: "/setup/site", Right: staff.Settings, AllSites: true, Handle: site},
	{Method: "POST", Path: "/setup/plan", Right: staff.Settings, AllSites: true, Handle: plan},
	{Method: "POST", Path: "/setup/trial", Right: staff.Settings, AllSites: true, Handle: trial},
	{Method: "GET", Path: "/setup/gateway", Right: staff.Settings, AllSites: true, Reauthenticate: true, Handle: gatewayForm},
	{Method: "POST", Path: "/setup/gateway", Right: staff.Settings, AllSites: true, Reauthenticate: true, Handle: gateway},
	{Method: "GET", Path: "/setup/gateway/forget", Right: staff.Settings, AllSites: true, Reauthenticate: true, Handle: forgetForm},
	{Method: "POST", Path: "/setup/gateway/forget", Right: staff.Settings, AllSites: true, Confirm: confirmForget, Handle: forget},
}
