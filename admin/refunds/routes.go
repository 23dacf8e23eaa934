package refunds

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// refundsRoutes are for payments and refunds that need a decision.
var Routes = []web.Route{
	{Method: "GET", Path: "/orders/:code/refund/:gateway/:key", Right: staff.RequestRefund, Reauthenticate: true, Handle: refundForm},
	{Method: "POST", Path: "/orders/:code/refund/:gateway/:key", Right: staff.RequestRefund, Confirm: confirmRefundRequest, Handle: requestRefund},
	{Method: "GET", Path: "/money", Right: staff.ApproveRefund, Handle: moneyPage},
	{Method: "GET", Path: "/money/rules", Right: staff.Settings, AllSites: true, Handle: rulesForm},
	{Method: "POST", Path: "/money/rules", Right: staff.Settings, AllSites: true, Reauthenticate: true, Handle: setRules},
	{Method: "POST", Path: "/money/owed/:key", Right: staff.ApproveRefund, Handle: confirmReceivable},
	{Method: "GET", Path: "/money/stray/:gateway/:key/assign", Right: staff.ApproveRefund, Reauthenticate: true, Handle: assignForm},
	{Method: "POST", Path: "/money/stray/:gateway/:key/assign", Right: staff.ApproveRefund, Confirm: confirmAssign, Handle: assign},
	{Method: "GET", Path: "/money/stray/:gateway/:key/refund", Right: staff.ApproveRefund, Reauthenticate: true, Handle: unmatchedRefundForm},
	{Method: "POST", Path: "/money/stray/:gateway/:key/refund", Right: staff.ApproveRefund, Confirm: confirmUnmatchedRefund, Handle: unmatchedRefund},
	{Method: "GET", Path: "/refunds/:id", Right: staff.RequestRefund, Handle: refund},
	{Method: "POST", Path: "/refunds/:id/approve", Right: staff.ApproveRefund, Confirm: confirmDecision, Handle: approveRefund},
	{Method: "POST", Path: "/refunds/:id/reject", Right: staff.ApproveRefund, Handle: rejectRefund},
	{Method: "POST", Path: "/refunds/:id/skip", Right: staff.ApproveRefund, Confirm: confirmDecision, Handle: skipStop},
	{Method: "POST", Path: "/refunds/:id/cash", Right: staff.Sell, Confirm: confirmDecision, Handle: payOut},
	{Method: "POST", Path: "/refunds/:id/seen", Right: staff.ApproveRefund, Handle: ackExternal},
	{Method: "GET", Path: "/refunds/:id/proof", Right: staff.RequestRefund, Handle: proof},
	{Method: "POST", Path: "/refunds/:id/proof", Right: staff.ApproveRefund, Confirm: confirmDecision, Handle: handOver},
	{Method: "POST", Path: "/refunds/:id/stop", Right: staff.ApproveRefund, Reauthenticate: true, Handle: stopExternal},
	{Method: "GET", Path: "/money/owed/:key/off", Right: staff.ApproveRefund, Handle: writeOffForm},
	{Method: "POST", Path: "/money/owed/:key/off", Right: staff.ApproveRefund, Confirm: confirmWriteOff, Handle: writeOff},
}
