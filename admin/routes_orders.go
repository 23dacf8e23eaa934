package admin

import "gerai/internal/staff"

// orderRoutes are the order list and one order's page.
var orderRoutes = []route{
	{method: "GET", path: "/orders", right: staff.SeeOrders, handle: (*Handler).orders},
	{method: "POST", path: "/filters", right: staff.SeeOrders, handle: (*Handler).keepFilter},
	{method: "POST", path: "/filters/:id/delete", right: staff.SeeOrders, handle: (*Handler).dropFilter},
	{method: "GET", path: "/orders/:code", right: staff.SeeOrders, handle: (*Handler).order},
	{method: "POST", path: "/orders/:code/note", right: staff.SeeOrders, handle: (*Handler).note},
	{method: "POST", path: "/orders/:code/check", right: staff.RetryOrder, handle: (*Handler).pollOrder},
	{method: "POST", path: "/orders/:code/retry", right: staff.RetryOrder, handle: (*Handler).retryOrder},
	{method: "GET", path: "/orders/:code/cancel", right: staff.CancelOrder, reauthenticate: true, handle: (*Handler).cancelForm},
	{method: "POST", path: "/orders/:code/cancel", right: staff.CancelOrder, confirm: (*Handler).confirmCancel, handle: (*Handler).cancelOrder},
	{method: "GET", path: "/orders/:code/force", right: staff.CancelOrder, reauthenticate: true, handle: (*Handler).forceForm},
	{method: "POST", path: "/orders/:code/force", right: staff.CancelOrder, confirm: (*Handler).confirmForce, handle: (*Handler).force},
	{method: "POST", path: "/orders/:code/credentials", right: staff.Sell, handle: (*Handler).credentials},
	{method: "POST", path: "/orders/:code/phone", right: staff.RevealPhone, handle: (*Handler).phone},
	{method: "GET", path: "/orders/:code/link", right: staff.Sell, handle: (*Handler).link},
	{method: "GET", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, reauthenticate: true, handle: (*Handler).refundForm},
	{method: "POST", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, confirm: (*Handler).confirmRefundRequest, handle: (*Handler).requestRefund},
}

// counterRoutes are the counter and the shifts.
var counterRoutes = []route{
	{method: "GET", path: "/sell", right: staff.Sell, handle: (*Handler).sellForm},
	{method: "POST", path: "/sell", right: staff.Sell, handle: (*Handler).sell},
	{method: "GET", path: "/sell/:code", right: staff.Sell, handle: (*Handler).mySale},
	{method: "GET", path: "/orders/:code/pay", right: staff.Sell, handle: (*Handler).payForm},
	{method: "POST", path: "/orders/:code/pay", right: staff.Sell, handle: (*Handler).pay},
	{method: "GET", path: "/shift", right: staff.OwnShift, handle: (*Handler).shift},
	{method: "POST", path: "/shift/open", right: staff.OwnShift, handle: (*Handler).openShift},
	{method: "GET", path: "/shift/:id", right: staff.OwnShift, handle: (*Handler).oneShift},
	{method: "GET", path: "/shift/:id/print", right: staff.OwnShift, handle: (*Handler).printShift},
	{method: "POST", path: "/shift/:id/export", right: staff.OwnShift, handle: (*Handler).exportShift},
	{method: "POST", path: "/shift/:id/close", right: staff.OwnShift, handle: (*Handler).closeShift},
}

// moneyRoutes are for payments and refunds that need a decision.
var moneyRoutes = []route{
	{method: "GET", path: "/money", right: staff.ApproveRefund, handle: (*Handler).money},
	{method: "GET", path: "/money/rules", right: staff.Settings, allSites: true, handle: (*Handler).rulesForm},
	{method: "POST", path: "/money/rules", right: staff.Settings, allSites: true, reauthenticate: true, handle: (*Handler).setRules},
	{method: "POST", path: "/money/owed/:key", right: staff.ApproveRefund, handle: (*Handler).confirmReceivable},
	{method: "GET", path: "/money/stray/:gateway/:key/assign", right: staff.ApproveRefund, reauthenticate: true, handle: (*Handler).assignForm},
	{method: "POST", path: "/money/stray/:gateway/:key/assign", right: staff.ApproveRefund, confirm: (*Handler).confirmAssign, handle: (*Handler).assign},
	{method: "GET", path: "/money/stray/:gateway/:key/refund", right: staff.ApproveRefund, reauthenticate: true, handle: (*Handler).unmatchedRefundForm},
	{method: "POST", path: "/money/stray/:gateway/:key/refund", right: staff.ApproveRefund, confirm: (*Handler).confirmUnmatchedRefund, handle: (*Handler).unmatchedRefund},
	{method: "GET", path: "/refunds/:id", right: staff.RequestRefund, handle: (*Handler).refund},
	{method: "POST", path: "/refunds/:id/approve", right: staff.ApproveRefund, confirm: (*Handler).confirmDecision, handle: (*Handler).approveRefund},
	{method: "POST", path: "/refunds/:id/reject", right: staff.ApproveRefund, handle: (*Handler).rejectRefund},
	{method: "POST", path: "/refunds/:id/skip", right: staff.ApproveRefund, confirm: (*Handler).confirmDecision, handle: (*Handler).skipStop},
	{method: "POST", path: "/refunds/:id/cash", right: staff.Sell, confirm: (*Handler).confirmDecision, handle: (*Handler).payOut},
	{method: "POST", path: "/refunds/:id/seen", right: staff.ApproveRefund, handle: (*Handler).ackExternal},
	{method: "GET", path: "/refunds/:id/proof", right: staff.RequestRefund, handle: (*Handler).proof},
	{method: "POST", path: "/refunds/:id/proof", right: staff.ApproveRefund, confirm: (*Handler).confirmDecision, handle: (*Handler).handOver},
}
