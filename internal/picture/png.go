package picture

import (
	"bytes"
	"image"
	"image/png"
	"sync"

	"gerai/internal/fault"
)

// buffers are the encoder's working memory, some hundred kilobytes each.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() *png.EncoderBuffer  { e, _ := b.pool.Get().(*png.EncoderBuffer); return e }
func (b *buffers) Put(e *png.EncoderBuffer) { b.pool.Put(e) }

var encoding = png.Encoder{CompressionLevel: png.DefaultCompression, BufferPool: &buffers{}}

// pack writes the PNG with as few bits per pixel as its palette allows.
func pack(img *image.Paletted) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(16 << 10)
	if err := encoding.Encode(&out, img); err != nil {
		return nil, fault.Wrap(fault.Internal, "picture.encode", err)
	}
	return out.Bytes(), nil
}
