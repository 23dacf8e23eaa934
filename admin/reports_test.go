package admin

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gerai/admin/reports"
	"gerai/internal/actor"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

// busy is a shop that sold one day and one hour at one place and a month at
// another.
func busy(t *testing.T) *panel {
	t.Helper()
	p := open(t)
	for plan, method := range map[string]string{"sehari": "qris", "sejam": "qris", "bulanan": "va:BCA"} {
		p.Pay(p.Buy(plan, method))
	}
	p.Buy("sehari", "qris") // left unpaid
	p.RunAll()
	return p
}

// ask posts the export form of a page.
func (b *browser) ask(page string, pairs ...string) answer {
	b.Helper()
	return b.submit(page, "form[action$='/export']", pairs...)
}

func TestReportsShowTheMoney(t *testing.T) {
	p := busy(t)
	b := p.as(staff.Admin)
	doc := b.get("/admin/reports").page(http.StatusOK)
	body := text(doc.Find("main"))
	for _, want := range []string{"Rp92.000", "Rp30.666", "Rp4.489", "Rp87.511", "Bulanan · Kos Melati"} { // 5000+2000+85000; fees 35+14+4440
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in %s", want, body)
		}
	}
	if last := text(doc.Find("figure .hit title").Last()); !strings.Contains(last, "24 Nov 2026: Rp92.000 (60 hari sebelumnya: Rp0)") || doc.Find("figure .hit title").Length() != reports.ReportDays || doc.Find("figure .now rect").Length() != 1 {
		t.Errorf("the last bar says %q", last)
	}
	if text(doc.Find("figure .ticks text").First()) != "26 Sep" || text(b.get("/admin/reports?period=week").page(http.StatusOK).Find("figure .ticks text").First()) != "mg 39" {
		t.Error("dates below the chart:", text(doc.Find("figure .ticks")))
	}
	if n := doc.Find("figure tbody tr").Length(); n != reports.ReportDays {
		t.Errorf("%d days in the table", n)
	}
	link, _ := doc.Find("table a:contains('Bulanan')").Attr("href")
	u, err := url.Parse(link)
	if err != nil || u.Path != "/admin/orders" || u.Query().Get("plan") != "bulanan" || u.Query().Get("from") == "" || u.Query().Get("until") == "" {
		t.Errorf("drill-down leads to %s", link)
	}
	for query, want := range map[string]string{"site=kopi": "Rp7.000", "plan=sejam": "Rp2.000", "method=va:BCA": "Rp85.000", "channel=cash": "Rp0", "validity=43200": "Rp85.000", "validity=1440": "Rp5.000", "validity=7": "Rp0", "redeem=unused": "Rp92.000", "redeem=spent": "Rp0", "period=week": "Rp92.000", "from=2026-01-01&to=2026-01-31": "Rp0"} {
		if got := text(b.get("/admin/reports?" + query).page(http.StatusOK).Find(".tiles li b").First()); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	kpi := text(b.get("/admin/reports/kpi").page(http.StatusOK).Find("main"))
	for _, want := range []string{"75 %", "100 %", "belum ada data", "0 per 1.000", "Rasio piutang", "Waktu rekonsiliasi"} { // 3 of 4 paid
		if !strings.Contains(kpi, want) {
			t.Errorf("%q is missing in %s", want, kpi)
		}
	}
	if got := text(b.get("/admin/reports/resale").page(http.StatusOK).Find("tbody tr").Last()); !strings.HasPrefix(got, "Nov 2026") || !strings.Contains(got, "Rp92.000") {
		t.Error(got)
	}
}

func TestReportsRefuseNonsense(t *testing.T) {
	p := busy(t)
	b := p.as(staff.Admin)
	for query, status := range map[string]int{"from=nonsense": 422, "to=2026-02-30": 422, "from=2026-11-25&to=2026-11-24": 422, "from=2001-01-01": 422, "from=%00%ff": 422, "site=tidak-ada": 404, "plan=tidak-ada": 404,
		"method=%27--": 200, "redeem=x": 200, "validity=-1": 200, "validity=99999999999999999999": 200, "validity=x": 200, "channel=x": 200, "period=x": 200} {
		for _, page := range []string{"/admin/reports", "/admin/reports/kpi", "/admin/reports/resale", "/admin/reports/tech"} {
			doc := b.get(page + "?" + query).page(status)
			if status == 422 && doc.Find("#wrong").Length() != 1 {
				t.Errorf("%s?%s says nothing", page, query)
			}
		}
	}
	if a := b.ask("/admin/reports", "what", "passwords"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Error(a.StatusCode)
	}
	if a := b.ask("/admin/reports", "site", "tidak-ada"); a.StatusCode != http.StatusNotFound {
		t.Error(a.StatusCode)
	}
}

// An account of one site sees the money of no other, in pages and in files.
func TestReportsKeepToOnesSites(t *testing.T) {
	p := busy(t)
	b := p.as(staff.Admin)
	ctx := context.Background()
	account, err := p.Store.StaffByName(ctx, "uji-admin")
	if err != nil {
		t.Fatal(err)
	}
	account.Sites = []string{"kopi"}
	if err := p.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveStaff(ctx, account) }); err != nil {
		t.Fatal(err)
	}
	doc := b.get("/admin/reports").page(http.StatusOK)
	if body := text(doc.Find("main")); !strings.Contains(body, "Rp7.000") || strings.Contains(body, "Melati") || strings.Contains(body, "85.000") {
		t.Error(body)
	}
	for _, what := range []string{"sites", "orders", "plans"} {
		if a := b.ask("/admin/reports", "what", what, "format", "csv"); a.StatusCode != http.StatusOK || bytes.Contains(a.body, []byte("Melati")) || !bytes.Contains(a.body, []byte("Kopi")) {
			t.Errorf("%s: %d %s", what, a.StatusCode, a.body)
		}
	}
	b.get("/admin/reports?site=kos").page(http.StatusNotFound)
}

func TestExportsReadBack(t *testing.T) {
	p := busy(t)
	b := p.as(staff.Admin)
	a := b.ask("/admin/reports", "what", "orders", "format", "csv_excel")
	if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Disposition"), `attachment; filename="gerai-orders-`) || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatal(a.StatusCode, a.Header)
	}
	plain, marked := bytes.CutPrefix(a.body, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(plain))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || !marked || len(rows) != 5 || rows[0][0] != "Kode" || rows[0][8] != "Penjual" || rows[0][9] != "Status" {
		t.Fatalf("%v %v (%v)", marked, rows, err)
	}
	paid := 0
	for _, row := range rows[1:] {
		if row[9] == "selesai" {
			paid++
		}
		if strings.Contains(strings.Join(row, " "), "activated") || strings.Contains(strings.Join(row, " "), "pending") {
			t.Errorf("a state in English: %v", row)
		}
	}
	if paid != 3 {
		t.Errorf("%d orders of 3 are activated in %v", paid, rows)
	}
	for _, what := range reports.MoneyTables {
		a := b.ask("/admin/reports", "what", what)
		f, err := excelize.OpenReader(bytes.NewReader(a.body))
		if err != nil {
			t.Fatalf("%s: %d %v", what, a.StatusCode, err)
		}
		got, err := f.GetRows(f.GetSheetList()[0], excelize.Options{RawCellValue: true})
		_ = f.Close()
		if err != nil || len(got) < 2 && what != "promotions" { // there were none
			t.Errorf("%s: %v %v", what, got, err)
		}
		if what == "channels" && strings.Join(got[1], " ") != "Online 3 92000 0 92000 30666 92000 0 4489 87511" {
			t.Errorf("channels: %v", got)
		}
	}
	if a := b.ask("/admin/reports/resale", "what", "resale", "format", "csv"); !bytes.Contains(a.body, []byte("2026-11-01,Bulanan · Kos Melati,1,85000,0")) {
		t.Errorf("%s", a.body)
	}
	trail, err := p.Store.AuditOf(context.Background(), "report:orders")
	if err != nil || len(trail) != 2 || trail[0].Actor != "staff:uji-admin" || !strings.Contains(trail[0].Detail, `"format":"csv"`) {
		t.Errorf("%+v %v", trail, err)
	}
}

// Key figures have a source each: money that did not add up, money not confirmed,
// customers who needed help.
func TestKeyFiguresHaveSources(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	b.onShift()
	b.sells("method", "transfer", "reference", "BCA 0042")
	o := p.Buy("sehari", "qris")
	p.PayAmount(o, 7000) // Rp2.000 too much, given back ten minutes later
	p.RunAll()
	p.Clock.Add(10 * time.Minute)
	owed, err := p.Store.Refunds(ctx, o.ID)
	if err != nil || len(owed) != 1 {
		t.Fatal(owed, err)
	}
	admin := actor.Actor{ID: "x", Name: "x", AuditName: "test"}
	if err := p.Shop.Refunds.ApproveRefund(ctx, refunds.DecideIn{ID: owed[0].ID, Typed: "2000", Reason: "bayar lebih", Actor: admin}); err != nil {
		t.Fatal(err)
	}
	p.RunAll()
	read := func() map[string]string {
		out := map[string]string{}
		r := csv.NewReader(bytes.NewReader(b.ask("/admin/reports/kpi", "what", "figures", "format", "csv").body))
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			out[row[0]] = row[1]
		}
		return out
	}
	got := read()
	for name, want := range map[string]string{"Jadi bayar": "100", "Piutang": "5000", "Rasio piutang": "50", "Waktu rekonsiliasi": "600", "Rekonsiliasi paling lambat": "600", "Butuh bantuan": "500"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q: %v", name, got[name], want, got)
		}
	}
	if err := p.Shop.Refunds.Confirm(ctx, admin, receivableKey(t, p), false); err != nil {
		t.Fatal(err)
	}
	if got := read(); got["Piutang"] != "0" {
		t.Error(got["Piutang"])
	}
}

func receivableKey(t *testing.T, p *panel) string {
	t.Helper()
	all, err := p.Store.Receivables(ctx)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return all[0].Key
}

// A technician learns how routers deliver and nothing about money.
func TestTechnicalReportHasNoMoney(t *testing.T) {
	p := busy(t)
	b := p.as(staff.Teknisi)
	body := text(b.get("/admin/reports/tech").page(http.StatusOK).Find("main"))
	a := b.ask("/admin/reports/tech", "format", "csv")
	for _, have := range []string{body, string(a.body)} {
		if strings.Contains(have, "Rp") || strings.Contains(have, "5000") || !strings.Contains(have, "pojok") || !strings.Contains(have, "100") {
			t.Errorf("%s", have)
		}
	}
	for _, page := range []string{"/admin/reports", "/admin/reports/kpi", "/admin/reports/resale", "/admin/reports/fees"} {
		b.get(page).page(http.StatusForbidden)
	}
	p.as(staff.Kasir).get("/admin/reports/tech").page(http.StatusForbidden)
}

func TestFeesAreSet(t *testing.T) {
	p := busy(t)
	b := p.as(staff.Admin)
	a := b.submit("/admin/reports/fees", "main form", "qris_percent", "1,005", "va_fixed", "4.000")
	doc := a.page(http.StatusUnprocessableEntity)
	if doc.Find("#qris_percent").AttrOr("value", "") != "1,005" || doc.Find("#va_fixed").AttrOr("value", "") != "4.000" || doc.Find("#qris_percent[aria-invalid]").Length() != 1 {
		t.Error("the form does not keep what was typed")
	}
	for range 2 { // the same form twice is noted once
		if to := b.submit("/admin/reports/fees", "main form", "qris_percent", "1,5", "va_fixed", "4.000").moved(); to != "/admin/reports/fees?m=fees" {
			t.Error(to)
		}
	}
	if got := text(b.get("/admin/reports").page(http.StatusOK).Find("main")); !strings.Contains(got, "Rp4.105") { // 75+30+4000
		t.Error(got)
	}
	trail, err := p.Store.AuditOf(context.Background(), "settings:fees")
	if err != nil || len(trail) != 1 {
		t.Errorf("%v %v", trail, err)
	}
}

func TestPercentIsNeverRounded(t *testing.T) {
	for s, want := range map[string]int64{"0,7": 70, "0.70": 70, "1": 100, " 100 ": 10_000, "0,05": 5} {
		if n, ok := reports.ParsePercent(s); !ok || n != want {
			t.Errorf("%q is %d %v", s, n, ok)
		}
	}
	for _, s := range []string{"", "x", "-1", "0,001", "101", "1e2", ",5", "1,2,3"} {
		if n, ok := reports.ParsePercent(s); ok {
			t.Errorf("%q is %d", s, n)
		}
	}
}

// A file that a reader gives up gives its place back.
func TestExportPlacesComeBack(t *testing.T) {
	p := open(t, shoptest.With(nil))
	b := p.as(staff.Admin)
	for range 6 {
		if a := b.ask("/admin/reports", "what", "trend", "format", "csv"); a.StatusCode != http.StatusOK {
			t.Fatal(a.StatusCode)
		}
		// The place is free a moment after the last byte.
		testenv.Eventually(t, time.Minute, func() (bool, string) {
			n := p.handler.Exporting.Numbers()
			return n.Working == 0, fmt.Sprintf("%+v", n)
		})
	}
}
