package admin

import "gerai/internal/staff"

// orderRoutes are the order list and one order's page.
var orderRoutes = []route{
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
	{method: "GET", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, reauthenticate: true, handle: refundForm},
	{method: "POST", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, confirm: confirmRefundRequest, handle: requestRefund},
}

// counterRoutes are the counter and the shifts.
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

// moneyRoutes are for payments and refunds that need a decision.
var moneyRoutes = []route{
	{method: "GET", path: "/money", right: staff.ApproveRefund, handle: moneyPage},
	{method: "GET", path: "/money/rules", right: staff.Settings, allSites: true, handle: rulesForm},
	{method: "POST", path: "/money/rules", right: staff.Settings, allSites: true, reauthenticate: true, handle: setRules},
	{method: "POST", path: "/money/owed/:key", right: staff.ApproveRefund, handle: confirmReceivable},
	{method: "GET", path: "/money/stray/:gateway/:key/assign", right: staff.ApproveRefund, reauthenticate: true, handle: assignForm},
	{method: "POST", path: "/money/stray/:gateway/:key/assign", right: staff.ApproveRefund, confirm: confirmAssign, handle: assign},
	{method: "GET", path: "/money/stray/:gateway/:key/refund", right: staff.ApproveRefund, reauthenticate: true, handle: unmatchedRefundForm},
	{method: "POST", path: "/money/stray/:gateway/:key/refund", right: staff.ApproveRefund, confirm: confirmUnmatchedRefund, handle: unmatchedRefund},
	{method: "GET", path: "/refunds/:id", right: staff.RequestRefund, handle: refund},
	{method: "POST", path: "/refunds/:id/approve", right: staff.ApproveRefund, confirm: confirmDecision, handle: approveRefund},
	{method: "POST", path: "/refunds/:id/reject", right: staff.ApproveRefund, handle: rejectRefund},
	{method: "POST", path: "/refunds/:id/skip", right: staff.ApproveRefund, confirm: confirmDecision, handle: skipStop},
	{method: "POST", path: "/refunds/:id/cash", right: staff.Sell, confirm: confirmDecision, handle: payOut},
	{method: "POST", path: "/refunds/:id/seen", right: staff.ApproveRefund, handle: ackExternal},
	{method: "GET", path: "/refunds/:id/proof", right: staff.RequestRefund, handle: proof},
	{method: "POST", path: "/refunds/:id/proof", right: staff.ApproveRefund, confirm: confirmDecision, handle: handOver},
}
