package paper

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"iter"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	_ "golang.org/x/image/webp" // a logo may be one; PDF knows PNG and JPEG only
	_ "image/jpeg"

	"gerai/internal/glyph"
)

// Voucher is one printed voucher. Empty parts leave no gap.
type Voucher struct {
	Serial string
	Codes  []Code   // one for "user name is password", two otherwise
	Lines  []string // plan, price, validity, limits
	QR     []byte   // PNG
}

// Code is a code to type, and what it is.
type Code struct{ Label, Text string }

// Sheet is what all vouchers of a document share.
type Sheet struct {
	Title  string
	Across int     // vouchers side by side on A4
	Roll   float64 // paper width in millimetres; 0 is A4
	Border bool
	Logo   []byte
	Brand  string
	Site   string
	Link   string
	Note   string
	QR     bool // vouchers have a code: leave room for it
	Made   time.Time
}

const (
	a4Width, a4Height = 210.0, 297.0
	margin            = 8.0
	rollMargin        = 4.0
	pad               = 1.5
)

// PDF writes the vouchers. The document is kept in memory, some two kilobytes for each
// voucher. Errors: the sequence's own, a picture that is none.
func PDF(w io.Writer, s Sheet, slips iter.Seq2[Voucher, error]) error {
	p := &printer{Sheet: s.printable(), pdf: fpdf.New("P", "mm", "A4", "")}
	p.open()
	for slip, err := range slips {
		if err != nil {
			return err
		}
		p.place(slip.printable())
	}
	if p.placed == 0 {
		p.pdf.AddPage()
	}
	if err := p.pdf.Output(w); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// printable replaces what the embedded fonts cannot draw. Texts are checked when
// they are saved; older ones and those of a router may hold anything, and the
// writer of the document panics beyond the sixteenth bit.
func (s Sheet) printable() Sheet {
	for _, text := range []*string{&s.Title, &s.Brand, &s.Site, &s.Link, &s.Note} {
		*text = glyph.Printable(*text)
	}
	return s
}

func (s Voucher) printable() Voucher {
	s.Serial = glyph.Printable(s.Serial)
	codes, lines := make([]Code, len(s.Codes)), make([]string, len(s.Lines))
	for i, c := range s.Codes {
		codes[i] = Code{Label: glyph.Printable(c.Label), Text: glyph.Printable(c.Text)}
	}
	for i, line := range s.Lines {
		lines[i] = glyph.Printable(line)
	}
	s.Codes, s.Lines = codes, lines
	return s
}

// printer is one document being written.
type printer struct {
	Sheet
	pdf    *fpdf.Fpdf
	placed int
	logo   float64 // width of the logo for each millimetre of its height; 0 without
	x, y   float64 // of the current voucher
	bottom float64 // of the row
}

func (p *printer) open() {
	p.pdf.SetTitle(p.Title, true)
	p.pdf.SetCreationDate(p.Made)
	p.pdf.SetModificationDate(p.Made)
	p.pdf.SetCatalogSort(true)
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.SetMargins(0, 0, 0)
	p.pdf.SetCellMargin(0)
	p.pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.pdf.AddUTF8FontFromBytes("mono", "B", gomonobold.TTF)
	p.pdf.SetDrawColor(150, 150, 150)
	p.pdf.SetLineWidth(0.2)
	if p.Across < 1 || p.Roll > 0 {
		p.Across = 1
	}
	if logo, ratio := asPNG(p.Logo); ratio > 0 {
		p.pdf.RegisterImageOptionsReader("logo", fpdf.ImageOptions{ImageType: "png"}, bytes.NewReader(logo))
		p.logo = ratio
	}
}

// asPNG turns a logo of any kind into a PNG that PDF can hold; ratio is 0 for
// what is no picture.
func asPNG(raw []byte) (out []byte, ratio float64) {
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Dy() == 0 {
		return nil, 0
	}
	var b bytes.Buffer
	if png.Encode(&b, img) != nil {
		return nil, 0
	}
	return b.Bytes(), float64(img.Bounds().Dx()) / float64(img.Bounds().Dy())
}

// width of a voucher, padding included.
func (p *printer) width() float64 {
	if p.Roll > 0 {
		return p.Roll - 2*rollMargin
	}
	return (a4Width - 2*margin) / float64(p.Across)
}

// place puts the next voucher where it belongs.
func (p *printer) place(s Voucher) {
	height := p.layout(s, false)
	column := p.placed % p.Across
	switch {
	case p.Roll > 0:
		p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: p.Roll, Ht: height + 2*rollMargin})
		p.x, p.y = rollMargin, rollMargin
	case column > 0:
		p.x += p.width()
	default:
		p.x, p.y = margin, p.bottom
		if p.placed == 0 || p.y+height > a4Height-margin {
			p.pdf.AddPage()
			p.y = margin
		}
		p.bottom = p.y
	}
	p.layout(s, true)
	if p.Border {
		p.pdf.Rect(p.x, p.y, p.width(), height, "D")
	}
	p.bottom = max(p.bottom, p.y+height)
	p.placed++
}

// layout measures a voucher, or draws it; both walk the same way.
func (p *printer) layout(s Voucher, draw bool) float64 {
	inner := p.width() - 2*pad
	c := &cursor{p: p, draw: draw, left: p.x + pad, y: p.y + pad, width: inner}
	c.head(s.Serial)
	for _, code := range s.Codes {
		c.code(code)
	}
	if p.Roll > 0 {
		for _, line := range s.Lines {
			c.line(line, 8, "", "C")
		}
		if p.QR {
			c.picture(s, 26, (inner-26)/2)
			c.y += 27
		}
	} else {
		c.block(s)
	}
	c.line(p.Link, 6.5, "", "C")
	c.note(p.Note)
	return c.y + pad - p.y
}

// cursor walks down one voucher.
type cursor struct {
	p              *printer
	draw           bool
	left, y, width float64
}

const mm = 25.4 / 72 // of a point

// line writes one line, smaller where it would not fit, and goes below it.
func (c *cursor) line(text string, size float64, style, align string) {
	if text == "" {
		return
	}
	c.text(text, c.left, c.y, c.width, "go", style, size, align)
	c.y += size * mm * 1.25
}

// note wraps the operator's words over a few lines.
func (c *cursor) note(text string) {
	const size, most = 6, 3
	if text == "" {
		return
	}
	c.p.pdf.SetFont("go", "", size)
	lines := c.p.pdf.SplitText(text, c.width)
	for _, line := range lines[:min(len(lines), most)] {
		c.line(line, size, "", "C")
	}
}

func (c *cursor) text(text string, x, y, width float64, font, style string, size float64, align string) {
	if !c.draw {
		return
	}
	f := c.p.pdf
	f.SetFont(font, style, size)
	if w := f.GetStringWidth(text); w > width {
		size = max(size*width/w, 3)
		f.SetFontSize(size)
	}
	for r := []rune(text); f.GetStringWidth(text) > width && len(r) > 1; {
		r = r[:len(r)-1]
		text = string(r) + "…"
	}
	f.SetXY(x, y)
	f.CellFormat(width, size*mm*1.2, text, "", 0, align, false, 0, "")
}

// head is logo, brand and site on the left and the number on the right.
func (c *cursor) head(serial string) {
	left, width := c.left, c.width
	if c.p.logo > 0 {
		w := min(5*c.p.logo, width/3)
		if c.draw {
			c.p.pdf.ImageOptions("logo", left, c.y, w, w/c.p.logo, false, fpdf.ImageOptions{}, 0, "")
		}
		left, width = left+w+1, width-w-1
	}
	if serial != "" {
		c.text(serial, left, c.y, width, "go", "", 6.5, "R")
		width *= 0.75
	}
	top := c.y
	if c.p.Brand != "" {
		c.text(c.p.Brand, left, c.y, width, "go", "B", 8, "L")
		c.y += 8 * mm * 1.25
	}
	if c.p.Site != "" {
		c.text(c.p.Site, left, c.y, width, "go", "", 6.5, "L")
		c.y += 6.5 * mm * 1.25
	}
	if c.p.logo > 0 {
		c.y = max(c.y, top+5.5)
	} else if serial != "" {
		c.y = max(c.y, top+6.5*mm*1.25)
	}
}

// code is what the customer types: large, in letters that cannot be mistaken.
func (c *cursor) code(code Code) {
	if code.Label != "" {
		c.line(code.Label, 6, "", "C")
	}
	c.text(code.Text, c.left, c.y, c.width, "mono", "B", 14, "C")
	c.y += 14 * mm * 1.3
}

// block is the picture with the lines beside it.
func (c *cursor) block(s Voucher) {
	const side = 16.0
	top, left, width := c.y, c.left, c.width
	if c.p.QR {
		c.picture(s, side, 0)
		c.left, c.width = left+side+1, width-side-1
		c.y += (side - float64(len(s.Lines))*7*mm*1.25) / 2
	}
	for _, line := range s.Lines {
		c.line(line, 7, "", "L")
	}
	c.left, c.width = left, width
	if c.p.QR {
		c.y = max(c.y, top+side)
	}
	c.y += 0.5
}

func (c *cursor) picture(s Voucher, side, right float64) {
	if !c.draw || len(s.QR) == 0 {
		return
	}
	name := "q" + strconv.Itoa(c.p.placed)
	if c.p.pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "png"}, bytes.NewReader(s.QR)) == nil {
		c.p.pdf.SetError(errors.New("a code is no picture"))
		return
	}
	c.p.pdf.ImageOptions(name, c.left+right, c.y, side, side, false, fpdf.ImageOptions{}, 0, "")
}
