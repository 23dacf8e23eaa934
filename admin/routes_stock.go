package admin

import "gerai/internal/staff"

// stockRoutes are single vouchers, and acts on money that ends them. They come
// after every other address below /vouchers, because an id may stand where those
// have a word.
var stockRoutes = []route{
	{method: "GET", path: "/vouchers/:id", right: staff.PrintVouchers, handle: (*Handler).voucher},
	{method: "POST", path: "/vouchers/:id/credentials", right: staff.PrintVouchers, handle: (*Handler).voucherCredentials},
	{method: "GET", path: "/vouchers/:id/disable", right: staff.Vouchers, handle: (*Handler).disableVoucherForm},
	{method: "POST", path: "/vouchers/:id/disable", right: staff.Vouchers, confirm: (*Handler).confirmSwitchOff, handle: (*Handler).disableVoucher},
	{method: "GET", path: "/vouchers/:id/enable", right: staff.Vouchers, handle: (*Handler).enableVoucherForm},
	{method: "POST", path: "/vouchers/:id/enable", right: staff.Vouchers, confirm: (*Handler).confirmSwitchOn, handle: (*Handler).enableVoucher},
	{method: "POST", path: "/refunds/:id/stop", right: staff.ApproveRefund, reauthenticate: true, handle: (*Handler).stopExternal},
	{method: "GET", path: "/money/owed/:key/off", right: staff.ApproveRefund, handle: (*Handler).writeOffForm},
	{method: "POST", path: "/money/owed/:key/off", right: staff.ApproveRefund, confirm: (*Handler).confirmWriteOff, handle: (*Handler).writeOff},
}
