package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/staff"
)

// What customers complain of is chosen with what staff give back, counted in reports, and set
// beside the figures from before Gerai.
func TestComplaintsAndTheTimeBefore(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin).onShift()
	var links []string
	for range 2 {
		o := b.sells()
		p.RunAll()
		links = append(links, b.get("/admin/orders/"+string(o.Code)).page(http.StatusOK).Find("a[href*='/refund/']").AttrOr("href", ""))
	}
	if doc := b.submit(links[0], "main form", "typed", "5000", "reason", "mati lampu", "complaint", "hujan").page(http.StatusUnprocessableEntity); doc.Find("[aria-invalid=true]").AttrOr("name", "") != "complaint" {
		t.Fatal(text(doc.Find("main")))
	}
	b.submit(links[0], "main form", "typed", "5000", "reason", "mati lampu", "complaint", "offline").moved()
	b.submit(links[1], "main form", "typed", "5000", "reason", "salah ketik", "complaint", "").moved()
	p.RunAll()
	page := b.get("/admin/reports").page(http.StatusOK).Find("main")
	if said := text(page); !strings.Contains(said, "Keluhan pelanggan") || !strings.Contains(said, "Tidak tersambung") || strings.Contains(said, "Dibanding sebelum Gerai") {
		t.Fatal(said)
	}
	if doc := b.submit("/admin/reports/baseline", "main form[action$='/baseline']", "revenue", "banyak").page(http.StatusUnprocessableEntity); doc.Find("#revenue").AttrOr("value", "") != "banyak" {
		t.Error(text(doc.Find("main")))
	}
	b.submit("/admin/reports/baseline", "main form[action$='/baseline']", "revenue", "9.000.000", "vouchers", "1500", "complaints", "30").moved()
	said := text(b.get("/admin/reports").page(http.StatusOK).Find("main"))
	for _, want := range []string{"Dibanding sebelum Gerai", "Rp9.000.000", "1.500"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %s", want, said)
		}
	}
	if said := text(b.get("/admin/reports?site=kopi").page(http.StatusOK).Find("main")); strings.Contains(said, "Rp9.000.000") {
		t.Error("the whole shop's figures stand beside those of one site")
	}
	if got := p.Audits("settings:baseline"); len(got) != 1 {
		t.Error(got)
	}
	p.as(staff.Kasir).get("/admin/reports/baseline").page(http.StatusForbidden)
}
