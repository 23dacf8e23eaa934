package picture

import (
	"image"
	"image/color"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

const (
	// quiet is the empty frame in modules that ISO/IEC 18004 asks for.
	quiet = 4
	// Phones scan and re-compress saved pictures: a module below four pixels
	// does not survive, above eight it only costs bytes.
	minScale, maxScale = 4, 8
	// qrWidth is what a code should roughly fill: a phone's width.
	qrWidth = 480
)

// QR returns the payload as a black and white PNG, error correction level M,
// with its quiet zone, every module a square of the same whole number of
// pixels. A payload that fits no code gives a fault of kind Invalid.
func QR(payload string) ([]byte, error) {
	m, err := encode(payload, levelM)
	if err != nil {
		return nil, err
	}
	scale := min(max(qrWidth/m.side(), minScale), maxScale)
	return m.png(scale)
}

const (
	// signSize is version 4: with 33 modules a code printed 25 mm wide still
	// has modules of 0.6 mm, which every phone reads from a step away.
	signSize  = 33
	signScale = 12
)

// Sign returns a code for print, as QR does. It takes the strongest error
// correction, Q at best, that keeps it at version 4 or below, because signs
// get dirty and creased but must stay coarse; a longer payload gets Q.
func Sign(payload string) ([]byte, error) {
	for _, level := range []decoder.ErrorCorrectionLevel{levelQ, levelM, levelL} {
		if m, err := encode(payload, level); err == nil && m.size <= signSize {
			return m.png(signScale)
		}
	}
	m, err := encode(payload, levelQ)
	if err != nil {
		return nil, err
	}
	return m.png(signScale)
}

// png draws the code alone, in two colours.
func (m modules) png(scale int) ([]byte, error) {
	img := image.NewPaletted(image.Rect(0, 0, m.side()*scale, m.side()*scale), color.Palette{color.White, color.Black})
	m.draw(img.Pix, img.Stride, image.Point{}, scale, 1)
	return pack(img)
}

// side is the width with the quiet zone, in modules.
func (m modules) side() int { return m.size + 2*quiet }

// draw paints the dark modules; at is the corner of the quiet zone, which must
// be light already.
func (m modules) draw(pix []uint8, stride int, at image.Point, scale int, ink uint8) {
	for y := range m.size {
		top := (at.Y+(y+quiet)*scale)*stride + at.X
		row := pix[top : top+m.side()*scale]
		for x := range m.size {
			if m.dark[y*m.size+x] {
				from := (x + quiet) * scale
				for i := range scale {
					row[from+i] = ink
				}
			}
		}
		for i := 1; i < scale; i++ {
			copy(pix[top+i*stride:], row)
		}
	}
}
