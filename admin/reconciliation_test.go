package admin

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/staff"
)

// compared is a shop whose first day was compared: a sale that both sides know, and one
// that the gateway's list leaves out.
func compared(t *testing.T) (p *panel, known, lost order.Order) {
	t.Helper()
	p = open(t)
	known, lost = p.Bought(), p.Bought()
	p.Xendit.SetFaults(xenditsim.Faults{HideTransactions: []string{p.Reference(lost)}})
	p.nextNight("2026-11-25")
	return p, known, lost
}

// nextNight lets the nights until a day come and go.
func (p *panel) nextNight(day report.Day) {
	p.Helper()
	p.Clock.Set(day.Start(p.Shop.Zone).Add(3 * time.Hour))
	if err := p.Shop.Reconciliation.Schedule(ctx); err != nil {
		p.Fatal(err)
	}
	for range 3 {
		p.RunAll()
		p.Clock.Add(31 * time.Second)
	}
}

func TestReconciliationPage(t *testing.T) {
	t.Parallel()
	p, known, lost := compared(t)
	b := p.as(staff.Admin)
	doc := b.get("/admin/reconciliation").page(http.StatusOK)
	said := text(doc.Find("main"))
	if !strings.Contains(said, lost.Code.Pretty()) || strings.Contains(said, known.Code.Pretty()) || !strings.Contains(said, "Tidak ada di gateway") || !strings.Contains(said, "Sama dengan laporan pendapatan") {
		t.Fatal(said)
	}
	at, _ := doc.Find("tbody a[href^='/admin/reconciliation/']").First().Attr("href")
	if said := text(b.get("/admin/reconciliation?view=all&state=matched").page(http.StatusOK).Find("main tbody")); !strings.Contains(said, known.Code.Pretty()) || strings.Contains(said, lost.Code.Pretty()) {
		t.Error(said)
	}
	row := b.get(at).page(http.StatusOK)
	if link, _ := row.Find(".bar a.btn").Attr("href"); link != "/admin/orders/"+string(lost.Code) {
		t.Errorf("the row leads to %q", link)
	}
	if said := text(b.get("/admin").page(http.StatusOK).Find("main")); !strings.Contains(said, "1 selisih rekonsiliasi") {
		t.Error("the dashboard does not mention it:", said)
	}
	b.submit(at, "form[action$='/note']", "note", "saya tanya Xendit").moved()
	who := ""
	row.Find("#owner option").Each(func(_ int, s *goquery.Selection) {
		if s.Text() == "uji-admin" {
			who, _ = s.Attr("value")
		}
	})
	b.submit(at, "form[action$='/assign']", "owner", who).moved()
	if a := b.submit(at, "form[action$='/explain']", "reason", "x"); a.StatusCode != http.StatusUnprocessableEntity || text(a.page(a.StatusCode).Find("[role=alert]")) == "" {
		t.Error(a.StatusCode)
	}
	b.submit(at, "form[action$='/explain']", "reason", "dipastikan lewat mutasi bank").moved()
	said = text(b.get(at).page(http.StatusOK).Find("main"))
	if !strings.Contains(said, "saya tanya Xendit") || !strings.Contains(said, "dipastikan lewat mutasi bank") || !strings.Contains(said, "uji-admin") {
		t.Error(said)
	}
	if said := text(b.get("/admin/reconciliation").page(http.StatusOK).Find("main")); !strings.Contains(said, "Tidak ada selisih yang terbuka") {
		t.Error(said)
	}
	for _, bad := range []string{"/admin/reconciliation?from=kemarin", "/admin/reconciliation?from=2026-12-01&to=2026-11-01"} {
		if a := b.get(bad); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, a.StatusCode)
		}
	}
	if a := b.get("/admin/reconciliation/nothing"); a.StatusCode != http.StatusNotFound {
		t.Error(a.StatusCode)
	}
}

// What a router holds otherwise than the books want is a row that leads to its voucher; the
// page says how far each router was compared.
func TestReconciliationOfRouters(t *testing.T) {
	t.Parallel()
	p := open(t)
	p.Clock.Add(time.Hour) // the router started long ago
	o := p.Bought()
	p.Review()
	p.lose(o)
	p.Must(p.Shop.Reconciliation.Schedule(ctx))
	b := p.as(staff.Admin)
	doc := b.get("/admin/reconciliation").page(http.StatusOK)
	row := doc.Find("main tbody tr")
	if said := text(row); row.Length() != 1 || !strings.Contains(said, o.Username) || !strings.Contains(said, "Router tidak sesuai") || !strings.Contains(said, "tidak ada di router") || strings.Contains(said, "Rp") {
		t.Fatal(said)
	}
	if said := text(doc.Find("main li:has(a[href='/admin/routers/pojok/review'])")); !strings.Contains(said, "1 berbeda") {
		t.Error(said)
	}
	at, _ := row.Find("th a").Attr("href")
	page := b.get(at).page(http.StatusOK)
	if link, _ := page.Find(".bar a.btn").Attr("href"); link != "/admin/vouchers/"+p.VoucherOf(o).ID {
		t.Errorf("the row leads to %q", link)
	}
	if said := text(page.Find("main")); !strings.Contains(said, "Dihapus dari router") || page.Find(".bar a[href='/admin/routers/pojok/review']").Length() != 1 {
		t.Error(said)
	}
	rows, err := csv.NewReader(bytes.NewReader(b.submit("/admin/reconciliation?kind=access", "form.export", "format", "csv").body)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][5] != o.Username || !strings.Contains(strings.Join(rows[1], ";"), ";tidak ada di router") {
		t.Error(rows, err)
	}
	p.Must(p.PutBack(o))
	b.submit(at, "form[action$='/ask']").moved()
	if said := text(b.get(at).page(http.StatusOK).Find("main")); !strings.Contains(said, "Sudah sesuai") {
		t.Error(said)
	}
}

// The files hold every row of the page, and add up to what it says.
func TestReconciliationFiles(t *testing.T) {
	t.Parallel()
	p, known, lost := compared(t)
	b := p.as(staff.Admin)
	a := b.submit("/admin/reconciliation?view=all", "form.export", "format", "csv")
	rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	sum := 0
	for _, r := range rows[1:] {
		n, err := strconv.Atoi(r[7])
		if err != nil {
			t.Fatal(r)
		}
		sum += n
	}
	if sum != 10_000 || !strings.Contains(string(a.body), known.Code.Pretty()) {
		t.Error(sum, string(a.body))
	}
	a = b.submit("/admin/reconciliation", "form.export", "format", "xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil || len(lines) != 2 || lines[1][4] != lost.Code.Pretty() || lines[1][7] != "5000" {
		t.Errorf("%q %v", lines, err)
	}
	if trail := p.Audits("reconciliation"); len(trail) != 2 {
		t.Error(trail)
	}
}

// A month is closed once, with its name typed and a reason; its page is an admin's alone.
func TestMonthIsClosedInThePanel(t *testing.T) {
	t.Parallel()
	p, _, _ := compared(t)
	p.Xendit.SetFaults(xenditsim.Faults{})
	p.nextNight("2026-12-03")
	b := p.as(staff.Admin)
	page := "/admin/reconciliation/months/2026-11/close"
	if b.get("/admin/reconciliation").page(http.StatusOK).Find("a[href='"+page+"']").Length() != 1 {
		t.Fatal("nothing leads to", page)
	}
	if a := b.submit(page, "main form", "typed", "2026-10", "reason", "cocok semua"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Error(a.StatusCode)
	}
	b.submit(page, "main form", "typed", "2026-11", "reason", "cocok semua").moved()
	if said := text(b.get("/admin/reconciliation").page(http.StatusOK).Find("main")); !strings.Contains(said, "Ditutup") || !strings.Contains(said, "cocok semua") {
		t.Error(said)
	}
	if a := b.get(page); a.StatusCode != http.StatusSeeOther {
		t.Error("closed twice:", a.StatusCode)
	}
	if a := b.get("/admin/reconciliation/months/1999-13/close"); a.StatusCode != http.StatusNotFound {
		t.Error(a.StatusCode)
	}
	for _, role := range []string{staff.Kasir, staff.Teknisi} {
		x := p.as(role)
		for _, at := range []string{"/admin/reconciliation", page} {
			if a := x.get(at); a.StatusCode != http.StatusForbidden {
				t.Errorf("%s as %s: %d", at, role, a.StatusCode)
			}
		}
	}
}
