package stock

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/templates"
)

// printStyleForm shows how printed vouchers look.
func printStyleForm(k *web.Request) error {
	style, err := k.Store.PrintStyle(k.AuditContext())
	if err != nil {
		return err
	}
	return showStyle(k, fiber.StatusOK, style, templates.Typed{})
}

// putPrintStyle changes how printed vouchers look.
func putPrintStyle(k *web.Request) error {
	style := printStyle(k)
	err := k.Shop.Stock.PutPrintStyle(k.AuditContext(), k.Principal.Actor(), style)
	if form, refused := k.Typed(err, "paper", "columns", "note"); refused {
		return showStyle(k, httpx.Status(err), style, form)
	}
	return k.Back("/vouchers/print", "print.style", err)
}

// printStyle reads the form.
func printStyle(k *web.Request) catalog.PrintStyle {
	columns, err := web.Number(k, "columns", "print.columns")
	if err != nil {
		columns = 0 // refused by Validate
	}
	style := catalog.PrintStyle{Paper: k.FormValue("paper"), Columns: columns, Note: k.FormValue("note")}
	for name, part := range styleParts(&style) {
		*part = k.FormValue(name) == "1"
	}
	return style
}

// styleNames lists the parts in the order of the form.
var styleNames = []string{"border", "logo", "brand", "site", "plan", "price", "validity", "limits", "serial", "link", "qr"}

func styleParts(s *catalog.PrintStyle) map[string]*bool {
	return map[string]*bool{"border": &s.Border, "logo": &s.Logo, "brand": &s.Brand, "site": &s.Site, "plan": &s.Plan, "price": &s.Price,
		"validity": &s.Validity, "limits": &s.Limits, "serial": &s.Serial, "link": &s.Link, "qr": &s.QR}
}

func showStyle(k *web.Request, status int, style catalog.PrintStyle, form templates.Typed) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.PrintStylePage{Panel: p, Style: style}
	for _, x := range catalog.Papers {
		page.Papers = append(page.Papers, templates.Choice{Value: x, Chosen: x == style.Paper})
	}
	parts := styleParts(&style)
	for _, name := range styleNames {
		page.Parts = append(page.Parts, templates.Choice{Value: name, Chosen: *parts[name]})
	}
	if style.Validate() != nil {
		style = catalog.DefaultPrint // a preview of nonsense is none
	}
	if page.Paper, err = samplePrint(k, p, style); err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, page)
}
