package picture

import (
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// What is written in digits, in capitals, in bytes or in another script is read back, at each level and at many lengths.
func TestEveryLengthReadsBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{"0123456789", "ABCXYZ0189 $%*+-./:", "0123abcXYZ{}~", "aé日本"} {
		letters := []rune(alphabet)
		for n := 1; n < 700; n += 1 + n/4 {
			for level, letter := range map[decoder.ErrorCorrectionLevel]string{levelL: "L", levelM: "M", levelQ: "Q"} {
				var b strings.Builder
				for range n {
					b.WriteRune(letters[random.IntN(len(letters))])
				}
				code, err := encode(b.String(), level)
				if err != nil {
					t.Fatalf("%d of %q: %v", n, alphabet, err)
				}
				img := image.NewPaletted(image.Rect(0, 0, code.side()*2, code.side()*2), color.Palette{color.White, color.Black})
				code.draw(img.Pix, img.Stride, image.Point{}, 2, 1)
				bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
				if err != nil {
					t.Fatal(err)
				}
				got, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
				if err != nil || got.GetText() != b.String() || got.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL] != letter {
					t.Errorf("%d of %q, level %s: %v %v", n, alphabet, letter, got, err)
				}
			}
		}
	}
}
