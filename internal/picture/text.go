package picture

import (
	"image"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// style names a font and a size in pixels.
type style struct {
	font *sync.Pool
	size float64
	ink  uint8 // palette index of full ink
}

// fonts parse once; a face is not safe for several goroutines, so each drawing
// borrows its own.
var (
	regular = faces(goregular.TTF)
	bold    = faces(gobold.TTF)
	mono    = faces(gomonobold.TTF)
)

// sized is a font with the faces made from it, by size.
type sized struct {
	font  *sfnt.Font
	faces map[float64]font.Face
}

func faces(ttf []byte) *sync.Pool {
	parse := sync.OnceValue(func() *sfnt.Font {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("picture: an embedded font is damaged: " + err.Error())
		}
		return f
	})
	return &sync.Pool{New: func() any { return &sized{font: parse(), faces: make(map[float64]font.Face)} }}
}

func (s *sized) face(size float64) font.Face {
	f, found := s.faces[size]
	if !found {
		var err error
		// 72 dots per inch make a point a pixel.
		f, err = opentype.NewFace(s.font, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			panic("picture: a font face cannot be made: " + err.Error())
		}
		s.faces[size] = f
	}
	return f
}

// readable replaces what the font cannot draw, so that a strange name shows a
// mark instead of an empty box.
func (s *sized) readable(text string) string {
	out := []rune(text)
	var buf sfnt.Buffer
	for i, r := range out {
		if g, err := s.font.GlyphIndex(&buf, r); err != nil || g == 0 {
			out[i] = '?'
		}
	}
	return string(out)
}

// fit chooses the largest face, from the whole size down to two thirds, in
// which the text is no wider than width pixels; beyond that it is cut.
func (s *sized) fit(text string, size float64, width int) (font.Face, string) {
	var f font.Face
	for _, part := range []float64{1, 0.83, 0.67} {
		f = s.face(size * part)
		if font.MeasureString(f, text).Ceil() <= width {
			return f, text
		}
	}
	r := []rune(text)
	for len(r) > 0 && font.MeasureString(f, string(r)+"…").Ceil() > width {
		r = r[:len(r)-1]
	}
	return f, string(r) + "…"
}

// write draws one line with its baseline at y, centred between left and right.
// The ink runs from 0 (paper) to s.ink; overlapping glyphs keep the darker.
func write(img *image.Paletted, s style, text string, left, right, y int) {
	set := s.font.Get().(*sized)
	defer s.font.Put(set)
	f, text := set.fit(set.readable(text), s.size, right-left)
	dot := fixed.P((left+right)/2, y)
	dot.X -= font.MeasureString(f, text) / 2
	before := rune(-1)
	for _, r := range text {
		if before >= 0 {
			dot.X += f.Kern(before, r)
		}
		box, mask, at, advance, ok := f.Glyph(dot, r)
		if ok {
			stamp(img, s.ink, box, mask.(*image.Alpha), at)
		}
		dot.X += advance
		before = r
	}
}

// stamp copies one glyph's coverage into palette steps.
func stamp(img *image.Paletted, ink uint8, box image.Rectangle, mask *image.Alpha, at image.Point) {
	shown := box.Intersect(img.Rect)
	for y := shown.Min.Y; y < shown.Max.Y; y++ {
		from := mask.PixOffset(at.X+shown.Min.X-box.Min.X, at.Y+y-box.Min.Y)
		to := img.PixOffset(shown.Min.X, y)
		for x := range shown.Dx() {
			if step := uint8((int(mask.Pix[from+x])*int(ink) + 127) / 255); step > img.Pix[to+x] {
				img.Pix[to+x] = step
			}
		}
	}
}
