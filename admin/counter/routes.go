package counter

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// counterRoutes are for the counter and the shifts.
var Routes = []web.Route{
	{Method: "GET", Path: "/sell", Right: staff.Sell, Handle: sellForm},
	{Method: "POST", Path: "/sell", Right: staff.Sell, Handle: sell},
	{Method: "GET", Path: "/sell/:code", Right: staff.Sell, Handle: mySale},
	{Method: "GET", Path: "/orders/:code/pay", Right: staff.Sell, Handle: payForm},
	{Method: "POST", Path: "/orders/:code/pay", Right: staff.Sell, Handle: pay},
	{Method: "GET", Path: "/shift", Right: staff.OwnShift, Handle: shift},
	{Method: "POST", Path: "/shift/open", Right: staff.OwnShift, Handle: openShift},
	{Method: "GET", Path: "/shift/:id", Right: staff.OwnShift, Handle: oneShift},
	{Method: "GET", Path: "/shift/:id/print", Right: staff.OwnShift, Heavy: true, Handle: printShift},
	{Method: "POST", Path: "/shift/:id/export", Right: staff.OwnShift, Heavy: true, Handle: exportShift},
	{Method: "POST", Path: "/shift/:id/cash", Right: staff.OwnShift, Handle: shiftCash},
	{Method: "POST", Path: "/shift/:id/close", Right: staff.OwnShift, Handle: closeShift},
}
