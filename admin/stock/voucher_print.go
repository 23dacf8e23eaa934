package stock

import (
	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/picture"
	"gerai/internal/store"
	"gerai/templates"
)

// voucherPrint turns vouchers of one batch into what is printed.
type voucherPrint struct {
	p     templates.Panel
	style catalog.PrintStyle
	site  catalog.Site
	batch store.Batch
	lines []string // the same on each
}

func newVoucherPrint(k *web.Request, p templates.Panel, style catalog.PrintStyle, b store.Batch) (voucherPrint, error) {
	site, err := k.Store.Site(k.AuditContext(), b.SiteID)
	return voucherPrint{p: p, style: style, site: site, batch: b, lines: voucherPrintLines(p, style, b)}, err
}

// voucherPrintLines say what a voucher of the batch is worth.
func voucherPrintLines(p templates.Panel, style catalog.PrintStyle, b store.Batch) (out []string) {
	add := func(on bool, line string) {
		if on && line != "" {
			out = append(out, line)
		}
	}
	item := b.Item
	add(style.Plan, item.Name)
	add(style.Price, item.Price.String())
	if item.Validity > 0 {
		add(style.Validity, p.T("stock.voucher_print.validity", "span", p.Span(item.Validity)))
	}
	if item.UptimeLimit > 0 {
		add(style.Limits, p.T("stock.voucher_print.uptime", "span", p.Hours(item.UptimeLimit)))
	}
	if item.DataLimit > 0 {
		add(style.Limits, p.Data(item.DataLimit))
	}
	add(style.Limits, p.Speed(item.RateLimit))
	return out
}

// codes are what the customer types.
func (x voucherPrint) codes(v store.Voucher) []templates.PrintedCode {
	if v.Username == v.Password {
		return []templates.PrintedCode{{Label: x.p.T("stock.voucher_print.code"), Text: v.Username}}
	}
	return []templates.PrintedCode{{Label: x.p.T("stock.voucher_print.user"), Text: v.Username}, {Label: x.p.T("stock.voucher_print.password"), Text: v.Password}}
}

// link is what a voucher's QR code says, "" where it has none.
func (x voucherPrint) link(v store.Voucher) string {
	if !x.style.QR {
		return ""
	}
	return x.site.LoginLink(v.Username, v.Password)
}

// address is the login page in words.
func (x voucherPrint) address() string {
	if !x.style.Link || x.site.LoginHost() == "" {
		return ""
	}
	return "http://" + x.site.LoginHost()
}

// sheet is the vouchers as a page shows them.
func (x voucherPrint) sheet(vouchers []store.Voucher) (templates.VoucherPrint, error) {
	out := templates.VoucherPrint{Label: x.p.T("stock.voucher_print.sheet"), Style: x.style, Brand: x.p.Brand().Name, Logo: x.p.Theme.LogoPath, Site: x.site.Name, Link: x.address()}
	for _, v := range vouchers {
		s := templates.PrintedVoucher{Serial: web.Serial(x.batch, v), Codes: x.codes(v), Lines: x.lines}
		if link := x.link(v); link != "" {
			var err error
			if s.Side, s.Path, err = picture.Path(link); err != nil {
				return out, err
			}
		}
		out.Vouchers = append(out.Vouchers, s)
	}
	return out, nil
}
