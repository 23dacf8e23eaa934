package stock

import (
	"bytes"
	"fmt"
	"iter"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/paper"
	"gerai/internal/picture"
	"gerai/internal/sheet"
	"gerai/internal/shop/stock"
	"gerai/internal/store"
	"gerai/templates"
)

// sendFile answers with the vouchers of a printing as a file.
func sendFile(k *web.Request, noted store.Print) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	x, vouchers, err := printed(k, p, noted)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("voucher-%s-%d-%d.%s", x.batch.Code, noted.First, noted.Last, noted.Format)
	var b bytes.Buffer
	if noted.Format == stock.FormatPDF {
		err = paper.PDF(&b, x.paper(noted), x.vouchers(vouchers))
		return web.Done(k, err, name, "application/pdf", &b)
	}
	o := sheet.Options{Format: sheet.Format(noted.Format), Name: "Voucher", Mark: k.FormValue("bom") == "1", Semicolon: k.FormValue("semicolon") == "1"}
	return web.Done(k, x.table(&b, o, vouchers), name, sheet.Types[o.Format], &b)
}

var rolls = map[string]float64{catalog.Paper58: 58, catalog.Paper80: 80}

// paper is what all vouchers of the document share.
func (x voucherPrint) paper(noted store.Print) paper.Sheet {
	s := paper.Sheet{Title: "voucher-" + x.batch.Code, Across: x.style.Across(), Roll: rolls[x.style.Paper], Border: x.style.Border, Link: x.address(), Note: x.style.Note,
		QR: x.style.QR && x.site.LoginHost() != "", Made: noted.At}
	if x.style.Brand {
		s.Brand = x.p.Brand().Name
	}
	if x.style.Site {
		s.Site = x.site.Name
	}
	if x.style.Logo {
		s.Logo = x.p.Brand().Logo
	}
	return s
}

func (x voucherPrint) vouchers(vouchers []store.Voucher) iter.Seq2[paper.Voucher, error] {
	return func(yield func(paper.Voucher, error) bool) {
		for _, v := range vouchers {
			s := paper.Voucher{Lines: x.lines}
			if x.style.Serial {
				s.Serial = web.Serial(x.batch, v)
			}
			for _, c := range x.codes(v) {
				s.Codes = append(s.Codes, paper.Code(c))
			}
			var err error
			if link := x.link(v); link != "" {
				s.QR, err = picture.Dots(link)
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// table writes a voucher in each row; the price is a number.
func (x voucherPrint) table(b *bytes.Buffer, o sheet.Options, vouchers []store.Voucher) error {
	w, err := sheet.New(b, o)
	if err != nil {
		return err
	}
	head := []any{}
	for _, key := range []string{"stock.sheet.serial", "stock.sheet.user", "stock.sheet.password", "stock.sheet.plan", "stock.sheet.price", "stock.sheet.validity", "stock.sheet.site", "stock.sheet.link"} {
		head = append(head, x.p.T(key))
	}
	if err := w.Row(head...); err != nil {
		return err
	}
	for _, v := range vouchers {
		if err := w.Row(web.Serial(x.batch, v), sheet.Text(v.Username), sheet.Text(v.Password), x.batch.Item.Name, x.batch.Item.Price, validity(x.p, x.batch), x.site.Name, x.site.LoginLink(v.Username, v.Password)); err != nil {
			return err
		}
	}
	return w.Close()
}

func validity(p templates.Panel, b store.Batch) string {
	if b.Item.Validity == 0 {
		return ""
	}
	return p.Span(b.Item.Validity)
}
