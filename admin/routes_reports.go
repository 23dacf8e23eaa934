package admin

import "gerai/internal/staff"

// reportsRoutes are for the dashboard and the reports.
var reportsRoutes = []route{
	{method: "GET", path: "", right: staff.SeeDashboard, handle: dashboard},
	{method: "GET", path: "/reports", right: staff.Reports, handle: reportsPage},
	{method: "GET", path: "/reports/kpi", right: staff.Reports, handle: kpi},
	{method: "GET", path: "/reports/resale", right: staff.Reports, handle: resale},
	{method: "POST", path: "/reports/export", right: staff.Reports, handle: export},
	{method: "GET", path: "/reports/tech", right: staff.TechReports, handle: techReport},
	{method: "POST", path: "/reports/tech/export", right: staff.TechReports, handle: exportTech},
	{method: "GET", path: "/reports/fees", right: staff.Settings, allSites: true, handle: feesForm},
	{method: "POST", path: "/reports/fees", right: staff.Settings, allSites: true, handle: setFees},
}
