package catalogue

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// Routes are for plans, sites and the brand. Things are made below /add, since ids may be words.
var Routes = []web.Route{
	{Method: "GET", Path: "/catalogue", Right: staff.EditPlans, Handle: plans},
	{Method: "GET", Path: "/catalogue/add/plan", Right: staff.EditPlans, Handle: newPlanForm},
	{Method: "POST", Path: "/catalogue/add/plan", Right: staff.EditPlans, Handle: newPlan},
	{Method: "GET", Path: "/catalogue/plans/:id", Right: staff.EditPlans, Handle: editPlanForm},
	{Method: "POST", Path: "/catalogue/plans/:id", Right: staff.EditPlans, Handle: editPlan},
	{Method: "POST", Path: "/catalogue/plans/:id/move", Right: staff.EditPlans, Handle: movePlan},
	{Method: "POST", Path: "/catalogue/plans/:id/hide", Right: staff.EditPlans, Handle: hidePlan},
	{Method: "GET", Path: "/catalogue/plans/:id/retire", Right: staff.EditPlans, Reauthenticate: true, Handle: retirePlanForm},
	{Method: "POST", Path: "/catalogue/plans/:id/retire", Right: staff.EditPlans, Confirm: confirmRetire, Handle: retirePlan},
	{Method: "POST", Path: "/catalogue/plans/:id/restore", Right: staff.EditPlans, Handle: restorePlan},
	{Method: "GET", Path: "/catalogue/sites", Right: staff.EditPlans, Handle: sites},
	{Method: "GET", Path: "/catalogue/add/site", Right: staff.EditPlans, AllSites: true, Handle: newSiteForm},
	{Method: "POST", Path: "/catalogue/add/site", Right: staff.EditPlans, AllSites: true, Handle: newSite},
	{Method: "GET", Path: "/catalogue/sites/:id", Right: staff.EditPlans, Handle: editSiteForm},
	{Method: "POST", Path: "/catalogue/sites/:id", Right: staff.EditPlans, Handle: editSite},
	{Method: "POST", Path: "/catalogue/sites/:id/move", Right: staff.EditPlans, Handle: moveSite},
	{Method: "GET", Path: "/catalogue/brand", Right: staff.EditPlans, AllSites: true, Handle: brandForm},
	{Method: "POST", Path: "/catalogue/brand", Right: staff.EditPlans, AllSites: true, Heavy: true, Handle: saveBrand},
	{Method: "GET", Path: "/catalogue/export", Right: staff.EditPlans, AllSites: true, Handle: exportCatalogue},
	{Method: "GET", Path: "/catalogue/import", Right: staff.EditPlans, AllSites: true, Handle: importForm},
	{Method: "POST", Path: "/catalogue/import", Right: staff.EditPlans, AllSites: true, Reauthenticate: true, Heavy: true, Handle: importCatalogue},
	{Method: "GET", Path: "/catalogue/methods", Right: staff.EditPlans, Handle: methodsForm},
	{Method: "POST", Path: "/catalogue/methods", Right: staff.EditPlans, Handle: saveMethods},
	{Method: "GET", Path: "/catalogue/history", Right: staff.EditPlans, Handle: history},
	{Method: "POST", Path: "/catalogue/history/:id/back", Right: staff.EditPlans, Reauthenticate: true, Handle: takeBack},
	{Method: "POST", Path: "/catalogue/sites/:id/hide", Right: staff.EditPlans, Handle: hideSite},
}
