package admin

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/stock"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// printForm asks which vouchers go onto which paper.
func printForm(k *request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return showPrint(k, fiber.StatusOK, b, templates.Typed{}, nonce())
}

// printBatch records the printing in the audit trail and sends the vouchers.
func printBatch(k *request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	if k.FormValue("format") == stock.FormatPDF {
		select {
		case k.printing <- struct{}{}:
			defer func() { <-k.printing }()
		default:
			return fault.TooOften("limit.export", time.Minute)
		}
	}
	in := stock.PrintIn{BatchID: b.ID, Format: k.FormValue("format"), Nonce: k.FormValue("nonce")}
	var noted store.Print
	if in.First, err = number(k, "first", "batch.range"); err == nil {
		if in.Last, err = number(k, "last", "batch.range"); err == nil {
			noted, err = k.Shop.Stock.NotePrint(k.ctx(), k.principal.AuditName(), in)
		}
	}
	if form, refused := k.typed(err, "first", "last", "format", "bom", "semicolon"); refused {
		return showPrint(k, httpx.Status(err), b, form, nonce())
	}
	if err != nil {
		return err
	}
	if noted.Format == stock.FormatPage {
		return k.seeOther("/vouchers/prints/" + noted.ID)
	}
	return sendFile(k, noted)
}

func showPrint(k *request, status int, b store.Batch, form templates.Typed, nonce string) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.PrintPage{Panel: p, ID: b.ID, Code: b.Code, Count: b.Count, First: 1, Last: min(b.Count, stock.MostOnPage), Nonce: nonce, CanStyle: k.principal.May(staff.Vouchers)}
	if no := k.QueryInt("no"); no >= 1 && no <= b.Count {
		page.First, page.Last = no, no
	}
	for _, f := range stock.Formats {
		page.Formats = append(page.Formats, templates.Choice{Value: f, Chosen: p.Picked("format", f, stock.FormatPage)})
	}
	before, err := k.Store.Prints(k.ctx(), b.ID, mostPrints)
	if err != nil {
		return err
	}
	if page.Times = len(before); page.Times > 0 {
		last := before[0]
		page.Again = &templates.PrintLine{At: last.At, By: named(last.Actor), First: last.First, Last: last.Last, Format: last.Format}
	}
	return k.send(status, p.Theme, page)
}

// attach makes the answer a file to save.
func attach(k *request, name, mediaType string, body []byte) error {
	k.Set(fiber.HeaderContentType, mediaType)
	k.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	return k.Send(body)
}
