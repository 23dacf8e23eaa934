package admin

import "gerai/internal/staff"

// orderRoutes are the order list and one order's page.
var orderRoutes = []route{
	{method: "GET", path: "/orders", right: staff.SeeOrders, act: (*Door).orders},
	{method: "POST", path: "/filters", right: staff.SeeOrders, act: (*Door).keepFilter},
	{method: "POST", path: "/filters/:id/delete", right: staff.SeeOrders, act: (*Door).dropFilter},
	{method: "GET", path: "/orders/:code", right: staff.SeeOrders, act: (*Door).order},
	{method: "POST", path: "/orders/:code/note", right: staff.SeeOrders, act: (*Door).note},
	{method: "POST", path: "/orders/:code/check", right: staff.RetryOrder, act: (*Door).checkOrder},
	{method: "POST", path: "/orders/:code/retry", right: staff.RetryOrder, act: (*Door).retryOrder},
	{method: "GET", path: "/orders/:code/cancel", right: staff.CancelOrder, fresh: true, act: (*Door).cancelForm},
	{method: "POST", path: "/orders/:code/cancel", right: staff.CancelOrder, sure: (*Door).askCancel, act: (*Door).cancelOrder},
	{method: "GET", path: "/orders/:code/force", right: staff.CancelOrder, fresh: true, act: (*Door).forceForm},
	{method: "POST", path: "/orders/:code/force", right: staff.CancelOrder, sure: (*Door).askForce, act: (*Door).force},
	{method: "POST", path: "/orders/:code/credentials", right: staff.Sell, act: (*Door).credentials},
	{method: "POST", path: "/orders/:code/phone", right: staff.RevealPhone, act: (*Door).phone},
	{method: "GET", path: "/orders/:code/link", right: staff.Sell, act: (*Door).link},
	{method: "GET", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, fresh: true, act: (*Door).refundForm},
	{method: "POST", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, sure: (*Door).askRefund, act: (*Door).requestRefund},
}

// counterRoutes are the counter and the shifts.
var counterRoutes = []route{
	{method: "GET", path: "/sell", right: staff.Sell, act: (*Door).sellForm},
	{method: "POST", path: "/sell", right: staff.Sell, act: (*Door).sell},
	{method: "GET", path: "/sell/:code", right: staff.Sell, act: (*Door).sold},
	{method: "GET", path: "/orders/:code/pay", right: staff.Sell, act: (*Door).payForm},
	{method: "POST", path: "/orders/:code/pay", right: staff.Sell, act: (*Door).pay},
	{method: "GET", path: "/shift", right: staff.OwnShift, act: (*Door).shift},
	{method: "POST", path: "/shift/open", right: staff.OwnShift, act: (*Door).openShift},
	{method: "GET", path: "/shift/:id", right: staff.OwnShift, act: (*Door).oneShift},
	{method: "GET", path: "/shift/:id/print", right: staff.OwnShift, act: (*Door).printShift},
	{method: "POST", path: "/shift/:id/export", right: staff.OwnShift, act: (*Door).exportShift},
	{method: "POST", path: "/shift/:id/close", right: staff.OwnShift, act: (*Door).closeShift},
}

// moneyRoutes are money that somebody has to decide about.
var moneyRoutes = []route{
	{method: "GET", path: "/money", right: staff.ApproveRefund, act: (*Door).money},
	{method: "GET", path: "/money/rules", right: staff.Settings, whole: true, act: (*Door).rulesForm},
	{method: "POST", path: "/money/rules", right: staff.Settings, whole: true, fresh: true, act: (*Door).setRules},
	{method: "POST", path: "/money/owed/:key", right: staff.ApproveRefund, act: (*Door).confirmOwed},
	{method: "GET", path: "/money/stray/:gateway/:key/assign", right: staff.ApproveRefund, fresh: true, act: (*Door).assignForm},
	{method: "POST", path: "/money/stray/:gateway/:key/assign", right: staff.ApproveRefund, sure: (*Door).askAssign, act: (*Door).assign},
	{method: "GET", path: "/money/stray/:gateway/:key/refund", right: staff.ApproveRefund, fresh: true, act: (*Door).strayRefundForm},
	{method: "POST", path: "/money/stray/:gateway/:key/refund", right: staff.ApproveRefund, sure: (*Door).askStrayRefund, act: (*Door).strayRefund},
	{method: "GET", path: "/refunds/:id", right: staff.RequestRefund, act: (*Door).refund},
	{method: "POST", path: "/refunds/:id/approve", right: staff.ApproveRefund, sure: (*Door).askDecision, act: (*Door).approveRefund},
	{method: "POST", path: "/refunds/:id/reject", right: staff.ApproveRefund, act: (*Door).rejectRefund},
	{method: "POST", path: "/refunds/:id/skip", right: staff.ApproveRefund, sure: (*Door).askDecision, act: (*Door).skipStop},
	{method: "POST", path: "/refunds/:id/cash", right: staff.Sell, sure: (*Door).askDecision, act: (*Door).payOut},
	{method: "POST", path: "/refunds/:id/seen", right: staff.ApproveRefund, act: (*Door).ackExternal},
	{method: "GET", path: "/refunds/:id/proof", right: staff.RequestRefund, act: (*Door).proof},
	{method: "POST", path: "/refunds/:id/proof", right: staff.ApproveRefund, sure: (*Door).askDecision, act: (*Door).handOver},
}
