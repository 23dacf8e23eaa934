package glyph

import (
	"strings"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// fonts are those in which names and notes are printed.
var fonts = sync.OnceValue(func() []*sfnt.Font {
	var out []*sfnt.Font
	for _, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("glyph: an embedded font is damaged: " + err.Error())
		}
		out = append(out, f)
	}
	return out
})

// last is the last code point that a PDF can name: the writer counts in 16 bits.
const last = 0xffff

func drawn(buf *sfnt.Buffer, r rune) bool {
	if r > last || r < ' ' {
		return false
	}
	for _, f := range fonts() {
		if g, err := f.GlyphIndex(buf, r); err != nil || g == 0 {
			return false
		}
	}
	return true
}

// Missing returns the characters of a text that cannot be printed, each once, in
// the order they are met.
func Missing(text string) string {
	var buf sfnt.Buffer
	var out strings.Builder
	for _, r := range text {
		if !drawn(&buf, r) && !strings.ContainsRune(out.String(), r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// Printable replaces every character that cannot be printed with a question
// mark: a mark is seen, an empty box or a missing page is not understood.
func Printable(text string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if drawn(&buf, r) {
			return r
		}
		return '?'
	}, text)
}
