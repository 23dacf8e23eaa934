package admin

import (
	"bytes"
	"fmt"
	"iter"

	"gerai/internal/catalog"
	"gerai/internal/paper"
	"gerai/internal/picture"
	"gerai/internal/shop"
	"gerai/internal/store"
	"gerai/templates"
)

// sendFile answers with the vouchers of a printing as a file.
func (d *Door) sendFile(k *desk, noted store.Print) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	x, vouchers, err := d.printed(k, p, noted)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("voucher-%s-%d-%d.%s", x.batch.Code, noted.First, noted.Last, noted.Format)
	var b bytes.Buffer
	switch noted.Format {
	case shop.FormatPDF:
		err = paper.PDF(&b, x.paper(noted), x.slips(vouchers))
		return k.done(err, name, "application/pdf", &b)
	case shop.FormatXLSX:
		err = paper.XLSX(&b, x.header(), x.cells(vouchers))
		return k.done(err, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &b)
	}
	err = paper.CSV(&b, paper.Dialect{BOM: k.FormValue("bom") == "1", Semicolon: k.FormValue("semicolon") == "1"}, x.header(), x.texts(vouchers))
	return k.done(err, name, "text/csv; charset=utf-8", &b)
}

func (k *desk) done(err error, name, mediaType string, b *bytes.Buffer) error {
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return k.attach(name, mediaType, b.Bytes())
}

var rolls = map[string]float64{catalog.Paper58: 58, catalog.Paper80: 80}

// paper is what all slips of the document share.
func (x press) paper(noted store.Print) paper.Sheet {
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

func (x press) slips(vouchers []store.Voucher) iter.Seq2[paper.Slip, error] {
	return func(yield func(paper.Slip, error) bool) {
		for _, v := range vouchers {
			s := paper.Slip{Lines: x.lines}
			if x.style.Serial {
				s.Serial = serial(x.batch, v)
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

func (x press) header() []string {
	out := []string{}
	for _, key := range []string{"adm.sheet.serial", "adm.sheet.user", "adm.sheet.password", "adm.sheet.plan", "adm.sheet.price", "adm.sheet.validity", "adm.sheet.site", "adm.sheet.link"} {
		out = append(out, x.p.T(key))
	}
	return out
}

// cells are a voucher's row; the price is a number.
func (x press) cells(vouchers []store.Voucher) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, v := range vouchers {
			if !yield([]any{serial(x.batch, v), v.Username, v.Password, x.batch.Item.Name, int64(x.batch.Item.Price), validity(x.p, x.batch), x.site.Name, x.site.LoginLink(v.Username, v.Password)}, nil) {
				return
			}
		}
	}
}

func (x press) texts(vouchers []store.Voucher) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for row, err := range x.cells(vouchers) {
			out := make([]string, len(row))
			for i, cell := range row {
				out[i] = fmt.Sprint(cell)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

func validity(p templates.Panel, b store.Batch) string {
	if b.Item.Validity == 0 {
		return ""
	}
	return p.Span(b.Item.Validity)
}
