package picture

import (
	"fmt"
	"image"
	"image/color"
	"strings"
)

// Dots is QR with one pixel for each module: what prints it enlarges it, and
// thousands of them stay small.
func Dots(payload string) ([]byte, error) {
	m, err := encode(payload, levelM)
	if err != nil {
		return nil, err
	}
	img := image.NewPaletted(image.Rect(0, 0, m.side(), m.side()), color.Palette{color.White, color.Black})
	m.draw(img.Pix, img.Stride, image.Point{}, 1, 1)
	return pack(img)
}

// Path is a QR code as the path of an SVG whose view box is side by side
// modules, its quiet zone included. A payload that fits no code gives a fault
// of kind Invalid.
func Path(payload string) (side int, d string, err error) {
	m, err := encode(payload, levelM)
	if err != nil {
		return 0, "", err
	}
	var b strings.Builder
	for y := range m.size {
		for x := 0; x < m.size; x++ {
			from := x
			for x < m.size && m.dark[y*m.size+x] {
				x++
			}
			if n := x - from; n > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, n, n)
			}
		}
	}
	return m.side(), b.String(), nil
}
