package stock

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/templates"
)

// previewPrint shows the style as typed and keeps nothing.
func previewPrint(k *web.Request) error {
	style := printStyle(k)
	if err := style.Validate(); err != nil {
		form, _ := k.Typed(err, "paper", "columns", "note")
		return showStyle(k, httpx.Status(err), style, form)
	}
	return showStyle(k, fiber.StatusOK, style, templates.Typed{})
}

// sampleCodes are vouchers that no router knows.
var sampleCodes = []string{"k7m2pqr4", "h3xw9bte", "v8nc4ydz", "g5rm7sfk"}

// samplePrint is a sheet of the account's first plan with codes that open nothing.
func samplePrint(k *web.Request, p templates.Panel, style catalog.PrintStyle) (templates.VoucherPrint, error) {
	b := store.Batch{Code: "K7M4XQ", Item: order.Item{Name: "…", Price: 5000}}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return templates.VoucherPrint{}, err
	}
	for _, s := range sites {
		if !k.Principal.Serves(s.ID) {
			continue
		}
		plans, err := k.Store.Plans(k.AuditContext(), s.ID)
		if err != nil {
			return templates.VoucherPrint{}, err
		}
		if b.SiteID = s.ID; len(plans) > 0 {
			b.Item = plans[0].Item(s)
			break
		}
	}
	x := voucherPrint{p: p, style: style, batch: b, lines: voucherPrintLines(p, style, b)}
	if b.SiteID != "" {
		if x, err = newVoucherPrint(k, p, style, b); err != nil {
			return templates.VoucherPrint{}, err
		}
	}
	var vouchers []store.Voucher
	for i, code := range sampleCodes[:max(min(style.Across(), len(sampleCodes)), 2)] {
		vouchers = append(vouchers, store.Voucher{Username: code, Password: code, No: i + 1})
	}
	return x.sheet(vouchers)
}
