package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode"

	"gerai/internal/fault"
)

// payload returns n characters of the kind a QRIS code holds: digits, capitals
// and here and there a small letter, which forces byte mode.
func payload(n int) string {
	const letters = "0123456789012345678901234567890123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ .abc"
	random := rand.New(rand.NewPCG(7, uint64(n)))
	var b strings.Builder
	b.WriteString("000201010212")
	for b.Len() < n {
		b.WriteByte(letters[random.IntN(len(letters))])
	}
	return b.String()[:n]
}

func sample(n int) Ticket {
	return Ticket{
		Payload: payload(n), Site: "Warung Kopi Pojok", Merchant: "GERAI NUSANTARA", Amount: "Rp5.000", Until: "Bayar sebelum 14.32 WIB, Sel 24 Nov 2026",
		OrderLabel: "Kode pesanan", OrderCode: "K7M4XQ2A", ClaimLabel: "Kode klaim", ClaimCode: "9HWP3T", URL: "voucher.example.net/klaim", Note: "Sudah bayar?",
	}
}

func open(t *testing.T, raw []byte) *image.Paletted {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Paletted)
}

// read finds every code in a picture, as a wallet's gallery upload would.
func read(t *testing.T, img image.Image) (found []string) {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	results, err := multi.NewQRCodeMultiReader().DecodeMultiple(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no code found: %v", err)
	}
	for _, r := range results {
		found = append(found, r.GetText())
	}
	return found
}

func must(t testing.TB) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

func TestQRReadsBack(t *testing.T) {
	for _, n := range []int{12, 60, 150, 232, 300, 400, 700} {
		want := payload(n)
		raw := must(t)(QR(want))
		img := open(t, raw)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
		if err != nil || got.GetText() != want {
			t.Errorf("%d characters: %v %v", n, got, err)
			continue
		}
		if level := got.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "M" {
			t.Errorf("%d characters: level %v", n, level)
		}
		if n <= 300 && len(raw) > 2500 {
			t.Errorf("%d characters take %d bytes", n, len(raw))
		}
	}
}

func TestQRIsSquareCleanAndFramed(t *testing.T) {
	for _, n := range []int{12, 232, 300, 700} {
		raw := must(t)(QR(payload(n)))
		img := open(t, raw)
		w := img.Rect.Dx()
		if w != img.Rect.Dy() || len(img.Palette) != 2 || raw[24] != 1 {
			t.Fatalf("%d: %v, %d colours, depth %d", n, img.Rect, len(img.Palette), raw[24])
		}
		for i, want := range []uint8{255, 0} {
			if c := color.GrayModel.Convert(img.Palette[i]).(color.Gray); c.Y != want {
				t.Errorf("colour %d is %v", i, c)
			}
		}
		m, _ := encode(payload(n), levelM)
		scale := w / m.side()
		if scale < 4 || scale*m.side() != w || n >= 200 && n <= 300 && (w < 276 || w > 560) {
			t.Errorf("%d: %d pixels for %d modules", n, w, m.side())
		}
		for y := range w {
			for x := range w {
				mx, my := x/scale-quiet, y/scale-quiet
				inside := mx >= 0 && my >= 0 && mx < m.size && my < m.size
				if dark := img.ColorIndexAt(x, y) == 1; dark != (inside && m.dark[my*m.size+mx]) {
					t.Fatalf("%d: pixel %d,%d is wrong", n, x, y)
				}
			}
		}
	}
}

func TestTicketHoldsExactlyOneCode(t *testing.T) {
	for _, n := range []int{60, 150, 232, 300, 400} {
		ticket := sample(n)
		raw := must(t)(ticket.PNG())
		img := open(t, raw)
		if found := read(t, img); len(found) != 1 || found[0] != ticket.Payload {
			t.Errorf("%d characters: found %q", n, found)
		}
		if len(raw) > 25_000 || img.Rect.Dx() < 480 || img.Rect.Dx() > 600 || len(img.Palette) > 16 {
			t.Errorf("%d characters: %d bytes, %v", n, len(raw), img.Rect)
		}
		m, _ := encode(ticket.Payload, levelM)
		if wide := img.Rect.Dx() / m.side() * m.side(); wide < 400 {
			t.Errorf("%d characters: the code is only %d pixels wide", n, wide)
		}
	}
}

// Every text must be drawn: without it the picture is another one, and rows of
// their own leave no gap.
func TestEveryTextIsDrawn(t *testing.T) {
	whole := must(t)(sample(232).PNG())
	if !bytes.Equal(whole, must(t)(sample(232).PNG())) {
		t.Fatal("equal tickets differ, so nothing can be cached")
	}
	tall := open(t, whole).Rect.Dy()
	for name, change := range map[string]func(*Ticket){
		"site": func(t *Ticket) { t.Site = "" }, "merchant": func(t *Ticket) { t.Merchant = "" }, "amount": func(t *Ticket) { t.Amount = "" },
		"until": func(t *Ticket) { t.Until = "" }, "url": func(t *Ticket) { t.URL = "" }, "note": func(t *Ticket) { t.Note = "" },
		"codes": func(t *Ticket) { t.OrderCode, t.ClaimCode = "", "" },
	} {
		less := sample(232)
		change(&less)
		if got := open(t, must(t)(less.PNG())).Rect.Dy(); got >= tall {
			t.Errorf("without %s: %d instead of %d pixels tall", name, got, tall)
		}
	}
	for name, change := range map[string]func(*Ticket){
		"site": func(t *Ticket) { t.Site += "!" }, "amount": func(t *Ticket) { t.Amount = "Rp5.001" }, "order label": func(t *Ticket) { t.OrderLabel = "Order code" },
		"order code": func(t *Ticket) { t.OrderCode = "K7M4XQ2B" }, "claim label": func(t *Ticket) { t.ClaimLabel = "Claim code" }, "claim code": func(t *Ticket) { t.ClaimCode = "9HWP3U" },
		"only one code": func(t *Ticket) { t.ClaimLabel, t.ClaimCode = "", "" },
	} {
		other := sample(232)
		change(&other)
		if bytes.Equal(whole, must(t)(other.PNG())) {
			t.Errorf("%s is not in the picture", name)
		}
	}
}

func TestLongAndStrangeTexts(t *testing.T) {
	ticket := sample(300)
	ticket.Site = strings.Repeat("Warung Kopi Pojok ", 40)
	ticket.Merchant = "Toko 😀 漢字\n\x00 señor"
	ticket.OrderCode = strings.Repeat("M", 60)
	raw := must(t)(ticket.PNG())
	img := open(t, raw)
	if found := read(t, img); len(found) != 1 || found[0] != ticket.Payload || len(raw) > 25_000 {
		t.Fatalf("%d bytes, found %q", len(raw), found)
	}
	for y := range img.Rect.Dy() {
		for _, x := range []int{0, margin / 2, width - margin/2, width - 1} {
			if img.ColorIndexAt(x, y) != 0 {
				t.Fatalf("ink in the margin at %d,%d", x, y)
			}
		}
	}
}

func TestImpossiblePayloads(t *testing.T) {
	for _, p := range []string{"", strings.Repeat("a", 3000)} {
		if _, err := QR(p); !fault.Is(err, fault.Invalid) {
			t.Errorf("QR of %d characters: %v", len(p), err)
		}
		if _, err := (Ticket{Payload: p}).PNG(); !fault.Is(err, fault.Invalid) {
			t.Errorf("ticket of %d characters: %v", len(p), err)
		}
	}
}

func TestDrawingAtOnce(t *testing.T) {
	want := must(t)(sample(232).PNG())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 3 {
				if got, err := sample(232).PNG(); err != nil || !bytes.Equal(got, want) {
					t.Errorf("another picture, %v", err)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkQR(b *testing.B) {
	p := payload(232)
	b.ReportAllocs()
	for b.Loop() {
		must(b)(QR(p))
	}
}

func BenchmarkTicket(b *testing.B) {
	s := sample(232)
	b.ReportAllocs()
	for b.Loop() {
		must(b)(s.PNG())
	}
}

// TestSigns: coarse and strong while the text allows it, readable always.
func TestSigns(t *testing.T) {
	for text, want := range map[string]struct {
		size  int
		level string
	}{
		"https://voucher.example.net/h/kopi-pojok-bdg-1": {33, "Q"}, "HTTPS://VOUCHER.EXAMPLE.NET/H/A-SLUG-OF-THE-LONGEST-KIND-THERE": {33, "Q"},
		"https://voucher.example.net/h/a-slug-of-the-longest-kind": {33, "M"}, "https://voucher.example.net/h/a-slug-of-the-very-longest-kind-there-is": {33, "L"},
		`WIFI:T:nopass;S:Kopi\;Pojok;;`: {29, "Q"}, strings.Repeat("https://x/", 12): {53, "Q"},
	} {
		img := open(t, must(t)(Sign(text)))
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
		if err != nil || got.GetText() != text {
			t.Errorf("%q: %v %v", text, got, err)
			continue
		}
		level := got.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]
		if size := img.Rect.Dx()/signScale - 2*quiet; size != want.size || level != want.level {
			t.Errorf("%q: %d modules, level %v, want %d and %s", text, size, level, want.size, want.level)
		}
	}
	for _, p := range []string{"", strings.Repeat("a", 3000)} {
		if _, err := Sign(p); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d characters: %v", len(p), err)
		}
	}
}
