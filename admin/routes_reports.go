package admin

import "gerai/internal/staff"

var reportRoutes = []route{
	{method: "GET", path: "/reports", right: staff.Reports, act: (*Door).reports},
	{method: "GET", path: "/reports/kpi", right: staff.Reports, act: (*Door).kpi},
	{method: "GET", path: "/reports/resale", right: staff.Reports, act: (*Door).resale},
	{method: "POST", path: "/reports/export", right: staff.Reports, act: (*Door).export},
	{method: "GET", path: "/reports/tech", right: staff.TechReports, act: (*Door).techReport},
	{method: "POST", path: "/reports/tech/export", right: staff.TechReports, act: (*Door).exportTech},
	{method: "GET", path: "/reports/fees", right: staff.Settings, whole: true, act: (*Door).feesForm},
	{method: "POST", path: "/reports/fees", right: staff.Settings, whole: true, act: (*Door).setFees},
}
