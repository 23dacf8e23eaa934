package storefront

import (
	"bytes"
	"context"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"

	"gerai/internal/order"
)

func decode(t *testing.T, b []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	// The single reader takes three corners by a guess that one code in two
	// hundred leads astray; this one tries every three, as phones do.
	found, err := multi.NewQRCodeMultiReader().DecodeMultiple(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d codes, %v", len(found), err)
	}
	return found[0].GetText()
}

func TestPictures(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	a, err := v.Store.Attempt(context.Background(), o.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"", "?plain=1", "?save=1", "?save=1&lang=en"} {
		p := v.get(path(o) + "/qr.png" + query)
		if p.StatusCode != http.StatusOK || p.Header.Get("Content-Type") != "image/png" || p.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v", query, p.StatusCode, p.Header)
		}
		if got := decode(t, p.body); got != a.QR {
			t.Errorf("%s: the picture says %q", query, got)
		}
		attached := p.Header.Get("Content-Disposition")
		if want := `attachment; filename="QRIS-Rp5000-` + string(o.Code) + `.png"`; strings.Contains(query, "save") && attached != want || !strings.Contains(query, "save") && attached != "" {
			t.Errorf("%s: %q", query, attached)
		}
		if query == "?plain=1" && len(p.body) > 2500 {
			t.Errorf("%d bytes", len(p.body))
		}
	}
	if bytes.Equal(v.get(path(o)+"/qr.png").body, v.get(path(o)+"/qr.png?lang=en").body) {
		t.Error("the ticket has one language only")
	}
}

func TestNoPictureWithoutAPayableCode(t *testing.T) {
	v := open(t)
	for name, o := range map[string]order.Order{"bank": v.Buy("bulanan", "va:BCA"), "paid": bought(v)} {
		if a := v.get(path(o) + "/qr.png"); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
}
