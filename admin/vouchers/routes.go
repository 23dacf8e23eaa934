package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// vouchersRoutes are for single vouchers. An id may stand where the addresses of stock have a word: these come after those.
var Routes = []web.Route{
	{Method: "GET", Path: "/vouchers/find", Right: staff.PrintVouchers, Handle: findVouchers},
	{Method: "GET", Path: "/vouchers/:id", Right: staff.PrintVouchers, Handle: voucherPage},
	{Method: "POST", Path: "/vouchers/:id/credentials", Right: staff.PrintVouchers, Handle: voucherCredentials},
	{Method: "GET", Path: "/vouchers/:id/disable", Right: staff.Vouchers, Handle: disableVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/disable", Right: staff.Vouchers, Confirm: confirmSwitchOff, Handle: disableVoucher},
	{Method: "GET", Path: "/vouchers/:id/enable", Right: staff.Vouchers, Handle: enableVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/enable", Right: staff.Vouchers, Confirm: confirmSwitchOn, Handle: enableVoucher},
}
