package admin

import "gerai/internal/staff"

// alertsRoutes are for alerts.
var alertsRoutes = []route{
	{method: "GET", path: "/alerts", right: staff.SeeDashboard, handle: alertsPage},
	{method: "POST", path: "/alerts/:id/ack", right: staff.SeeDashboard, handle: ackAlert},
}
