package admin

import "gerai/internal/staff"

// vouchersRoutes are for single vouchers. An id may stand where the addresses of stock have a word: these come after those.
var vouchersRoutes = []route{
	{method: "GET", path: "/vouchers/find", right: staff.PrintVouchers, handle: findVouchers},
	{method: "GET", path: "/vouchers/:id", right: staff.PrintVouchers, handle: voucher},
	{method: "POST", path: "/vouchers/:id/credentials", right: staff.PrintVouchers, handle: voucherCredentials},
	{method: "GET", path: "/vouchers/:id/disable", right: staff.Vouchers, handle: disableVoucherForm},
	{method: "POST", path: "/vouchers/:id/disable", right: staff.Vouchers, confirm: confirmSwitchOff, handle: disableVoucher},
	{method: "GET", path: "/vouchers/:id/enable", right: staff.Vouchers, handle: enableVoucherForm},
	{method: "POST", path: "/vouchers/:id/enable", right: staff.Vouchers, confirm: confirmSwitchOn, handle: enableVoucher},
}
