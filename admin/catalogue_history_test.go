package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/staff"
)

// A change is listed with who made it and what was before and after, and one press takes it back.
func TestHistoryOfTheCatalogue(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "6.500", "act", "save").moved()
	top := func() string {
		return text(b.get("/admin/catalogue/history").page(http.StatusOK).Find("main section").First())
	}
	for _, want := range []string{"Paket diubah: 1 Hari", "uji-admin", "Rp5.000 → Rp6.500", "Batalkan perubahan ini"} {
		if got := top(); !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	form := b.get("/admin/catalogue/history").page(http.StatusOK).Find("form[action$='/back']").First()
	for range 2 {
		if to := b.fill(form).moved(); to != "/admin/catalogue/history?m=catalogue.taken_back" {
			t.Fatal(to)
		}
	}
	if now, err := p.Store.Plan(ctx, "sehari"); err != nil || now.Price != 5000 {
		t.Error(now.Price, err)
	}
	if got := top(); !strings.Contains(got, "Perubahan paket dibatalkan") || !strings.Contains(got, "Rp6.500 → Rp5.000") {
		t.Error(got)
	}
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "7.000", "act", "save").moved()
	back := b.get("/admin/catalogue/history").page(http.StatusOK).Find("form[action$='/back']").First()
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "8.000", "act", "save").moved()
	if to := b.fill(back).moved(); to != "/admin/catalogue/history?m=catalogue.changed_since" {
		t.Error(to)
	}
}

// imports posts the form of an import, with a file or without.
func (b *browser) imports(file string, pairs ...string) answer {
	b.Helper()
	csrf := b.get("/admin/catalogue/import").page(http.StatusOK).Find("main form [name=csrf]").AttrOr("value", "")
	values := url.Values{"csrf": {csrf}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	name := ""
	if file != "" {
		name = "katalog.yaml"
	}
	return b.sendFile("/admin/catalogue/import", values, "file", name, []byte(file))
}

// A file is shown before it is applied, names what was done in the panel, keeps that where this
// is wished, is applied once, and asked about again when the shop changed in between.
func TestImportInThePanel(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	now, err := p.Store.Catalogue(ctx)
	p.Must(err)
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "6.500", "act", "save").moved()
	file := strings.Replace(string(now.Document()), `name: "1 Hari"`, `name: "Satu Hari"`, 1)
	for name, bad := range map[string]string{"no file": "", "no YAML": "a: [", "unknown": "brand: {nama: x}", "other files": "brand:\n  name: X\n  logo: /etc/passwd\n", "secrets": strings.Replace(file, "user: ", "password_env: GERAI_SECRET_KEY\n        user: ", 1), "too long": strings.Repeat("#", 97<<10)} {
		doc := b.imports(bad, "act", "show").page(http.StatusUnprocessableEntity)
		if doc.Find("#file[aria-invalid]").Length() != 1 || text(doc.Find("#wrong")) == "" {
			t.Errorf("%s: %s", name, text(doc.Find("main")))
		}
	}
	doc := b.imports(file, "act", "show").page(http.StatusOK)
	said := text(doc.Find("main"))
	for _, want := range []string{"1 Hari → Satu Hari", "Rp6.500 → Rp5.000 diubah di panel", "Pertahankan"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
	if doc.Find("button[value=apply]").Length() != 0 {
		t.Error("it is applied without a word about the panel's work")
	}
	document := doc.Find("input[name=document]").AttrOr("value", "")
	// Changed in between: shown again, with what is there now.
	doc = b.imports("", "document", document, "panel", "overwrite", "act", "show").page(http.StatusOK)
	seen := doc.Find("input[name=shown]").AttrOr("value", "")
	b.submit("/admin/catalogue/plans/sejam", "main form", "note", "Baru", "act", "save").moved()
	doc = b.imports("", "document", document, "panel", "overwrite", "shown", seen, "act", "apply").page(http.StatusConflict)
	if x, err := p.Store.Plan(ctx, "sejam"); err != nil || x.Note != "Baru" || !strings.Contains(text(doc.Find("main")), "Baru") || text(doc.Find("main .note.bad")) == "" {
		t.Error(x.Note, text(doc.Find("main")), err)
	}
	doc = b.imports("", "document", document, "panel", "keep", "act", "show").page(http.StatusOK)
	said = text(doc.Find("main section"))
	if !strings.Contains(said, "Satu Hari") || strings.Contains(said, "Rp5.000") || strings.Contains(said, "Baru") {
		t.Error(said)
	}
	shown := doc.Find("input[name=shown]").AttrOr("value", "")
	apply := func() answer {
		return b.imports("", "document", document, "panel", "keep", "shown", shown, "act", "apply")
	}
	for range 2 {
		if to := apply().moved(); to != "/admin/catalogue/history?m=catalogue.imported" {
			t.Fatal(to)
		}
	}
	if x, err := p.Store.Plan(ctx, "sehari"); err != nil || x.Name != "Satu Hari" || x.Price != 6500 {
		t.Errorf("%+v %v", x, err)
	}
	if r, err := p.Store.Router(ctx, "pojok"); err != nil || r.Disabled || r.Password == "" {
		t.Error("the router lost something", err)
	}
	if n := strings.Count(strings.Join(p.Audits("catalogue"), "\n"), "catalogue.apply"); n != 2 { // the shop's own beginning, and this one
		t.Errorf("applied %d times", n)
	}
}

// Importing and taking a change back ask for a proof of identity as the same acts elsewhere do, and
// the file survives it.
func TestCatalogueActsAskForAProof(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	now, err := p.Store.Catalogue(ctx)
	p.Must(err)
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "6.500", "act", "save").moved()
	p.Clock.Add(6 * time.Minute)
	to := b.stale("/admin/catalogue/history", "form[action$='/back']")
	if x, err := p.Store.Plan(ctx, "sehari"); err != nil || x.Price != 6500 {
		t.Fatal("taken back without a proof:", x.Price, err)
	}
	if got := b.submit(to, "form[action='/admin/prove']", "password", password).moved(); got != "/admin/catalogue/history?m=catalogue.taken_back" {
		t.Error(got)
	}
	if x, err := p.Store.Plan(ctx, "sehari"); err != nil || x.Price != 5000 {
		t.Error(x.Price, err)
	}
	p.Clock.Add(6 * time.Minute)
	to = b.imports(strings.Replace(string(now.Document()), `name: "1 Hari"`, `name: "Satu Hari"`, 1), "act", "show").moved()
	if !strings.HasPrefix(to, "/admin/prove?") {
		t.Fatal(to)
	}
	doc := b.submit(to, "form[action='/admin/prove']", "password", password).page(http.StatusOK)
	if !strings.Contains(text(doc.Find("main")), "1 Hari → Satu Hari") {
		t.Error(text(doc.Find("main")))
	}
}
