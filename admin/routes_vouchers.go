package admin

import "gerai/internal/staff"

var voucherRoutes = []route{
	{method: "GET", path: "/vouchers", right: staff.PrintVouchers, act: (*Door).vouchers},
	{method: "POST", path: "/vouchers/levels", right: staff.Vouchers, act: (*Door).setLevel},
	{method: "GET", path: "/vouchers/new", right: staff.Vouchers, act: (*Door).newBatchForm},
	{method: "POST", path: "/vouchers/new", right: staff.Vouchers, act: (*Door).newBatch},
	{method: "GET", path: "/vouchers/find", right: staff.PrintVouchers, act: (*Door).findVouchers},
	{method: "GET", path: "/vouchers/outlets", right: staff.Vouchers, act: (*Door).outlets},
	{method: "POST", path: "/vouchers/outlets", right: staff.Vouchers, act: (*Door).putOutlet},
	{method: "GET", path: "/vouchers/sell", right: staff.Sell, act: (*Door).sellStockForm},
	{method: "POST", path: "/vouchers/sell", right: staff.Sell, act: (*Door).sellStock},
	{method: "GET", path: "/vouchers/sales/:id", right: staff.Sell, act: (*Door).stockSale},
	{method: "GET", path: "/vouchers/print", right: staff.Vouchers, whole: true, act: (*Door).printStyleForm},
	{method: "POST", path: "/vouchers/print", right: staff.Vouchers, whole: true, act: (*Door).putPrintStyle},
	{method: "POST", path: "/vouchers/print/preview", right: staff.Vouchers, whole: true, act: (*Door).previewPrint},
	{method: "GET", path: "/vouchers/prints/:id", right: staff.PrintVouchers, act: (*Door).slips},
	{method: "GET", path: "/vouchers/batches/:id", right: staff.PrintVouchers, act: (*Door).batch},
	{method: "POST", path: "/vouchers/batches/:id/pause", right: staff.Vouchers, act: (*Door).pauseBatch},
	{method: "POST", path: "/vouchers/batches/:id/resume", right: staff.Vouchers, act: (*Door).resumeBatch},
	{method: "POST", path: "/vouchers/batches/:id/cancel", right: staff.Vouchers, act: (*Door).cancelBatch},
	{method: "POST", path: "/vouchers/batches/:id/assign", right: staff.Vouchers, act: (*Door).assignBatch},
	{method: "GET", path: "/vouchers/batches/:id/disable", right: staff.Vouchers, fresh: true, act: (*Door).disableBatchForm},
	{method: "POST", path: "/vouchers/batches/:id/disable", right: staff.Vouchers, sure: (*Door).askDisable, act: (*Door).disableBatch},
	{method: "GET", path: "/vouchers/batches/:id/print", right: staff.PrintVouchers, act: (*Door).printForm},
	{method: "POST", path: "/vouchers/batches/:id/print", right: staff.PrintVouchers, act: (*Door).printBatch},
}
