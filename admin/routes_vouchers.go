package admin

import "gerai/internal/staff"

var voucherRoutes = []route{
	{method: "GET", path: "/vouchers", right: staff.PrintVouchers, handle: (*Handler).vouchers},
	{method: "POST", path: "/vouchers/levels", right: staff.Vouchers, handle: (*Handler).setLevel},
	{method: "GET", path: "/vouchers/new", right: staff.Vouchers, handle: (*Handler).newBatchForm},
	{method: "POST", path: "/vouchers/new", right: staff.Vouchers, handle: (*Handler).newBatch},
	{method: "GET", path: "/vouchers/find", right: staff.PrintVouchers, handle: (*Handler).findVouchers},
	{method: "GET", path: "/vouchers/outlets", right: staff.Vouchers, handle: (*Handler).outlets},
	{method: "POST", path: "/vouchers/outlets", right: staff.Vouchers, handle: (*Handler).putOutlet},
	{method: "GET", path: "/vouchers/sell", right: staff.Sell, handle: (*Handler).sellStockForm},
	{method: "POST", path: "/vouchers/sell", right: staff.Sell, handle: (*Handler).sellStock},
	{method: "GET", path: "/vouchers/sales/:id", right: staff.Sell, handle: (*Handler).stockSale},
	{method: "GET", path: "/vouchers/print", right: staff.Vouchers, allSites: true, handle: (*Handler).printStyleForm},
	{method: "POST", path: "/vouchers/print", right: staff.Vouchers, allSites: true, handle: (*Handler).putPrintStyle},
	{method: "POST", path: "/vouchers/print/preview", right: staff.Vouchers, allSites: true, handle: (*Handler).previewPrint},
	{method: "GET", path: "/vouchers/prints/:id", right: staff.PrintVouchers, handle: (*Handler).sendVoucherPrint},
	{method: "GET", path: "/vouchers/batches/:id", right: staff.PrintVouchers, handle: (*Handler).batch},
	{method: "POST", path: "/vouchers/batches/:id/pause", right: staff.Vouchers, handle: (*Handler).pauseBatch},
	{method: "POST", path: "/vouchers/batches/:id/resume", right: staff.Vouchers, handle: (*Handler).resumeBatch},
	{method: "POST", path: "/vouchers/batches/:id/cancel", right: staff.Vouchers, handle: (*Handler).cancelBatch},
	{method: "POST", path: "/vouchers/batches/:id/assign", right: staff.Vouchers, handle: (*Handler).assignBatch},
	{method: "GET", path: "/vouchers/batches/:id/disable", right: staff.Vouchers, reauthenticate: true, handle: (*Handler).disableBatchForm},
	{method: "POST", path: "/vouchers/batches/:id/disable", right: staff.Vouchers, confirm: (*Handler).confirmDisable, handle: (*Handler).disableBatch},
	{method: "GET", path: "/vouchers/batches/:id/print", right: staff.PrintVouchers, handle: (*Handler).printForm},
	{method: "POST", path: "/vouchers/batches/:id/print", right: staff.PrintVouchers, handle: (*Handler).printBatch},
}
