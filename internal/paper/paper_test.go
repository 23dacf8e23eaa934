package paper

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"iter"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"gerai/internal/picture"
)

func each[T any](n int, make func(i int) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := range n {
			if !yield(make(i), nil) {
				return
			}
		}
	}
}

var errRead = errors.New("the database is away")

func broken[T any](yield func(T, error) bool) {
	var none T
	yield(none, errRead)
}

func voucher(t testing.TB) func(int) Voucher {
	return func(i int) Voucher {
		name := fmt.Sprintf("k7m2pq%04d", i)
		qr, err := picture.Dots("http://wifi.kopi.example/login?username=" + name + "&password=" + name)
		if err != nil {
			t.Fatal(err)
		}
		return Voucher{Serial: fmt.Sprintf("K7M4XQ-%04d", i+1), Codes: []Code{{"Kode", name}}, Lines: []string{"1 Hari", "Rp5.000", "Berlaku 1 hari", "Tanpa batas"}, QR: qr}
	}
}

func sheetOf(across int, roll float64) Sheet {
	return Sheet{Title: "Voucher K7M4XQ", Across: across, Roll: roll, Border: true, Brand: "Gerai Nusantara", Site: "Kopi Pojok 漢字", Link: "http://wifi.kopi.example", Note: strings.Repeat("Sobek di sini. ", 8), QR: true,
		Made: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
}

var (
	pageObject = regexp.MustCompile(`/Type /Page\b[^s]`)
	pageCount  = regexp.MustCompile(`/Count (\d+)`)
)

func TestPDFPages(t *testing.T) {
	for name, x := range map[string]struct {
		sheet    Sheet
		n, pages int
	}{
		"A4, four across": {sheetOf(4, 0), 96, 4}, "A4, one more": {sheetOf(4, 0), 97, 5}, "A4, one column": {sheetOf(1, 0), 8, 2}, "58 mm": {sheetOf(4, 58), 5, 5}, "80 mm": {sheetOf(1, 80), 3, 3}, "none": {sheetOf(4, 0), 0, 1},
	} {
		var b bytes.Buffer
		if err := PDF(&b, x.sheet, each(x.n, voucher(t))); err != nil {
			t.Fatal(name, err)
		}
		raw := b.String()
		count := pageCount.FindStringSubmatch(raw)
		if !strings.HasPrefix(raw, "%PDF-") || !strings.Contains(raw, "%%EOF") || len(pageObject.FindAllString(raw, -1)) != x.pages || count == nil || count[1] != fmt.Sprint(x.pages) {
			t.Errorf("%s: %d pages, says %v, want %d", name, len(pageObject.FindAllString(raw, -1)), count, x.pages)
		}
		if dir := os.Getenv("GERAI_TEST_GALLERY"); dir != "" {
			if err := os.WriteFile(dir+"/"+strings.ReplaceAll(name, " ", "-")+".pdf", b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := PDF(&bytes.Buffer{}, sheetOf(4, 0), broken[Voucher]); !errors.Is(err, errRead) {
		t.Error(err)
	}
	bad := func(int) Voucher { return Voucher{QR: []byte("no picture")} }
	if err := PDF(&bytes.Buffer{}, sheetOf(4, 0), each(1, bad)); err == nil {
		t.Error("a code that is no picture was printed")
	}
}

// A logo of any kind is drawn, and what is none leaves no trace.
func TestLogo(t *testing.T) {
	var logo bytes.Buffer
	qr, err := picture.QR("logo")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(qr))
	if err != nil || png.Encode(&logo, img) != nil {
		t.Fatal(err)
	}
	sizes := map[bool]int{}
	for _, with := range []bool{true, false} {
		s := sheetOf(4, 0)
		if s.Logo = []byte("<svg onload=alert(1)>"); with {
			s.Logo = logo.Bytes()
		}
		var b bytes.Buffer
		if err := PDF(&b, s, each(1, voucher(t))); err != nil {
			t.Fatal(err)
		}
		sizes[with] = strings.Count(b.String(), "/Subtype /Image")
	}
	if sizes[true] != 2 || sizes[false] != 1 {
		t.Error(sizes)
	}
}

// Ten thousand vouchers with a code each take memory in proportion, no more.
func TestTenThousandSlips(t *testing.T) {
	if os.Getenv("GERAI_BENCH") != "1" {
		t.Skip("left out: measurements run with make bench, never as tests")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var b bytes.Buffer
	if err := PDF(&b, sheetOf(4, 0), each(10_000, voucher(t))); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d bytes, heap grew by %d MB", b.Len(), (after.HeapSys-before.HeapSys)>>20)
}

func TestDotsReadBack(t *testing.T) {
	want := "http://10.5.50.1/login?password=k7m2pq8&username=k7m2pq8"
	raw, err := picture.Dots(want)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil || got.GetText() != want {
		t.Fatal(got, err)
	}
}

// Whatever is stored already prints: the document always comes, and what the
// fonts cannot draw is a question mark.
func TestPDFOfWhatNoFontDraws(t *testing.T) {
	for _, odd := range []string{"Terima kasih 😀", "قهوة", "漢字", "\U0010ffff", "a\x00b", "\xff", "👍🏽 e\u0301"} {
		for _, roll := range []float64{0, 58, 80} {
			sheet := sheetOf(4, roll)
			sheet.Title, sheet.Brand, sheet.Site, sheet.Link, sheet.Note = odd, odd, odd, odd, strings.Repeat(odd, 20)
			var b bytes.Buffer
			err := PDF(&b, sheet, each(3, func(int) Voucher {
				return Voucher{Serial: odd, Codes: []Code{{odd, odd}}, Lines: []string{odd, "Rp5.000"}}
			}))
			if err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.Contains(b.Bytes(), []byte("%%EOF")) {
				t.Errorf("%q on %v mm: %v", odd, roll, err)
			}
		}
	}
}
