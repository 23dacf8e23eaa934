package admin

import "gerai/internal/staff"

// stockRoutes are single vouchers, and acts on money that ends them. They come
// after every other address below /vouchers, because an id may stand where those
// have a word.
var stockRoutes = []route{
	{method: "GET", path: "/vouchers/:id", right: staff.PrintVouchers, handle: voucher},
	{method: "POST", path: "/vouchers/:id/credentials", right: staff.PrintVouchers, handle: voucherCredentials},
	{method: "GET", path: "/vouchers/:id/disable", right: staff.Vouchers, handle: disableVoucherForm},
	{method: "POST", path: "/vouchers/:id/disable", right: staff.Vouchers, confirm: confirmSwitchOff, handle: disableVoucher},
	{method: "GET", path: "/vouchers/:id/enable", right: staff.Vouchers, handle: enableVoucherForm},
	{method: "POST", path: "/vouchers/:id/enable", right: staff.Vouchers, confirm: confirmSwitchOn, handle: enableVoucher},
	{method: "POST", path: "/refunds/:id/stop", right: staff.ApproveRefund, reauthenticate: true, handle: stopExternal},
	{method: "GET", path: "/money/owed/:key/off", right: staff.ApproveRefund, handle: writeOffForm},
	{method: "POST", path: "/money/owed/:key/off", right: staff.ApproveRefund, confirm: confirmWriteOff, handle: writeOff},
}
