package admin

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/admission"
	"gerai/internal/fault"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// batchOf is the batch whose page the address opens.
func batchID(t *testing.T, to string) string {
	t.Helper()
	id, _, _ := strings.Cut(strings.TrimPrefix(to, "/admin/vouchers/batches/"), "?")
	if id == "" || strings.Contains(id, "/") {
		t.Fatal(to)
	}
	return id
}

func TestVouchersFromFormToCounter(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	to := b.submit("/admin/vouchers/new?site=kopi", "main form", "plan", "sehari", "router", "pojok", "count", "25", "note", "warung").moved()
	id := batchID(t, to)
	running := b.get(to).page(http.StatusOK)
	if running.Find("#progress[hx-get]").Length() != 1 || !strings.Contains(text(running.Find("#progress")), "0 dari 25") || !strings.Contains(running.Find("head noscript").Text(), `http-equiv="refresh"`) {
		t.Error(text(running.Find("#progress")))
	}
	if to := b.submit("/admin/vouchers/batches/"+id, "form[action$='/pause']").moved(); !strings.Contains(to, "batch.paused") {
		t.Error(to)
	}
	p.RunAll()
	if to := b.submit("/admin/vouchers/batches/"+id, "form[action$='/resume']").moved(); !strings.Contains(to, "batch.resumed") {
		t.Error(to)
	}
	p.RunAll()
	doc := b.get("/admin/vouchers/batches/" + id).page(http.StatusOK)
	if doc.Find("#progress[hx-get]").Length() != 0 || !strings.Contains(text(doc.Find("#progress")), "25 dari 25") || doc.Find("form[action$='/cancel']").Length() != 0 {
		t.Error(text(doc.Find("#progress")))
	}
	batch, err := p.Store.Batch(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	p.CheckBatch(batch, voucher.BatchDone)

	// The stock, and a level that is not met.
	b.submit("/admin/vouchers", "form[action$='/levels']", "plan", "sehari", "low", "26").moved()
	if line := text(b.get("/admin/vouchers").page(http.StatusOK).Find("tbody tr").First()); !strings.Contains(line, "stok menipis") || !strings.Contains(line, "25") {
		t.Error(line)
	}
	if to := b.submit("/admin/vouchers", "form[action$='/levels']", "plan", "sehari", "low", "abc").moved(); !strings.Contains(to, "stock.low") {
		t.Error(to)
	}

	// A kasir sells one without paper, twice by the same form.
	kasir := p.as(staff.Kasir)
	if kasir.get("/admin/vouchers/sell").page(http.StatusOK).Find("form[action='/admin/vouchers/sell']").Length() != 0 {
		t.Error("the counter sells without a shift")
	}
	kasir.onShift()
	form := kasir.get("/admin/vouchers/sell").page(http.StatusOK).Find("form[method=post][action$='/sell']").First()
	values := url.Values{}
	for _, name := range []string{"csrf", "nonce", "plan", "price"} {
		values.Set(name, form.Find("input[name="+name+"]").AttrOr("value", ""))
	}
	first := kasir.do(http.MethodPost, "/admin/vouchers/sell", values).moved()
	if again := kasir.do(http.MethodPost, "/admin/vouchers/sell", values).moved(); again != first {
		t.Errorf("sold twice: %s and %s", first, again)
	}
	sold := p.StockVoucher(batch, 1)
	sale := kasir.get(first).page(http.StatusOK)
	if sale.Find(".slip .cd").Text() != sold.Username || sold.State != voucher.Sold || !strings.Contains(text(sale.Find(".note.good")), "Rp5.000") {
		t.Error(text(sale.Find("main")))
	}
	other := p.browser()
	if _, err := p.accounts.Add(t.Context(), actor.Named("test"), "kasir-lain", staff.Kasir, password); err != nil {
		t.Fatal(err)
	}
	other.submit("/admin/login", "form", "name", "kasir-lain", "password", password).moved()
	other.get(first).page(http.StatusNotFound)
	b.get(first).page(http.StatusOK) // an admin may, and the audit trail says so

	// Found by name, in any case; the password is nowhere.
	found := b.get("/admin/vouchers/find?q=" + strings.ToUpper(sold.Username)).page(http.StatusOK)
	if row := text(found.Find("tbody tr")); !strings.Contains(row, sold.Username) || !strings.Contains(row, "Terjual") || !strings.Contains(row, batch.Code) {
		t.Error(row)
	}
	stock := b.get("/admin/vouchers/find?batch=" + batch.Code + "&state=stock").page(http.StatusOK)
	if n := stock.Find("tbody tr").Length(); n != 24 {
		t.Error(n)
	}
	if secret := p.StockVoucher(batch, 9); strings.Contains(text(stock.Find("main")), secret.Username) {
		t.Error("a list shows the code of an unsold voucher")
	}
	if n := b.get("/admin/vouchers/find?batch=NOSUCH").page(http.StatusOK).Find("tbody tr").Length(); n != 0 {
		t.Error(n)
	}
}

// At the counter the money may be more than the price, or a transfer.
func TestStockSaleTender(t *testing.T) {
	p := open(t)
	p.Stocked("sehari", "pojok", 3)
	kasir := p.as(staff.Kasir)
	kasir.onShift()
	const form = "form[method=post][action$='/sell']"
	doc := kasir.submit("/admin/vouchers/sell", form, "given", "1.000").page(http.StatusUnprocessableEntity)
	if doc.Find("#given-sehari[aria-invalid]").AttrOr("value", "") != "1.000" || doc.Find("details[open] #given-sehari").Length() != 1 || doc.Find("#wrong").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	sale := kasir.get(kasir.submit("/admin/vouchers/sell", form, "given", "Rp20.000").moved()).page(http.StatusOK)
	if note := text(sale.Find(".note.good")); !strings.Contains(note, "Rp5.000") || !strings.Contains(note, "Rp15.000") {
		t.Error(note)
	}
	if doc := kasir.submit("/admin/vouchers/sell", form, "method", "transfer").page(http.StatusUnprocessableEntity); doc.Find("#reference-sehari[aria-invalid]").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	sale = kasir.get(kasir.submit("/admin/vouchers/sell", form, "method", "transfer", "reference", "bca 9").moved()).page(http.StatusOK)
	if sale.Find(".note.good").Length() != 0 || !strings.Contains(text(sale.Find(".note")), "Transfer Rp5.000") || sale.Find(".slip").Length() != 1 {
		t.Error(text(sale.Find("main")))
	}
}

func TestWrongBatchFormKeepsWhatWasTyped(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	for field, pairs := range map[string][]string{
		"count": {"count", "0"}, "length": {"length", "x"}, "prefix": {"prefix", "<b>"}, "note": {"note", `"><script>`}, "uptime": {"uptime", "-5"},
		"data": {"data", "99999999999999999999"}, "server": {"server", "a=b"}, "charset": {"charset", "x"}, "mode": {"mode", ""},
	} {
		doc := b.submit("/admin/vouchers/new", "main form", append([]string{"plan", "sehari", "router", "pojok", "count", "7"}, pairs...)...).page(http.StatusUnprocessableEntity)
		if doc.Find("#wrong").Length() != 1 || doc.Find("#count").AttrOr("value", "") == "" || doc.Find("script:not([src])").Length() != 0 {
			t.Errorf("%s: %s", field, text(doc.Find("main")))
		}
		if field != "count" && doc.Find("#count").AttrOr("value", "") != "7" {
			t.Errorf("%s: the count is lost", field)
		}
	}
	if all, err := p.Store.ListBatches(t.Context(), nil, "", 10); err != nil || len(all) != 0 {
		t.Fatal(all, err)
	}
}

// Ending a batch: without its code, a reason or a fresh password nothing
// happens.
func TestDisableBatch(t *testing.T) {
	p := open(t)
	batch := p.Stocked("sehari", "pojok", 5)
	b := p.as(staff.Admin)
	page := "/admin/vouchers/batches/" + batch.ID + "/disable"
	if doc := b.get(page).page(http.StatusOK); !strings.Contains(text(doc.Find("form.card")), "5 voucher yang belum terjual") {
		t.Error(text(doc.Find("form.card")))
	}
	for _, pairs := range [][]string{{}, {"typed", "salah1", "reason", "hilang dicuri"}, {"typed", batch.Code, "reason", ""}} {
		if doc := b.submit(page, "form.card", pairs...).page(http.StatusUnprocessableEntity); doc.Find("#wrong").Length() != 1 {
			t.Error(pairs)
		}
	}
	form := b.get(page).page(http.StatusOK).Find("form.card")
	complete := url.Values{"csrf": {form.Find("input[name=csrf]").AttrOr("value", "")}, "token": {form.Find("input[name=token]").AttrOr("value", "")}, "typed": {batch.Code}, "reason": {"hilang dicuri"}, "back": {page}}
	p.Clock.Add(6 * time.Minute)
	if to := b.do(http.MethodPost, page, complete).moved(); !strings.HasPrefix(to, "/admin/prove?next="+url.QueryEscape(page)) {
		t.Error(to)
	}
	if n, err := p.Store.BatchCounts(t.Context(), batch.ID); err != nil || n.By[voucher.Stock] != 5 {
		t.Fatal(n, err)
	}
	b.submit("/admin/prove?next="+url.QueryEscape(page), "main form", "password", password).moved()
	b.submit(page, "form.card", "typed", batch.Code, "reason", "hilang dicuri").moved()
	p.RunAll()
	if n, err := p.Store.BatchCounts(t.Context(), batch.ID); err != nil || n.By[voucher.Disabled] != 5 {
		t.Fatal(n, err)
	}
	if trail := strings.Join(p.Audits("batch:"+batch.ID), "\n"); !strings.Contains(trail, "staff:uji-admin batch.disable") || !strings.Contains(trail, "hilang dicuri") {
		t.Error(trail)
	}
}

func TestOutletsAndHandingOver(t *testing.T) {
	p := open(t)
	batch := p.Stocked("sehari", "pojok", 8)
	b := p.as(staff.Admin).onShift()
	page := "/admin/vouchers/batches/" + batch.ID
	if doc := b.get(page).page(http.StatusOK); doc.Find("form[action$='/assign']").Length() != 0 {
		t.Error("nobody to hand to")
	}
	b.submit("/admin/vouchers/outlets", "main form", "name", "Warung Bu Tini", "phone", "0812-3456-7890", "note", "Rp500 per lembar").moved()
	doc := b.submit("/admin/vouchers/outlets", "main form", "name", "Warung Bu Tini").page(http.StatusUnprocessableEntity)
	if !strings.Contains(text(doc.Find("#wrong")), "nama ini") || strings.Contains(text(doc.Find("table")), "81234567890") {
		t.Error(text(doc.Find("main")))
	}
	b.submit(page, "form[action$='/assign']", "first", "1", "last", "3").moved()
	if doc := b.submit(page, "form[action$='/assign']", "first", "1", "last", "3").page(http.StatusUnprocessableEntity); doc.Find("#wrong").Length() != 1 {
		t.Error("moved twice")
	}
	if doc := b.submit(page, "form[action$='/assign']", "first", "5", "last", "99").page(http.StatusUnprocessableEntity); doc.Find("#first").AttrOr("value", "") != "5" {
		t.Error("what was typed is lost")
	}
	edit, _ := b.get("/admin/vouchers/outlets").page(http.StatusOK).Find("tbody th a").Attr("href")
	if phone := b.get(edit).page(http.StatusOK).Find("#phone").AttrOr("value", ""); phone != "+6281234567890" {
		t.Error(phone)
	}
	b.submit(edit, "main form", "name", "Warung Bu Tini Baru").moved()
	line := b.get("/admin/vouchers/outlets").page(http.StatusOK).Find("tbody tr")
	if !strings.HasPrefix(text(line), "Warung Bu Tini Baru") || text(line.Find(".num").First()) != "3" {
		t.Error(text(line))
	}
	if doc := b.get("/admin/vouchers/sell?code=" + p.StockVoucher(batch, 2).Username).page(http.StatusOK); !strings.Contains(text(doc.Find("#wrong")), "mitra") {
		t.Error(text(doc.Find("main")))
	}
}

var inFile = regexp.MustCompile(`filename="voucher-[0-9A-Z]{6}-1-3\.(pdf|csv|xlsx)"`)

func TestPrinting(t *testing.T) {
	p := open(t)
	batch := p.Stocked("sehari", "pojok", 10)
	kasir := p.as(staff.Kasir)
	page := "/admin/vouchers/batches/" + batch.ID + "/print"
	if doc := kasir.get(page).page(http.StatusOK); doc.Find("main .note").Length() != 0 || doc.Find("#last").AttrOr("value", "") != "10" {
		t.Error(text(doc.Find("main")))
	}
	to := kasir.submit(page, "form.card", "first", "1", "last", "3").moved()
	sheet := kasir.get(to).page(http.StatusOK)
	if n := sheet.Find(".slip").Length(); n != 3 || sheet.Find(".slip svg path").Length() != 3 || sheet.Find(".slip .cd").First().Text() != p.StockVoucher(batch, 1).Username {
		t.Fatal(n, text(sheet.Find("main")))
	}
	if css := sheet.Find("link[rel=stylesheet][href*=slips]").Length(); css != 1 {
		t.Error("the paper has no style sheet")
	}
	// No other account opens it, and after an hour none does.
	p.as(staff.Admin).get(to).page(http.StatusNotFound)
	again := kasir.get(page).page(http.StatusOK)
	if warning := text(again.Find("main > .note").Last()); !strings.Contains(warning, "sudah dicetak 1 kali") || !strings.Contains(warning, "uji-kasir") {
		t.Error(warning)
	}
	for format, media := range map[string]string{"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
		p.Clock.Add(time.Second)
		a := kasir.submit(page, "form.card", "first", "1", "last", "3", "format", format)
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != media || !inFile.MatchString(a.Header.Get("Content-Disposition")) {
			t.Fatalf("%s: %d %v %.200s", format, a.StatusCode, a.Header, a.body)
		}
		checkFile(t, p, batch, format, a.body)
	}
	twice := kasir.get(kasir.submit(page, "form.card", "first", "2", "last", "2").moved()).page(http.StatusOK)
	if !strings.Contains(text(twice.Find("main > .note").Last()), "sudah pernah dicetak") {
		t.Error(text(twice.Find("main")))
	}
	p.Clock.Add(time.Minute)
	for _, pairs := range [][]string{{"first", "0"}, {"first", "9", "last", "3"}, {"last", "11"}, {"format", "exe"}} {
		if doc := kasir.submit(page, "form.card", pairs...).page(http.StatusUnprocessableEntity); doc.Find("#wrong").Length() != 1 {
			t.Error(pairs)
		}
	}
	if prints, err := p.Store.Prints(t.Context(), batch.ID, 10); err != nil || len(prints) != 5 {
		t.Fatal(len(prints), err)
	}
	if trail := p.Audits("batch:" + batch.ID); strings.Count(strings.Join(trail, "\n"), "staff:uji-kasir batch.print") != 5 {
		t.Error(trail)
	}
	p.Clock.Add(20 * time.Minute)
	kasir.get("/admin").page(http.StatusOK)
	p.Clock.Add(20 * time.Minute)
	kasir.get("/admin").page(http.StatusOK)
	p.Clock.Add(25 * time.Minute)
	kasir.get(to).page(http.StatusNotFound)
}

func checkFile(t *testing.T, p *panel, batch store.Batch, format string, body []byte) {
	t.Helper()
	var rows [][]string
	switch format {
	case "pdf":
		if !bytes.HasPrefix(body, []byte("%PDF-")) || bytes.Count(body, []byte("/Type /Page\n")) != 1 {
			t.Errorf("%d pages", bytes.Count(body, []byte("/Type /Page\n")))
		}
		return
	case "csv":
		if !bytes.HasPrefix(body, []byte("\ufeff")) {
			t.Error("no mark for Excel")
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
		r.Comma = ';'
		var err error
		if rows, err = r.ReadAll(); err != nil {
			t.Fatal(err)
		}
	case "xlsx":
		checkWorkbook(t, p.StockVoucher(batch, 3).Username, body)
		return
	}
	v := p.StockVoucher(batch, 3)
	want := []string{batch.Code + "-0003", v.Username, v.Password, "1 Hari", "5000", "1 hari", "Kopi Pojok", "http://wifi.kopi.example/login?password=" + v.Password + "&username=" + v.Username}
	if len(rows) != 4 || strings.Join(rows[3], "|") != strings.Join(want, "|") {
		t.Errorf("%s: %q, want %q", format, rows, want)
	}
}

// checkWorkbook looks into the workbook's only sheet; what its cells say is read
// back by the tests of internal/paper.
func checkWorkbook(t *testing.T, username string, body []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	xml, err := io.ReadAll(f)
	if err != nil || strings.Count(string(xml), "<row ") != 4 || !strings.Contains(string(xml), username) || strings.Contains(string(xml), "<f>") {
		t.Errorf("%v %.300s", err, xml)
	}
}

func TestPrintStyle(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	if n := b.get("/admin/vouchers/print").page(http.StatusOK).Find("#preview .slip").Length(); n != 4 {
		t.Error(n)
	}
	values := url.Values{"csrf": {b.get("/admin/vouchers/print").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")},
		"paper": {"58"}, "columns": {"2"}, "note": {`Hubungi <script>alert(1)</script>`}, "brand": {"1"}}
	doc := b.do(http.MethodPost, "/admin/vouchers/print/preview", values).page(http.StatusOK)
	if doc.Find("#preview .p58 .slip").Length() != 2 || doc.Find("#preview svg, #preview script").Length() != 0 || !strings.Contains(text(doc.Find("#preview .ft").First()), "<script>") {
		t.Error(text(doc.Find("#preview")))
	}
	if style, err := p.Store.PrintStyle(t.Context()); err != nil || style.Paper != "a4" {
		t.Error("a preview was kept", err)
	}
	b.do(http.MethodPost, "/admin/vouchers/print", values).moved()
	if style, err := p.Store.PrintStyle(t.Context()); err != nil || style.Paper != "58" || style.QR || !style.Brand {
		t.Error(style, err)
	}
	for _, change := range [][2]string{{"paper", "a3"}, {"columns", "7"}, {"note", strings.Repeat("x", 121)}} {
		wrong := url.Values{}
		for k, v := range values {
			wrong[k] = v
		}
		wrong.Set(change[0], change[1])
		if doc := b.do(http.MethodPost, "/admin/vouchers/print", wrong).page(http.StatusUnprocessableEntity); doc.Find("#wrong").Length() != 1 {
			t.Error(change)
		}
	}
}

// A person of one site sees and touches nothing of another.
func TestVouchersStayInTheirSite(t *testing.T) {
	p := open(t)
	batch := p.Stocked("sehari", "pojok", 2)
	admin := p.as(staff.Admin)
	b := p.scoped("kos", staff.Admin)
	if doc := b.get("/admin/vouchers").page(http.StatusOK); strings.Contains(text(doc.Find("main")), batch.Code) || strings.Contains(text(doc.Find("main")), "1 Hari") {
		t.Error(text(doc.Find("main")))
	}
	for _, path := range []string{"", "/disable", "/print"} {
		b.get("/admin/vouchers/batches/" + batch.ID + path).page(http.StatusNotFound)
	}
	token := b.get("/admin/vouchers").page(http.StatusOK).Find("input[name=csrf]").First().AttrOr("value", "")
	for _, path := range []string{"/pause", "/cancel", "/assign", "/disable", "/print"} {
		b.do(http.MethodPost, "/admin/vouchers/batches/"+batch.ID+path, url.Values{"csrf": {token}, "typed": {batch.Code}, "reason": {"hilang dicuri"}}).page(http.StatusNotFound)
	}
	v := p.StockVoucher(batch, 1)
	if n := b.get("/admin/vouchers/find?q=" + v.Username).page(http.StatusOK).Find("tbody tr").Length(); n != 0 {
		t.Error("found elsewhere")
	}
	b.onShift()
	sale := url.Values{"csrf": {token}, "plan": {"sehari"}, "price": {"5000"}, "nonce": {"nonce-of-a-stranger"}}
	b.do(http.MethodPost, "/admin/vouchers/sell", sale).page(http.StatusUnprocessableEntity)
	sale.Del("plan")
	sale.Set("code", v.Username)
	b.do(http.MethodPost, "/admin/vouchers/sell", sale).page(http.StatusNotFound)
	to := admin.submit("/admin/vouchers/batches/"+batch.ID+"/print", "form.card").moved()
	b.get(to).page(http.StatusNotFound)
	p.CheckBatch(batch, voucher.BatchDone)
	if _, _, err := p.Shop.Counter.StockByCode(t.Context(), nil, v.Username); err != nil {
		t.Error(err)
	}
}

// scoped is a person of the role who works on one site only.
func (p *panel) scoped(site, role string) *browser {
	p.Helper()
	b := p.browser()
	account, err := p.accounts.Add(p.Context(), actor.Named("test"), "uji-"+site, role, password)
	if err != nil {
		p.Fatal(err)
	}
	account.Sites = []string{site}
	if err := p.Store.InTx(p.Context(), actor.Named("test"), func(tx *store.Tx) error { return tx.SaveStaff(p.Context(), account) }); err != nil {
		p.Fatal(err)
	}
	b.submit("/admin/login", "form", "name", "uji-"+site, "password", password).moved()
	return b
}

// However many documents and reports are requested, the shop goes on selling: few are made
// at a time, and what is refused counts as no printing and no export.
func TestDocumentsInTheMakingAreFew(t *testing.T) {
	p := open(t)
	batch := p.Stocked("sehari", "pojok", 3)
	kasir, admin := p.as(staff.Kasir), p.as(staff.Admin)
	page := "/admin/vouchers/batches/" + batch.ID + "/print"
	busy := fault.New(fault.Unavailable, "panel.busy")
	p.handler.Computing = admission.New(admission.Rule{AtOnce: 1}, busy, p.Clock)
	_, leave, err := p.handler.Computing.Enter(t.Context(), "another")
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"pdf", "csv"} {
		doc := kasir.submit(page, "form.card", "format", format).page(http.StatusServiceUnavailable)
		if said := text(doc.Find("main")); !strings.Contains(said, "tetap berjualan") || doc.Find("nav").Length() == 0 {
			t.Errorf("%s", said)
		}
	}
	if prints, err := p.Store.Prints(ctx, batch.ID, 10); err != nil || len(prints) != 0 {
		t.Error(prints, err)
	}
	for _, path := range []string{"/admin/reports", "/admin/reports/kpi", "/admin/reports/resale", "/admin/audit/export"} {
		if a := admin.get(path); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || a.Header.Get("Refresh") != a.Header.Get("Retry-After") {
			t.Errorf("%s: %d %v", path, a.StatusCode, a.Header)
		}
	}
	for _, path := range []string{"/admin", "/admin/orders", "/admin/vouchers", page} { // what is read while selling
		admin.get(path).page(http.StatusOK)
	}
	leave()
	for range 3 { // each gives its place back
		if a := kasir.submit(page, "form.card", "format", "pdf"); a.StatusCode != http.StatusOK {
			t.Error(a.StatusCode)
		}
	}
	admin.get("/admin/reports").page(http.StatusOK)

	p.handler.Exporting = admission.New(admission.Rule{AtOnce: 1}, busy, p.Clock)
	if _, leave, err = p.handler.Exporting.Enter(t.Context(), "another"); err != nil {
		t.Fatal(err)
	}
	before := len(p.Audits("report:trend"))
	admin.ask("/admin/reports", "what", "trend", "format", "csv").page(http.StatusServiceUnavailable)
	if after := len(p.Audits("report:trend")); after != before {
		t.Error("an export that was refused is on record")
	}
	leave()
	if a := admin.ask("/admin/reports", "what", "trend", "format", "csv"); a.StatusCode != http.StatusOK {
		t.Error(a.StatusCode)
	}
}
