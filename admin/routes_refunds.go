package admin

import "gerai/internal/staff"

// refundsRoutes are for payments and refunds that need a decision.
var refundsRoutes = []route{
	{method: "GET", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, reauthenticate: true, handle: refundForm},
	{method: "POST", path: "/orders/:code/refund/:gateway/:key", right: staff.RequestRefund, confirm: confirmRefundRequest, handle: requestRefund},
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
	{method: "POST", path: "/refunds/:id/stop", right: staff.ApproveRefund, reauthenticate: true, handle: stopExternal},
	{method: "GET", path: "/money/owed/:key/off", right: staff.ApproveRefund, handle: writeOffForm},
	{method: "POST", path: "/money/owed/:key/off", right: staff.ApproveRefund, confirm: confirmWriteOff, handle: writeOff},
}
