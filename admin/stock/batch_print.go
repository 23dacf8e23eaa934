package stock

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/shop/stock"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// printForm asks which vouchers go onto which paper.
func printForm(k *web.Request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return showPrint(k, fiber.StatusOK, b, templates.Typed{}, web.Nonce())
}

// printBatch records the printing in the audit trail and sends the vouchers.
func printBatch(k *web.Request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	in := stock.PrintIn{BatchID: b.ID, Format: k.FormValue("format"), Nonce: k.FormValue("nonce")}
	var noted store.Print
	if in.First, err = web.Number(k, "first", "batch.range"); err == nil {
		if in.Last, err = web.Number(k, "last", "batch.range"); err == nil {
			noted, err = k.Shop.Stock.NotePrint(k.AuditContext(), k.Principal.Actor(), in)
		}
	}
	if form, refused := k.Typed(err, "first", "last", "format", "bom", "semicolon"); refused {
		return showPrint(k, httpx.Status(err), b, form, web.Nonce())
	}
	if err != nil {
		return err
	}
	if noted.Format == stock.FormatPage {
		return k.SeeOther("/vouchers/prints/" + noted.ID)
	}
	return sendFile(k, noted)
}

func showPrint(k *web.Request, status int, b store.Batch, form templates.Typed, nonce string) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.PrintPage{Panel: p, ID: b.ID, Code: b.Code, Count: b.Count, First: 1, Last: min(b.Count, stock.MostOnPage), Nonce: nonce, CanStyle: k.Principal.May(staff.Vouchers)}
	if no := k.QueryInt("no"); no >= 1 && no <= b.Count {
		page.First, page.Last = no, no
	}
	for _, f := range stock.Formats {
		page.Formats = append(page.Formats, templates.Choice{Value: f, Chosen: p.Picked("format", f, stock.FormatPage)})
	}
	before, err := k.Store.Prints(k.AuditContext(), b.ID, mostPrints)
	if err != nil {
		return err
	}
	if page.Times = len(before); page.Times > 0 {
		last := before[0]
		page.Again = &templates.PrintLine{At: last.At, By: web.Named(last.Actor), First: last.First, Last: last.Last, Format: last.Format}
	}
	return k.SendPage(status, p.Theme, page)
}
