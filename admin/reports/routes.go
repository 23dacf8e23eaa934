package reports

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// reportsRoutes are for the dashboard and the reports.
var Routes = []web.Route{
	{Method: "GET", Path: "", Right: staff.SeeDashboard, Handle: dashboard},
	{Method: "GET", Path: "/reports", Right: staff.Reports, Heavy: true, Handle: reportsPage},
	{Method: "GET", Path: "/reports/kpi", Right: staff.Reports, Heavy: true, Handle: kpi},
	{Method: "GET", Path: "/reports/resale", Right: staff.Reports, Heavy: true, Handle: resale},
	{Method: "POST", Path: "/reports/export", Right: staff.Reports, Heavy: true, Handle: export},
	{Method: "GET", Path: "/reports/tech", Right: staff.TechReports, Heavy: true, Handle: techReport},
	{Method: "POST", Path: "/reports/tech/export", Right: staff.TechReports, Heavy: true, Handle: exportTech},
	{Method: "GET", Path: "/reports/baseline", Right: staff.Settings, AllSites: true, Handle: baselineForm},
	{Method: "POST", Path: "/reports/baseline", Right: staff.Settings, AllSites: true, Handle: setBaseline},
	{Method: "GET", Path: "/reports/fees", Right: staff.Settings, AllSites: true, Handle: feesForm},
	{Method: "POST", Path: "/reports/fees", Right: staff.Settings, AllSites: true, Handle: setFees},
}
