package stock

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/shop/stock"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// printAgain is how long a printing may be shown again by its address.
const printAgain = time.Hour

// sendVoucherPrint sends the sheet of a printing to the account that asked for it.
func sendVoucherPrint(k *web.Request) error {
	noted, err := k.Store.Print(k.AuditContext(), k.Params("id"))
	if err != nil {
		return err
	}
	if noted.StaffID != k.Principal.ID || noted.Format != stock.FormatPage || !clock.Within(noted.At, k.Clock.Now(), printAgain) {
		return store.ErrPrintNotFound
	}
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	x, vouchers, err := printed(k, p, noted)
	if err != nil {
		return err
	}
	page := templates.VoucherPrintPage{Panel: p, ID: x.batch.ID, Code: x.batch.Code}
	if page.Paper, err = x.sheet(vouchers); err != nil {
		return err
	}
	before, err := k.Store.Prints(k.AuditContext(), x.batch.ID, mostPrints)
	if err != nil {
		return err
	}
	for _, b := range before {
		page.Again = page.Again || b.At.Before(noted.At) && b.First <= noted.Last && b.Last >= noted.First
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// printed reads the vouchers of a printing: those of its numbers that are still
// unsold and on the router.
func printed(k *web.Request, p templates.Panel, noted store.Print) (voucherPrint, []store.Voucher, error) {
	b, err := k.Store.Batch(k.AuditContext(), noted.BatchID)
	if err == nil && !k.Principal.Serves(b.SiteID) {
		err = store.ErrPrintNotFound
	}
	if err != nil {
		return voucherPrint{}, nil, err
	}
	style, err := k.Store.PrintStyle(k.AuditContext())
	if err != nil {
		return voucherPrint{}, nil, err
	}
	x, err := newVoucherPrint(k, p, style, b)
	if err != nil {
		return x, nil, err
	}
	all, err := k.Store.BatchVouchers(k.AuditContext(), b.ID, noted.First, noted.Last, catalog.MaxBatch)
	out := all[:0]
	for _, v := range all {
		if voucher.MayPrint(v.Facts()) {
			out = append(out, v)
		}
	}
	return x, out, err
}
