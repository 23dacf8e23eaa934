package admin

import "gerai/internal/staff"

// stockRoutes are single vouchers, and acts on money that ends them. They come
// after every other address below /vouchers, because an id may stand where those
// have a word.
var stockRoutes = []route{
	{method: "GET", path: "/vouchers/:id", right: staff.PrintVouchers, act: (*Door).voucher},
	{method: "POST", path: "/vouchers/:id/credentials", right: staff.PrintVouchers, act: (*Door).voucherCredentials},
	{method: "GET", path: "/vouchers/:id/disable", right: staff.Vouchers, act: (*Door).disableVoucherForm},
	{method: "POST", path: "/vouchers/:id/disable", right: staff.Vouchers, sure: (*Door).askSwitchOff, act: (*Door).disableVoucher},
	{method: "GET", path: "/vouchers/:id/enable", right: staff.Vouchers, act: (*Door).enableVoucherForm},
	{method: "POST", path: "/vouchers/:id/enable", right: staff.Vouchers, sure: (*Door).askSwitchOn, act: (*Door).enableVoucher},
	{method: "POST", path: "/refunds/:id/stop", right: staff.ApproveRefund, fresh: true, act: (*Door).stopExternal},
	{method: "GET", path: "/money/owed/:key/off", right: staff.ApproveRefund, act: (*Door).writeOffForm},
	{method: "POST", path: "/money/owed/:key/off", right: staff.ApproveRefund, sure: (*Door).askWriteOff, act: (*Door).writeOff},
}
