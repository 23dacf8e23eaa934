package stock

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/templates"
)

// stockSale shows a sold voucher to the account that sold it.
func stockSale(k *web.Request) error {
	o, v, err := k.Shop.Counter.ShowSale(k.AuditContext(), k.Actor(), k.Principal.Sites, k.Viewer(), order.ID(k.Params("id")))
	if err != nil {
		return err
	}
	b, err := k.Store.Batch(k.AuditContext(), v.BatchID)
	if err != nil {
		return err
	}
	p, err := k.Panel("sell")
	if err != nil {
		return err
	}
	style, err := k.Store.PrintStyle(k.AuditContext())
	if err != nil {
		return err
	}
	if style.Paper == catalog.PaperA4 { // one voucher is a receipt
		style.Paper = catalog.Paper80
	}
	press, err := newVoucherPrint(k, p, style, b)
	if err != nil {
		return err
	}
	page := templates.StockSalePage{Panel: p, Order: o, Until: v.ValidUntil}
	if page.Paper, err = press.sheet([]store.Voucher{v}); err != nil {
		return err
	}
	taken, err := k.Store.CounterPayments(k.AuditContext(), o.ID)
	if err != nil {
		return err
	}
	for _, c := range taken {
		page.Cash, page.Claim, page.Change = c.Method == payments.Cash, c.ConfirmedAt.IsZero(), c.Given-c.Amount
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
