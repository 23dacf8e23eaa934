package orders

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// ordersRoutes are for the order list and one order's page.
var Routes = []web.Route{
	{Method: "GET", Path: "/search", Right: staff.SeeOrders, Handle: searchPage},
	{Method: "GET", Path: "/orders", Right: staff.SeeOrders, Handle: ordersPage},
	{Method: "POST", Path: "/filters", Right: staff.SeeOrders, Handle: keepFilter},
	{Method: "POST", Path: "/filters/:id/delete", Right: staff.SeeOrders, Handle: dropFilter},
	{Method: "GET", Path: "/orders/:code", Right: staff.SeeOrders, Handle: orderPage},
	{Method: "POST", Path: "/orders/:code/note", Right: staff.SeeOrders, Handle: note},
	{Method: "POST", Path: "/orders/:code/check", Right: staff.RetryOrder, Handle: pollOrder},
	{Method: "POST", Path: "/orders/:code/retry", Right: staff.RetryOrder, Handle: retryOrder},
	{Method: "GET", Path: "/orders/:code/cancel", Right: staff.CancelOrder, Reauthenticate: true, Handle: cancelForm},
	{Method: "POST", Path: "/orders/:code/cancel", Right: staff.CancelOrder, Confirm: confirmCancel, Handle: cancelOrder},
	{Method: "GET", Path: "/orders/:code/force", Right: staff.CancelOrder, Reauthenticate: true, Handle: forceForm},
	{Method: "POST", Path: "/orders/:code/force", Right: staff.CancelOrder, Confirm: confirmForce, Handle: force},
	{Method: "POST", Path: "/orders/:code/credentials", Right: staff.Sell, Handle: credentials},
	{Method: "POST", Path: "/orders/:code/phone", Right: staff.RevealPhone, Handle: phone},
	{Method: "GET", Path: "/orders/:code/link", Right: staff.Sell, Handle: link},
}
