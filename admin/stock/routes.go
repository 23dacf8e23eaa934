package stock

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// stockRoutes are for batches, printing and outlets.
var Routes = []web.Route{
	{Method: "GET", Path: "/vouchers", Right: staff.PrintVouchers, Handle: vouchersPage},
	{Method: "POST", Path: "/vouchers/levels", Right: staff.Vouchers, Handle: setLevel},
	{Method: "GET", Path: "/vouchers/new", Right: staff.Vouchers, Handle: newBatchForm},
	{Method: "POST", Path: "/vouchers/new", Right: staff.Vouchers, Handle: newBatch},
	{Method: "GET", Path: "/vouchers/outlets", Right: staff.Vouchers, Handle: outlets},
	{Method: "POST", Path: "/vouchers/outlets", Right: staff.Vouchers, Handle: putOutlet},
	{Method: "GET", Path: "/vouchers/sell", Right: staff.Sell, Handle: sellStockForm},
	{Method: "POST", Path: "/vouchers/sell", Right: staff.Sell, Handle: sellStock},
	{Method: "GET", Path: "/vouchers/sales/:id", Right: staff.Sell, Handle: stockSale},
	{Method: "GET", Path: "/vouchers/print", Right: staff.Vouchers, AllSites: true, Handle: printStyleForm},
	{Method: "POST", Path: "/vouchers/print", Right: staff.Vouchers, AllSites: true, Handle: putPrintStyle},
	{Method: "POST", Path: "/vouchers/print/preview", Right: staff.Vouchers, AllSites: true, Handle: previewPrint},
	{Method: "GET", Path: "/vouchers/prints/:id", Right: staff.PrintVouchers, Heavy: true, Handle: sendVoucherPrint},
	{Method: "GET", Path: "/vouchers/batches/:id", Right: staff.PrintVouchers, Handle: batch},
	{Method: "POST", Path: "/vouchers/batches/:id/pause", Right: staff.Vouchers, Handle: pauseBatch},
	{Method: "POST", Path: "/vouchers/batches/:id/resume", Right: staff.Vouchers, Handle: resumeBatch},
	{Method: "POST", Path: "/vouchers/batches/:id/cancel", Right: staff.Vouchers, Handle: cancelBatch},
	{Method: "POST", Path: "/vouchers/batches/:id/assign", Right: staff.Vouchers, Handle: assignBatch},
	{Method: "GET", Path: "/vouchers/batches/:id/disable", Right: staff.Vouchers, Reauthenticate: true, Handle: disableBatchForm},
	{Method: "POST", Path: "/vouchers/batches/:id/disable", Right: staff.Vouchers, Confirm: confirmDisable, Handle: disableBatch},
	{Method: "GET", Path: "/vouchers/batches/:id/print", Right: staff.PrintVouchers, Handle: printForm},
	{Method: "POST", Path: "/vouchers/batches/:id/print", Right: staff.PrintVouchers, Heavy: true, Handle: printBatch},
}
