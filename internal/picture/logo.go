package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// longestSide bounds a logo in pixels: decoding one takes memory by its sides, not by its bytes.
const longestSide = 2048

var (
	// ErrNoPicture: it is no PNG, JPEG or WebP, whatever its name says.
	ErrNoPicture = errors.New("picture: no PNG, JPEG or WebP")
	// ErrSides: its sides are longer than a logo needs.
	ErrSides = fmt.Errorf("picture: a side is longer than %d pixels", longestSide)
)

// Logo decodes a picture that was uploaded and writes it again, so that nothing but the picture
// is left: no place and camera of EXIF, no text, nothing behind the end. A WebP becomes a PNG.
// Errors: ErrNoPicture, ErrSides.
func Logo(raw []byte) (clean []byte, mediaType string, err error) {
	config, decode, encode := webp.DecodeConfig, webp.Decode, png.Encode
	mediaType = "image/png"
	switch {
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		config, decode = png.DecodeConfig, png.Decode
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		config, decode, mediaType = jpeg.DecodeConfig, jpeg.Decode, "image/jpeg"
		encode = func(w io.Writer, img image.Image) error { return jpeg.Encode(w, img, &jpeg.Options{Quality: 90}) }
	}
	c, err := config(bytes.NewReader(raw))
	if err != nil {
		return nil, "", errors.Join(ErrNoPicture, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > longestSide || c.Height > longestSide {
		return nil, "", ErrSides
	}
	img, err := decode(bytes.NewReader(raw))
	if err != nil {
		return nil, "", errors.Join(ErrNoPicture, err)
	}
	var out bytes.Buffer
	if err := encode(&out, img); err != nil {
		return nil, "", fmt.Errorf("write logo: %w", err)
	}
	return out.Bytes(), mediaType, nil
}
