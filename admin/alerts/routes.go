package alerts

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// alertsRoutes are for alerts.
var Routes = []web.Route{
	{Method: "GET", Path: "/alerts", Right: staff.SeeDashboard, Handle: alertsPage},
	{Method: "POST", Path: "/alerts/:id/ack", Right: staff.SeeDashboard, Handle: ackAlert},
}
