package admin

import "gerai/internal/staff"

// alertRoutes show and acknowledge alerts; the handlers decide which kinds and sites an
// account sees.
var alertRoutes = []route{
	{method: "GET", path: "/alerts", right: staff.SeeDashboard, handle: alertsPage},
	{method: "POST", path: "/alerts/:id/ack", right: staff.SeeDashboard, handle: ackAlert},
}
