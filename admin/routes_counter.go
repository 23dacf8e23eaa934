package admin

import "gerai/internal/staff"

// counterRoutes are for the counter and the shifts.
var counterRoutes = []route{
	{method: "GET", path: "/sell", right: staff.Sell, handle: sellForm},
	{method: "POST", path: "/sell", right: staff.Sell, handle: sell},
	{method: "GET", path: "/sell/:code", right: staff.Sell, handle: mySale},
	{method: "GET", path: "/orders/:code/pay", right: staff.Sell, handle: payForm},
	{method: "POST", path: "/orders/:code/pay", right: staff.Sell, handle: pay},
	{method: "GET", path: "/shift", right: staff.OwnShift, handle: shift},
	{method: "POST", path: "/shift/open", right: staff.OwnShift, handle: openShift},
	{method: "GET", path: "/shift/:id", right: staff.OwnShift, handle: oneShift},
	{method: "GET", path: "/shift/:id/print", right: staff.OwnShift, handle: printShift},
	{method: "POST", path: "/shift/:id/export", right: staff.OwnShift, handle: exportShift},
	{method: "POST", path: "/shift/:id/close", right: staff.OwnShift, handle: closeShift},
}
