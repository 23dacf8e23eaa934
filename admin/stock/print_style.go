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

// previewPrint shows the style as typed and keeps nothing.
func previewPrint(k *web.Request) error {
	style := printStyle(k)
	if err := style.Validate(); err != nil {
		form, _ := k.Typed(err, "paper", "columns", "note")
		return showStyle(k, httpx.Status(err), style, form)
	}
	return showStyle(k, fiber.StatusOK, style, templates.Typed{})
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
