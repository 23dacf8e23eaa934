package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"sync"

	"github.com/klauspost/compress/zlib"

	"gerai/internal/fault"
)

// pngSignature begins every PNG.
const pngSignature = "\x89PNG\r\n\x1a\n"

// packer packs rows of pixels; its tables are some hundred kilobytes.
type packer struct {
	*zlib.Writer
	out bytes.Buffer
	row []byte
}

// Packing harder saves a tenth of a ticket, and takes longer than drawing it.
var packers = sync.Pool{New: func() any {
	p := &packer{}
	var err error
	if p.Writer, err = zlib.NewWriterLevel(&p.out, 3); err != nil {
		panic("picture: " + err.Error())
	}
	return p
}}

// pack writes the PNG with as few bits per pixel as its palette of at most sixteen greys
// allows. The library's encoder takes pixel after pixel through an interface, and ten times as
// long. Most rows of a code are those above once more, which PNG can say.
func pack(img *image.Paletted) ([]byte, error) {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	p.out.Reset()
	p.Reset(&p.out)
	if err := p.rows(img, depthOf(len(img.Palette))); err != nil {
		return nil, fault.Wrap(fault.Internal, "picture.encode", err)
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	head := binary.BigEndian.AppendUint32(nil, uint32(w))
	head = binary.BigEndian.AppendUint32(head, uint32(h))
	head = append(head, byte(depthOf(len(img.Palette))), 3, 0, 0, 0) // by palette
	var colours []byte
	for _, c := range img.Palette {
		r, g, b, _ := c.RGBA()
		colours = append(colours, byte(r>>8), byte(g>>8), byte(b>>8))
	}
	out := make([]byte, 0, p.out.Len()+200)
	out = append(out, pngSignature...)
	out = chunk(out, "IHDR", head)
	out = chunk(out, "PLTE", colours)
	out = chunk(out, "IDAT", p.out.Bytes())
	return chunk(out, "IEND", nil), nil
}

func depthOf(colours int) int {
	switch {
	case colours <= 2:
		return 1
	case colours <= 4:
		return 2
	}
	return 4
}

// Kinds of rows: as they are, or as differences to the row above.
const (
	plainRow = 0
	upRow    = 2
)

func (p *packer) rows(img *image.Paletted, depth int) error {
	w, each := img.Rect.Dx(), 8/depth
	size := 1 + (w+each-1)/each
	if cap(p.row) < size {
		p.row = make([]byte, size)
	}
	row := p.row[:size]
	var above []byte
	for y := range img.Rect.Dy() {
		pixels := img.Pix[y*img.Stride:][:w]
		clear(row)
		if bytes.Equal(pixels, above) {
			row[0] = upRow
		} else {
			row[0] = plainRow
			for x, v := range pixels {
				row[1+x/each] |= v << (8 - depth - x%each*depth)
			}
		}
		if _, err := p.Write(row); err != nil {
			return err
		}
		above = pixels
	}
	return p.Close()
}

// chunk appends one chunk of a PNG.
func chunk(out []byte, kind string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	from := len(out)
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
