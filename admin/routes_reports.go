package admin

import "gerai/internal/staff"

var reportRoutes = []route{
	{method: "GET", path: "/reports", right: staff.Reports, handle: (*Handler).reports},
	{method: "GET", path: "/reports/kpi", right: staff.Reports, handle: (*Handler).kpi},
	{method: "GET", path: "/reports/resale", right: staff.Reports, handle: (*Handler).resale},
	{method: "POST", path: "/reports/export", right: staff.Reports, handle: (*Handler).export},
	{method: "GET", path: "/reports/tech", right: staff.TechReports, handle: (*Handler).techReport},
	{method: "POST", path: "/reports/tech/export", right: staff.TechReports, handle: (*Handler).exportTech},
	{method: "GET", path: "/reports/fees", right: staff.Settings, allSites: true, handle: (*Handler).feesForm},
	{method: "POST", path: "/reports/fees", right: staff.Settings, allSites: true, handle: (*Handler).setFees},
}
