package admin

import "gerai/internal/staff"

// alertRoutes are what somebody should know; which kinds and whose, the pages
// decide.
var alertRoutes = []route{
	{method: "GET", path: "/alerts", right: staff.SeeDashboard, handle: (*Handler).alerts},
	{method: "POST", path: "/alerts/:id/ack", right: staff.SeeDashboard, handle: (*Handler).ackAlert},
}
