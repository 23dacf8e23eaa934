package storefront

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"

	"gerai/internal/catalog"
	"gerai/internal/shop/shoptest"
)

var trading = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Brand.Name, c.Brand.Licence, c.Brand.Phone, c.Brand.WhatsApp, c.Brand.TaxPercent = "Kampung Net", "PT Jaringan Desa, izin 123/2024", "0812-3456-7890", "6281234567890", 11
	c.Brand.Terms = "Uang kembali bila voucher tidak dapat diaktifkan."
	c.Sites[0].Portal.SSID = `Kopi;"Pojok"`
})

// TestReceiptSaysEverything: seller, number, code, time with zone, item,
// quantity, price, tax, method, references, complaints, in both languages and
// as text; and no credentials, because receipts are handed on.
func TestReceiptSaysEverything(t *testing.T) {
	v := open(t, trading)
	o := v.Buy("sehari", "qris")
	to := v.get(path(o) + "/receipt?" + atHotspot).moved()
	carries(t, "no receipt yet", to)
	if got := v.get(to).page(http.StatusOK).Find("[role=status] .note").Text(); got != "Pesanan ini belum dibayar, jadi belum ada struknya." {
		t.Errorf("%q", got)
	}
	v.Pay(o)
	v.RunAll()
	link := v.get(path(o)).page(http.StatusOK).Find("a:contains('Lihat dan cetak struk')").AttrOr("href", "")
	a := v.get(link)
	doc := a.page(http.StatusOK)
	facts := []string{"Kampung Net", "PT Jaringan Desa, izin 123/2024", "Nomor struk 2026-000001", "Dibayar 24 Nov 2026 10.00 WIB", "Kode pesanan " + o.Code.Pretty(), "Paket 1 Hari", "Hotspot Kopi Pojok",
		"Jumlah 1", "Harga Rp5.000", "Total Rp5.000", "Termasuk pajak 11% Rp495", "Cara bayar QRIS", "Sudah dibayar Rp5.000", "Nomor referensi " + string(o.Code) + "-1", "Referensi bank " + v.GatewayID(o),
		"Harga sudah termasuk semua biaya.", "Keluhan: Telepon 0812-3456-7890", "WhatsApp +62 812-3456-7890", "Uang kembali bila"}
	plain := v.get(link + "?format=text")
	if plain.Header.Get("Content-Type") != "text/plain; charset=utf-8" || plain.Header.Get("Cache-Control") != "no-store" || strings.ContainsAny(string(plain.body), "<>") {
		t.Errorf("%v %s", plain.Header, plain.body)
	}
	for _, want := range facts {
		if !contains(doc.Find("main").Text(), want) {
			t.Errorf("no %q in %s", want, text(doc.Find("main")))
		}
		if !contains(strings.ReplaceAll(string(plain.body), ":", ""), strings.ReplaceAll(want, ":", "")) {
			t.Errorf("no %q in\n%s", want, plain.body)
		}
	}
	now := v.Order(o)
	for _, secret := range []string{now.Username, now.Password, v.ClaimCode(o)} {
		if strings.Contains(string(plain.body), secret) || strings.Contains(doc.Find("main").Text(), secret) {
			t.Error("a receipt tells how to get online")
		}
	}
	if got := v.get(link + "?lang=en&paper=58").page(http.StatusOK); got.Find("html").AttrOr("lang", "") != "en" || !contains(got.Find("main").Text(), "Tax included 11% Rp495") || got.Find("a[aria-current]").Text() != "58 mm" {
		t.Errorf("%s", text(got.Find("body")))
	}
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" || doc.Find("script").Length() != 0 {
		t.Errorf("%v", a.Header)
	}
}

func TestReceiptOfMoneyThatGoesBack(t *testing.T) {
	v := open(t)
	o := v.Buy("bulanan", "va:BCA")
	old := v.Reference(o)
	v.post(path(o)+"/method", "method", "qris").moved()
	v.Pay(o)
	v.PayReference(old, 0)
	v.RunAll()
	got := v.get(path(o) + "/receipt").page(http.StatusOK).Find("main").Text()
	for _, want := range []string{"Cara bayar QRIS", "Cara bayar Bank BCA", "Akan dikembalikan Rp85.000", "11.00 WITA"} {
		if !contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	refund(v, o)
	v.Clock.Add(2 * time.Second)
	if got := string(v.get(path(o) + "/receipt?format=text").body); !strings.Contains(got, "Sudah dikembalikan: Rp85.000") {
		t.Errorf("%s", got)
	}
	cancelled := v.Buy("sehari", "qris")
	cancel(v, cancelled)
	v.Pay(cancelled)
	v.RunAll()
	if to := v.get(path(cancelled) + "/receipt").moved(); !strings.HasPrefix(to, path(cancelled)+"?m=") {
		t.Errorf("money for a cancelled order is no sale: %q", to)
	}
}

// printed is a picture as a receipt printer or a copier leaves it: 25 mm wide
// at 203 dots per inch, each dot the mean of what lies under it.
func printed(t *testing.T, raw []byte) image.Image {
	t.Helper()
	const dots = 200
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out, w := image.NewGray(image.Rect(0, 0, dots, dots)), img.Bounds().Dx()
	for y := range dots {
		for x := range dots {
			sum, n := 0, 0
			for sy := y * w / dots; sy < max((y+1)*w/dots, y*w/dots+1); sy++ {
				for sx := x * w / dots; sx < max((x+1)*w/dots, x*w/dots+1); sx++ {
					sum, n = sum+int(color.GrayModel.Convert(img.At(sx, sy)).(color.Gray).Y), n+1
				}
			}
			out.SetGray(x, y, color.Gray{Y: uint8(sum / n)})
		}
	}
	return out
}

func read(t *testing.T, img image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	found, err := multi.NewQRCodeMultiReader().DecodeMultiple(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d codes, %v", len(found), err)
	}
	return found[0].GetText()
}

// TestA70Poster: two steps, both codes readable at 25 mm, addresses in words,
// the help number, on every size of paper.
func TestA70Poster(t *testing.T) {
	v := open(t, trading)
	for _, size := range []string{"a4", "a5", "58", "80", "", "nonsense"} {
		a := v.get("/h/kopi-pojok/poster?size=" + size)
		doc := a.page(http.StatusOK)
		want := map[string]string{"a4": "@page{size:A4", "a5": "@page{size:A5", "58": "@page{size:58mm", "80": "@page{size:80mm", "": "@page{size:A4", "nonsense": "@page{size:A4"}[size]
		if style := doc.Find("style").Text(); !strings.HasPrefix(style, want) || !strings.Contains(style, "@media print{") {
			t.Errorf("%q: %.60s", size, style)
		}
		if mm := regexp.MustCompile(`--qr:(\d+)mm`).FindStringSubmatch(doc.Find("style").Text()); len(mm) != 2 || mm[1] < "25" {
			t.Errorf("%q: codes of %v mm", size, mm)
		}
		got := doc.Find("main").Text()
		for _, want := range []string{"Kampung Net", "Internet di Kopi Pojok", "1. Sambung ke Wi-Fi", `Kopi;"Pojok"`, "2. Pindai", "shop.test/h/kopi-pojok", "shop.test/klaim", "0812-3456-7890", "PT Jaringan Desa"} {
			if !strings.Contains(text(doc.Find("main")), want) {
				t.Errorf("%q: no %q in %s", size, want, got)
			}
		}
		if strings.Contains(got, "Rp") {
			t.Errorf("%q: prices nobody asked for", size)
		}
	}
	doc := v.get("/h/kopi-pojok/poster?prices=1&size=a5&lang=en").page(http.StatusOK)
	if got := text(doc.Find("main li")); got != "1 Hari Rp5.0001 Jam Rp2.000" || !strings.Contains(doc.Find("a[hreflang]").AttrOr("href", ""), "prices=1&size=a5") {
		t.Errorf("%q %q", got, doc.Find("a[hreflang]").AttrOr("href", ""))
	}
	for picture, want := range map[string]string{"wifi.png": `WIFI:T:nopass;S:Kopi\;\"Pojok\";;`, "shop.png": "http://shop.test/h/kopi-pojok"} {
		p := v.get("/h/kopi-pojok/" + picture)
		if p.StatusCode != http.StatusOK || p.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("%s: %d", picture, p.StatusCode)
		}
		if got := read(t, printed(t, p.body)); got != want {
			t.Errorf("%s says %q", picture, got)
		}
		if doc.Find("img[src='/h/kopi-pojok/"+picture+"']").Length() != 1 {
			t.Errorf("%s is not on the poster", picture)
		}
	}
	if n := v.handler.imageCache.images.Len(); n != 2 {
		t.Errorf("%d of the two codes are kept: anyone could have them drawn without end", n)
	}
	if doc := v.get("/h/kos-melati/poster").page(http.StatusOK); doc.Find(".steps img").Length() != 1 || strings.Contains(doc.Find("main").Text(), "1. ") || v.get("/h/kos-melati/wifi.png").StatusCode != http.StatusNotFound {
		t.Error("a step to a Wi-Fi without a name")
	}
}

// Codes stay at version 4 with correction Q even for long addresses, which are
// written in capitals then; and such an address opens the shop.
func TestPosterCodesStayCoarse(t *testing.T) {
	for slug, base := range map[string]string{"kopi-pojok": "https://voucher.example", "a-slug-of-the-greatest-length-there-is-40": "https://w.example"} {
		u := shopURL(base, catalog.Site{Slug: slug})
		if len(u) > 67 || !strings.EqualFold(u, base+"/h/"+slug) || (len(u) > plainFit) != (u == strings.ToUpper(u)) {
			t.Errorf("%q", u)
		}
	}
	if u := shopURL("https://example/Shop-with-a-path", catalog.Site{Slug: "a-slug-that-is-rather-long"}); !strings.Contains(u, "Shop") {
		t.Errorf("somebody else's path may know a difference: %q", u)
	}
	v := open(t)
	if got := v.get("/H/KOPI-POJOK").page(http.StatusOK).Find("h1").Text(); got != "Kopi Pojok" {
		t.Errorf("%q", got)
	}
}

// TestA71OldAddresses: a hotspot keeps every address it ever had, and one that sells no
// more leads the visitor on.
func TestA71OldAddresses(t *testing.T) {
	v := open(t)
	v.Resell(func(c *catalog.Catalogue) { c.Sites[0].Slug = "kopi-baru" })
	for _, p := range []string{"/h/kopi-pojok", "/h/kopi-baru"} {
		if got := v.get(p).page(http.StatusOK).Find("form.plan").First().AttrOr("action", ""); got != "/h/kopi-baru/orders" {
			t.Errorf("%s: %q", p, got)
		}
	}
	v.Resell(func(c *catalog.Catalogue) { c.Sites[0].Hidden = true })
	for p, says := range map[string]string{"/h/kopi-pojok": "sudah tidak menjual voucher", "/h/kopi-baru/poster": "sudah tidak menjual voucher", "/h/nowhere": "Hotspot ini tidak ada"} {
		doc := v.get(p + "?" + atHotspot).page(http.StatusNotFound)
		if !strings.Contains(doc.Find(".lead").Text(), says) {
			t.Errorf("%s: %s", p, text(doc.Find("main")))
		}
		doc.Find("main a").Each(func(_ int, s *goquery.Selection) { carries(t, p, s.AttrOr("href", "")) })
		if doc.Find("main a[href^='/h/kos-melati']").Length() != 1 || doc.Find("main a[href^='/h/kopi']").Length() != 0 || doc.Find("main a[href^='/klaim']").Length() != 1 {
			t.Errorf("%s: %s", p, text(doc.Find("main")))
		}
	}
	if a := v.post("/h/kopi-pojok/orders", "plan", "sehari", "nonce", v.NextNonce()); a.StatusCode != http.StatusNotFound {
		t.Errorf("it still sells: %d", a.StatusCode)
	}
}
