package admin

import "gerai/internal/staff"

// stockRoutes are for batches, printing and outlets.
var stockRoutes = []route{
	{method: "GET", path: "/vouchers", right: staff.PrintVouchers, handle: vouchersPage},
	{method: "POST", path: "/vouchers/levels", right: staff.Vouchers, handle: setLevel},
	{method: "GET", path: "/vouchers/new", right: staff.Vouchers, handle: newBatchForm},
	{method: "POST", path: "/vouchers/new", right: staff.Vouchers, handle: newBatch},
	{method: "GET", path: "/vouchers/outlets", right: staff.Vouchers, handle: outlets},
	{method: "POST", path: "/vouchers/outlets", right: staff.Vouchers, handle: putOutlet},
	{method: "GET", path: "/vouchers/sell", right: staff.Sell, handle: sellStockForm},
	{method: "POST", path: "/vouchers/sell", right: staff.Sell, handle: sellStock},
	{method: "GET", path: "/vouchers/sales/:id", right: staff.Sell, handle: stockSale},
	{method: "GET", path: "/vouchers/print", right: staff.Vouchers, allSites: true, handle: printStyleForm},
	{method: "POST", path: "/vouchers/print", right: staff.Vouchers, allSites: true, handle: putPrintStyle},
	{method: "POST", path: "/vouchers/print/preview", right: staff.Vouchers, allSites: true, handle: previewPrint},
	{method: "GET", path: "/vouchers/prints/:id", right: staff.PrintVouchers, handle: sendVoucherPrint},
	{method: "GET", path: "/vouchers/batches/:id", right: staff.PrintVouchers, handle: batch},
	{method: "POST", path: "/vouchers/batches/:id/pause", right: staff.Vouchers, handle: pauseBatch},
	{method: "POST", path: "/vouchers/batches/:id/resume", right: staff.Vouchers, handle: resumeBatch},
	{method: "POST", path: "/vouchers/batches/:id/cancel", right: staff.Vouchers, handle: cancelBatch},
	{method: "POST", path: "/vouchers/batches/:id/assign", right: staff.Vouchers, handle: assignBatch},
	{method: "GET", path: "/vouchers/batches/:id/disable", right: staff.Vouchers, reauthenticate: true, handle: disableBatchForm},
	{method: "POST", path: "/vouchers/batches/:id/disable", right: staff.Vouchers, confirm: confirmDisable, handle: disableBatch},
	{method: "GET", path: "/vouchers/batches/:id/print", right: staff.PrintVouchers, handle: printForm},
	{method: "POST", path: "/vouchers/batches/:id/print", right: staff.PrintVouchers, handle: printBatch},
}
