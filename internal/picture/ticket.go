package picture

import (
	"image"
	"image/color"
)

// Ticket is the picture a customer saves and shows to a wallet: one large code
// and what a person needs to pay and to come back. Every text is written as it
// is handed in, in any language the Latin alphabet writes; empty ones leave no
// gap. Too long ones are written smaller, then cut with an ellipsis.
type Ticket struct {
	Payload    string // goes into the code
	Site       string // where the voucher works
	Merchant   string // name the wallet will show
	Amount     string // "Rp5.000"
	Until      string // "Bayar sebelum 14.32 WIB, 24 Nov"
	OrderLabel string // "Kode pesanan"
	OrderCode  string
	ClaimLabel string // "Kode klaim"
	ClaimCode  string
	URL        string // where the two codes are typed in
	Note       string // one more line, such as a test mark
}

// Geometry in pixels.
const (
	width  = 560
	margin = 24
)

// greys is the number of steps from paper to ink: four bits per pixel, enough
// for smooth letters.
const greys = 16

const (
	black = greys - 1
	grey  = greys - 5 // contrast above 7:1 on white
)

var palette = func() color.Palette {
	p := make(color.Palette, greys)
	for i := range p {
		p[i] = color.Gray{Y: uint8(255 - 255*i/(greys-1))}
	}
	return p
}()

// line is one row of text.
type line struct {
	style
	above int // pixels from the row before to this baseline
	text  string
}

// PNG draws the ticket: width 560, height by content. A payload that fits no
// code gives a fault of kind Invalid.
func (t Ticket) PNG() ([]byte, error) {
	m, err := encode(t.Payload, levelM)
	if err != nil {
		return nil, err
	}
	scale := min(max(width/m.side(), minScale), 2*maxScale)
	across := max(width, m.side()*scale)

	head := present(
		line{style{bold, 30, black}, 46, t.Site},
		line{style{regular, 22, grey}, 32, t.Merchant},
	)
	foot := present(
		line{style{bold, 48, black}, 44, t.Amount},
		line{style{regular, 24, black}, 40, t.Until},
	)
	codes := t.OrderCode != "" || t.ClaimCode != ""
	tail := present(
		line{style{regular, 22, black}, 46, t.URL},
		line{style{bold, 22, black}, 36, t.Note},
	)
	top := height(head)
	below := top + m.side()*scale
	middle := below + height(foot)
	end := middle
	if codes {
		end += codesHeight
	}
	img := image.NewPaletted(image.Rect(0, 0, across, end+height(tail)+margin), palette)
	rows(img, head, 0)
	m.draw(img.Pix, img.Stride, image.Pt((across-m.side()*scale)/2, top), scale, black)
	rows(img, foot, below)
	if codes {
		pair(img, t, middle)
	}
	rows(img, tail, end)
	return pack(img)
}

func present(lines ...line) (out []line) {
	for _, l := range lines {
		if l.text != "" {
			out = append(out, l)
		}
	}
	return out
}

func height(lines []line) (h int) {
	for _, l := range lines {
		h += l.above
	}
	return h
}

func rows(img *image.Paletted, lines []line, y int) {
	for _, l := range lines {
		y += l.above
		write(img, l.style, l.text, margin, img.Rect.Dx()-margin, y)
	}
}

// codesHeight is the room of the two codes: a rule, labels, codes.
const codesHeight = 110

// pair writes both codes side by side under a thin rule.
func pair(img *image.Paletted, t Ticket, y int) {
	w := img.Rect.Dx()
	for x := margin; x < w-margin; x++ {
		img.Pix[img.PixOffset(x, y+24)] = grey
	}
	columns := [][2]string{{t.OrderLabel, t.OrderCode}, {t.ClaimLabel, t.ClaimCode}}
	if t.OrderCode == "" || t.ClaimCode == "" {
		columns = [][2]string{{t.OrderLabel + t.ClaimLabel, t.OrderCode + t.ClaimCode}}
	}
	each := (w - 2*margin) / len(columns)
	for i, c := range columns {
		left := margin + i*each
		write(img, style{regular, 20, grey}, c[0], left+4, left+each-4, y+58)
		write(img, style{mono, 38, black}, c[1], left+4, left+each-4, y+100)
	}
}
