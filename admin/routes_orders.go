package admin

import "gerai/internal/staff"

// ordersRoutes are for the order list and one order's page.
var ordersRoutes = []route{
	{method: "GET", path: "/orders", right: staff.SeeOrders, handle: ordersPage},
	{method: "POST", path: "/filters", right: staff.SeeOrders, handle: keepFilter},
	{method: "POST", path: "/filters/:id/delete", right: staff.SeeOrders, handle: dropFilter},
	{method: "GET", path: "/orders/:code", right: staff.SeeOrders, handle: orderPage},
	{method: "POST", path: "/orders/:code/note", right: staff.SeeOrders, handle: note},
	{method: "POST", path: "/orders/:code/check", right: staff.RetryOrder, handle: pollOrder},
	{method: "POST", path: "/orders/:code/retry", right: staff.RetryOrder, handle: retryOrder},
	{method: "GET", path: "/orders/:code/cancel", right: staff.CancelOrder, reauthenticate: true, handle: cancelForm},
	{method: "POST", path: "/orders/:code/cancel", right: staff.CancelOrder, confirm: confirmCancel, handle: cancelOrder},
	{method: "GET", path: "/orders/:code/force", right: staff.CancelOrder, reauthenticate: true, handle: forceForm},
	{method: "POST", path: "/orders/:code/force", right: staff.CancelOrder, confirm: confirmForce, handle: force},
	{method: "POST", path: "/orders/:code/credentials", right: staff.Sell, handle: credentials},
	{method: "POST", path: "/orders/:code/phone", right: staff.RevealPhone, handle: phone},
	{method: "GET", path: "/orders/:code/link", right: staff.Sell, handle: link},
}
