package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// vouchersRoutes are for single vouchers. An id may stand where the addresses of stock have a word: these come after those.
var Routes = []web.Route{
	{Method: "GET", Path: "/online", Right: staff.Kick, Handle: onlinePage},
	{Method: "POST", Path: "/online/:id/kick", Right: staff.Kick, Handle: endDevice},
	{Method: "GET", Path: "/bans", Right: staff.BanDevices, Handle: bansPage},
	{Method: "POST", Path: "/bans/:id/lift", Right: staff.BanDevices, Handle: liftBan},
	{Method: "GET", Path: "/bans/:site/:mac", Right: staff.BanDevices, Reauthenticate: true, Handle: banForm},
	{Method: "POST", Path: "/bans/:site/:mac", Right: staff.BanDevices, Confirm: confirmBan, Handle: banDevice},
	{Method: "GET", Path: "/compensations", Right: staff.Vouchers, Handle: compensationsPage},
	{Method: "GET", Path: "/compensations/:site", Right: staff.Vouchers, Handle: compensateForm},
	{Method: "POST", Path: "/compensations/:site", Right: staff.Vouchers, Confirm: confirmCompensation, Handle: compensate},
	{Method: "GET", Path: "/vouchers/find", Right: staff.SeeVouchers, Handle: findVouchers},
	{Method: "GET", Path: "/vouchers/:id", Right: staff.SeeVouchers, Handle: voucherPage},
	{Method: "POST", Path: "/vouchers/:id/credentials", Right: staff.PrintVouchers, Handle: voucherCredentials},
	{Method: "GET", Path: "/vouchers/:id/restore", Right: staff.SeeVouchers, Handle: restoreVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/restore", Right: staff.SeeVouchers, Confirm: confirmRestore, Handle: restoreVoucher},
	{Method: "GET", Path: "/vouchers/:id/disable", Right: staff.Vouchers, Handle: disableVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/disable", Right: staff.Vouchers, Confirm: confirmSwitchOff, Handle: disableVoucher},
	{Method: "GET", Path: "/vouchers/:id/enable", Right: staff.Vouchers, Handle: enableVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/enable", Right: staff.Vouchers, Confirm: confirmSwitchOn, Handle: enableVoucher},
	{Method: "GET", Path: "/vouchers/:id/suspend", Right: staff.HoldVouchers, Handle: suspendVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/suspend", Right: staff.HoldVouchers, Confirm: confirmSuspend, Handle: suspendVoucher},
	{Method: "GET", Path: "/vouchers/:id/unsuspend", Right: staff.HoldVouchers, Handle: unsuspendVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/unsuspend", Right: staff.HoldVouchers, Confirm: confirmUnsuspend, Handle: unsuspendVoucher},
	{Method: "GET", Path: "/vouchers/:id/extend", Right: staff.Vouchers, Handle: extendVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/extend", Right: staff.Vouchers, Confirm: confirmExtend, Handle: extendVoucher},
	{Method: "GET", Path: "/vouchers/:id/move", Right: staff.HoldVouchers, Handle: moveVoucherForm},
	{Method: "POST", Path: "/vouchers/:id/move", Right: staff.HoldVouchers, Confirm: confirmMove, Handle: moveVoucher},
}
