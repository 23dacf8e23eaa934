package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// A logo is what it decodes to: nothing else of the file is kept, whatever its name or its first
// bytes say.
func TestLogo(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	img.Set(3, 3, color.RGBA{200, 10, 10, 255})
	var p, j bytes.Buffer
	if err := errors.Join(png.Encode(&p, img), jpeg.Encode(&j, img, nil)); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00rahasia!"), j.Bytes()[2:]...)
	for name, raw := range map[string][]byte{"png": p.Bytes(), "png with a tail": append(bytes.Clone(p.Bytes()), "<script>rahasia!"...), "jpeg with EXIF": exif} {
		clean, kind, err := Logo(raw)
		if err != nil || bytes.Contains(clean, []byte("rahasia!")) || bytes.Contains(clean, []byte("Exif")) {
			t.Errorf("%s: %d bytes, %v", name, len(clean), err)
			continue
		}
		again, form, err := image.Decode(bytes.NewReader(clean))
		if err != nil || "image/"+form != kind || again.Bounds() != img.Bounds() {
			t.Errorf("%s: %s %s %v", name, form, kind, err)
		}
	}
	large := image.NewGray(image.Rect(0, 0, longestSide+1, 1))
	var l bytes.Buffer
	if err := png.Encode(&l, large); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Logo(l.Bytes()); !errors.Is(err, ErrSides) {
		t.Error(err)
	}
	for name, raw := range map[string][]byte{"nothing": nil, "text": []byte("<svg/>"), "only the start": p.Bytes()[:12], "half": p.Bytes()[:len(p.Bytes())/2], "a WebP by its first bytes": []byte("RIFF\x00\x00\x00\x00WEBPVP8 ")} {
		if _, _, err := Logo(raw); !errors.Is(err, ErrNoPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
