package admin

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/staff"
)

// sendsLogo posts the brand's form with a file.
func (b *browser) sendsLogo(name string, content []byte, more ...string) answer {
	b.Helper()
	doc := b.get("/admin/catalogue/brand").page(http.StatusOK)
	values := url.Values{}
	for _, x := range []string{"csrf", "seen", "name", "color", "tax_percent"} {
		values.Set(x, doc.Find("main form [name="+x+"]").AttrOr("value", ""))
	}
	for i := 0; i < len(more); i += 2 {
		values.Add(more[i], more[i+1])
	}
	return b.sendFile("/admin/catalogue/brand", values, "logo", name, content)
}

// The brand is changed, previewed and given a logo of which only the picture is kept.
func TestBrandInThePanel(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.submit("/admin/catalogue/brand", "main form", "name", "Warnet Jaya", "color", "#ffff00", "act", "preview").page(http.StatusOK)
	if said := text(doc.Find("#preview")); !strings.Contains(said, "Warnet Jaya") || !strings.Contains(said, "kurang kontras di latar terang") {
		t.Error(said)
	}
	if now, err := p.Store.Brand(ctx); err != nil || now.Name == "Warnet Jaya" {
		t.Error("a preview saves", err)
	}
	b.submit("/admin/catalogue/brand", "main form", "name", "Warnet Jaya", "whatsapp", "0812-3456-7890", "tax_percent", "11", "terms", "Uang kembali.", "act", "save").moved()
	now, err := p.Store.Brand(ctx)
	p.Must(err)
	if now.Name != "Warnet Jaya" || now.WhatsApp != "6281234567890" || now.TaxPercent != 11 {
		t.Errorf("%+v", now)
	}
	if action, before, after := p.recorded("brand"); action != "brand.edit" || before["tax_percent"] != "0" || after["tax_percent"] != "11" || after["color"] != "" {
		t.Error(action, before, after)
	}
	// A logo is shown before it is saved, and saved without choosing it again.
	var png8 bytes.Buffer
	p.Must(png.Encode(&png8, image.NewGray(image.Rect(0, 0, 8, 8))))
	looked := b.sendsLogo("logo.png", png8.Bytes(), "act", "preview").page(http.StatusOK)
	chosen := looked.Find("input[name=chosen]").AttrOr("value", "")
	if shown := looked.Find("#preview img").AttrOr("src", ""); shown == "" || shown != chosen || !strings.HasPrefix(shown, "data:image/png;base64,") {
		t.Errorf("%.60s, kept %.60s", shown, chosen)
	}
	if now, err = p.Store.Brand(ctx); err != nil || len(now.Logo) > 0 {
		t.Error("a preview saves the logo", err)
	}
	b.sendsLogo("", nil, "chosen", chosen, "act", "save").moved()
	if now, err = p.Store.Brand(ctx); err != nil || now.LogoType != "image/png" {
		t.Error(now.LogoType, err)
	}
	b.sendsLogo("", nil, "chosen", "data:image/png;base64,bukan gambar", "act", "save").page(http.StatusUnprocessableEntity)
	var j bytes.Buffer
	p.Must(jpeg.Encode(&j, image.NewGray(image.Rect(0, 0, 30, 30)), nil))
	b.sendsLogo("logo.jpg", append([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00rahasia!"), j.Bytes()[2:]...)).moved()
	if now, err = p.Store.Brand(ctx); err != nil || now.LogoType != "image/jpeg" || bytes.Contains(now.Logo, []byte("rahasia!")) {
		t.Error(now.LogoType, err)
	}
	for name, content := range map[string][]byte{"logo.png": []byte("\x89PNG\r\n\x1a\n and no picture"), "logo.svg": []byte("<svg onload=alert(1)/>"), "x.jpg": bytes.Repeat([]byte("x"), 150<<10)} {
		doc := b.sendsLogo(name, content).page(http.StatusUnprocessableEntity)
		if doc.Find("[name=logo][aria-invalid]").Length() != 1 || text(doc.Find("#wrong")) == "" {
			t.Errorf("%s: %s", name, text(doc.Find("main form")))
		}
	}
	for field, typed := range map[string]string{"name": "", "color": "red", "tax_percent": "11.5", "whatsapp": "123", "phone": "telepon"} {
		doc := b.submit("/admin/catalogue/brand", "main form", field, typed, "act", "save").page(http.StatusUnprocessableEntity)
		if doc.Find("[name="+field+"][aria-invalid]").Length() != 1 {
			t.Errorf("%s=%q: not at its field", field, typed)
		}
	}
	b.submit("/admin/catalogue/brand", "main form", "no_logo", "true", "act", "save").moved()
	if now, err = p.Store.Brand(ctx); err != nil || len(now.Logo) > 0 {
		t.Error("the logo stays", err)
	}
	if a := b.get("/admin/catalogue/export"); a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), "name: \"Warnet Jaya\"") || !strings.Contains(a.Header.Get("Content-Disposition"), "catalogue.yaml") {
		t.Errorf("%d %.200s", a.StatusCode, a.body)
	}
	if got := strings.Join(p.Audits("catalogue"), "\n"); !strings.Contains(got, " catalogue.export ") {
		t.Error("the export is not on record:", got)
	}
	file, err := p.Shop.Catalogue.Export(ctx, actor.Named("test"), false)
	p.Must(err)
	if r, err := p.Store.Router(ctx, "pojok"); err != nil || strings.Contains(string(file), r.Address) || strings.Contains(string(file), "routers:") || !strings.Contains(string(file), catalog.WithoutRouters) {
		t.Error("routers for those who may not see them", err)
	}
}
