package admin

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gerai/admin/counter"
	"gerai/internal/actor"
	"gerai/internal/staff"
)

// A shift says what was sold, how, what was taken back and what must lie in the
// till: on the page, on paper and in files.
func TestShiftReport(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	b.sells()
	b.sells("plan", "sejam")
	b.sells("method", "transfer", "reference", "BCA 0042")
	s, found, err := p.Store.OpenShift(ctx, staffID(t, p, "uji-kasir"))
	if err != nil || !found {
		t.Fatal(found, err)
	}
	want := []string{"Rp5.000", "Rp2.000", "Rp12.000", "Rp107.000"} // one of each, all sales, opening and cash
	for _, path := range []string{"/admin/shift", "/admin/shift/" + s.ID, "/admin/shift/" + s.ID + "/print", "/admin/shift/" + s.ID + "/print?w=80"} {
		body := text(b.get(path).page(http.StatusOK).Find("main"))
		for _, w := range append(want, "Belum dikonfirmasi") {
			if !strings.Contains(body, w) {
				t.Errorf("%s: %q is missing in %s", path, w, body)
			}
		}
	}
	if n := b.get("/admin/shift/" + s.ID + "/print?w=80").page(http.StatusOK).Find(".receipt.w80").Length(); n != 1 {
		t.Error("no wide paper")
	}
	form := "form[action='/admin/shift/" + s.ID + "/export']"
	a := b.submit("/admin/shift", form, "format", "csv_excel")
	plain, marked := bytes.CutPrefix(a.body, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(plain))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || !marked || !strings.Contains(a.Header.Get("Content-Disposition"), `filename="shift-uji-kasir-`) {
		t.Fatal(marked, err, a.Header)
	}
	sums := map[string]string{}
	for _, row := range rows {
		sums[row[0]+"|"+row[1]+"|"+row[2]] = row[3] + "|" + row[4]
	}
	for key, w := range map[string]string{"Terjual|1 Hari|Tunai": "1|5000", "Terjual|1 Jam|Tunai": "1|2000", "Terjual|1 Hari|Transfer": "1|5000", "Jumlah penjualan||": "3|12000", "Belum dikonfirmasi||": "1|5000", "Seharusnya di laci||": "|107000"} {
		if sums[key] != w {
			t.Errorf("%s is %q, want %q: %v", key, sums[key], w, sums)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.submit("/admin/shift", form).body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows(f.GetSheetList()[0], excelize.Options{RawCellValue: true})
	if err != nil || len(got) != len(rows) {
		t.Errorf("%v %v", got, err)
	}
	trail, err := p.Store.AuditOf(ctx, "shift:"+s.ID)
	exports := 0
	for _, row := range trail {
		if row.Action == "report.export" {
			exports++
		}
	}
	if err != nil || exports != 2 {
		t.Errorf("%d exports in the trail (%v)", exports, err)
	}
}

// A kasir sees and exports only their own shifts; with the right to all reports every
// shift.
func TestShiftReportsArePrivate(t *testing.T) {
	p := open(t)
	mine := p.as(staff.Kasir).onShift()
	mine.sells()
	s, _, err := p.Store.OpenShift(ctx, staffID(t, p, "uji-kasir"))
	if err != nil {
		t.Fatal(err)
	}
	other := p.browser()
	if _, err := p.accounts.Add(ctx, actor.Named("test"), "kasir-lain", staff.Kasir, password); err != nil {
		t.Fatal(err)
	}
	other.submit("/admin/login", "form", "name", "kasir-lain", "password", password).moved()
	other.onShift()
	stolen := other.get("/admin/shift").page(http.StatusOK).Find("form[action$='/export'] input[name=csrf]").AttrOr("value", "")
	for _, path := range []string{"/admin/shift/" + s.ID, "/admin/shift/" + s.ID + "/print", "/admin/shift/none/print"} {
		other.get(path).page(http.StatusNotFound)
	}
	if a := other.do(http.MethodPost, "/admin/shift/"+s.ID+"/export", map[string][]string{"csrf": {stolen}, "format": {"csv"}}); a.StatusCode != http.StatusNotFound {
		t.Error(a.StatusCode)
	}
	admin := p.as(staff.Admin)
	if body := text(admin.get("/admin/shift/" + s.ID + "/print").page(http.StatusOK).Find("main")); !strings.Contains(body, "uji-kasir") {
		t.Error(body)
	}
	p.as(staff.Teknisi).get("/admin/shift/" + s.ID + "/print").page(http.StatusForbidden)
}

// The list of shifts turns its pages by key and shows each shift once.
func TestShiftsArePaged(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	clerk := actor.Staff(staffID(t, p, "uji-kasir"), "uji-kasir", nil)
	all := map[string]bool{}
	for range counter.ShiftsShown + 5 {
		if err := p.Shop.Counter.OpenShift(ctx, clerk, 0); err != nil {
			t.Fatal(err)
		}
		s, _, err := p.Store.OpenShift(ctx, clerk.ID)
		if err == nil {
			_, err = p.Shop.Counter.CloseShift(ctx, clerk, s.ID, 0, "")
		}
		if err != nil {
			t.Fatal(err)
		}
		all["/admin/shift/"+s.ID] = true
		if len(all)%3 == 0 { // some begin at the very same instant
			p.Clock.Add(time.Minute)
		}
	}
	seen := 0
	for path := "/admin/shift"; path != ""; {
		doc := b.get(path).page(http.StatusOK)
		for _, link := range doc.Find("tbody th a").Nodes {
			href := link.Attr[0].Val
			if !all[href] {
				t.Fatalf("%s twice, or unknown", href)
			}
			delete(all, href)
			seen++
		}
		path, _ = doc.Find("a[href*='before=']").Attr("href")
	}
	if len(all) > 0 || seen != counter.ShiftsShown+5 {
		t.Errorf("%d shifts are never listed", len(all))
	}
	b.get("/admin/shift?before=x.%27--").page(http.StatusOK)
}

func staffID(t *testing.T, p *panel, name string) string {
	t.Helper()
	s, err := p.Store.StaffByName(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// A shift without a note in its till is of the sites it sold for all the same.
func TestAShiftOfTransfersIsNoOtherSitesBusiness(t *testing.T) {
	p := open(t)
	kasir, admin := p.as(staff.Kasir), p.as(staff.Admin)
	kasir.onShift().sells("method", "transfer", "reference", "BCA-1", "given", "")
	s, err := p.Store.StaffByName(ctx, "uji-kasir")
	if err != nil {
		t.Fatal(err)
	}
	shift, open, err := p.Store.OpenShift(ctx, s.ID)
	if err != nil || !open {
		t.Fatal(open, err)
	}
	if a := admin.get("/admin/shift/" + shift.ID); a.StatusCode != http.StatusOK {
		t.Fatal(a.StatusCode)
	}
	kasir.limit("uji-kasir", "kos") // moved there since, and managed there
	admin.limit("uji-admin", "kos")
	for _, path := range []string{"", "/print"} {
		if a := admin.get("/admin/shift/" + shift.ID + path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: what was sold at another site: %d", path, a.StatusCode)
		}
	}
}
