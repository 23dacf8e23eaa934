package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gerai/internal/money"
)

var wib = time.FixedZone("WIB", 7*3600)

// write makes a file of some rows.
func write(t *testing.T, o Options, rows ...[]any) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := New(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCSVReadsBack(t *testing.T) {
	at := time.Date(2026, 11, 24, 17, 30, 0, 0, time.UTC).In(wib)
	raw := write(t, Options{Mark: true, Semicolon: true}, []any{"nama", "jumlah"}, []any{"Kopi; \"Pojok\"\nBandung", money.Rupiah(-5000)}, []any{Date("2026-11-24"), at}, []any{nil, 1.5})
	text, marked := strings.CutPrefix(string(raw), "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	got, err := r.ReadAll()
	if err != nil || !marked {
		t.Fatal(marked, err)
	}
	want := [][]string{{"nama", "jumlah"}, {"Kopi; \"Pojok\"\nBandung", "-5000"}, {"2026-11-24", "2026-11-25 00:30:00"}, {"", "1.5"}}
	for i := range want {
		if strings.Join(got[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d: %q, want %q", i, got[i], want[i])
		}
	}
	if bytes.HasPrefix(write(t, Options{}, []any{"a"}), []byte("\ufeff")) {
		t.Error("a mark nobody asked for")
	}
}

// No cell of a CSV file may run as a formula.
func TestFormulasAreDisarmed(t *testing.T) {
	for _, evil := range []string{"=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =cmd|' /C calc'!A0", "\u00a0=1", "＝1", "＋1", "－1", "＠1", "\u3000=1", "\u2003@x", "\u200b=1", "\ufeff=1", `=HYPERLINK("http://evil.example")`} {
		got, err := csv.NewReader(bytes.NewReader(write(t, Options{}, []any{evil, "x"}))).Read()
		if err != nil || !strings.HasPrefix(got[0], "'") {
			t.Errorf("%q became %q (%v)", evil, got, err)
		}
	}
	for _, good := range []string{"Kopi", "1 Hari", "a=b", "", " Kopi", "0012", "\u00a0", "a\"b;c,d", "Kopi 漢字", "\xff"} {
		if harmless(good) != good {
			t.Errorf("%q was changed", good)
		}
	}
}

func TestXLSXKeepsTypes(t *testing.T) {
	at := time.Date(2026, 11, 24, 17, 30, 0, 0, time.UTC).In(wib)
	f, err := excelize.OpenReader(bytes.NewReader(write(t, Options{Format: XLSX, Name: "Laporan: [Okt/Nov]"}, []any{"hari", "jumlah", "waktu", "nama"},
		[]any{Date("2026-11-24"), money.Rupiah(1_250_000), at, "=1+1"}, []any{nil, int64(3), time.Time{}, "Kopi & <Pojok>"})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetList()[0]
	if sheet != "Laporan- -Okt-Nov-" {
		t.Errorf("sheet %q", sheet)
	}
	for cell, want := range map[string]string{"A1": "hari", "A2": "2026-11-24", "B2": "1,250,000", "C2": "2026-11-25 00:30:00", "D2": "=1+1", "A3": "", "B3": "3", "C3": "", "D3": "Kopi & <Pojok>"} {
		if got, err := f.GetCellValue(sheet, cell); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
	}
	for _, cell := range []string{"A2", "B2", "C2"} { // a cell without a type attribute is a number
		if kind, err := f.GetCellType(sheet, cell); err != nil || (kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber && kind != excelize.CellTypeDate) {
			t.Errorf("%s has type %v (%v)", cell, kind, err)
		}
	}
	if formula, err := f.GetCellFormula(sheet, "D2"); err != nil || formula != "" {
		t.Errorf("D2 runs %q (%v)", formula, err)
	}
}

// Whatever people type, a file reads back with the same words, text stays text
// and numbers stay numbers.
func TestHostileCellsReadBack(t *testing.T) {
	hostile := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", `=HYPERLINK("http://evil.example")`, `a"b;c,d`, "0012", "baris\nkedua", "Kopi 漢字"}
	rows := [][]any{{"kode", "harga"}}
	for i, h := range hostile {
		rows = append(rows, []any{h, money.Rupiah(-i * 1000)})
	}
	for _, o := range []Options{{}, {Mark: true}, {Semicolon: true}, {Mark: true, Semicolon: true}} {
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(write(t, o, rows...), []byte("\ufeff"))))
		if o.Semicolon {
			r.Comma = ';'
		}
		got, err := r.ReadAll()
		if err != nil || len(got) != len(rows) {
			t.Fatal(len(got), err)
		}
		for i, h := range hostile {
			if strings.TrimPrefix(got[i+1][0], "'") != h || got[i+1][1] != strconv.Itoa(-i*1000) {
				t.Errorf("%+v: %q became %q", o, h, got[i+1])
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, Options{Format: XLSX, Name: "Voucher"}, rows...)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, h := range hostile {
		text, number := fmt.Sprint("A", i+2), fmt.Sprint("B", i+2)
		value, err := f.GetCellValue("Voucher", text)
		kind, kindErr := f.GetCellType("Voucher", text)
		formula, formulaErr := f.GetCellFormula("Voucher", text)
		if err != nil || kindErr != nil || formulaErr != nil || value != h || formula != "" || kind == excelize.CellTypeFormula || kind == excelize.CellTypeNumber {
			t.Errorf("%q became %q, type %v, formula %q", h, value, kind, formula)
		}
		if value, err := f.GetCellValue("Voucher", number, excelize.Options{RawCellValue: true}); err != nil || value != strconv.Itoa(-i*1000) {
			t.Errorf("%s is %q (%v)", number, value, err)
		}
	}
}

// What does not fit on one sheet goes on on the next, under the same head.
func TestXLSXTurnsThePage(t *testing.T) {
	var out bytes.Buffer
	w, err := newXLSX(&out, "")
	if err != nil {
		t.Fatal(err)
	}
	w.(*xlsxWriter).most = 3
	for _, cell := range []any{"n", 1, 2, 3, 4, 5} {
		if err := w.Row(cell); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got []string
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			got = append(got, strings.Join(r, ""))
		}
	}
	if strings.Join(got, " ") != "n 1 2 n 3 4 n 5" {
		t.Errorf("%v", got)
	}
}

// A code stays what it is when a CSV file is opened in a spreadsheet; what is
// no number or date to it is written plainly.
func TestCodesStayTexts(t *testing.T) {
	for code, want := range map[string]string{
		"00123": `="00123"`, "123456789012": `="123456789012"`, "12e5": `="12e5"`, "mar12": `="mar12"`, "12DES": `="12DES"`,
		"23456": "23456", "0": "0", "abc7": "abc7", "=1+1": "'=1+1", "0x1": "0x1", "march1": "march1",
	} {
		var b bytes.Buffer
		w, err := New(&b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Row(Text(code), code), w.Close()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 1 || rows[0][0] != want {
			t.Errorf("%s: %q %v, want %s", code, rows, err, want)
		}
	}
	var b bytes.Buffer
	w, err := New(&b, Options{Format: XLSX, Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Row("kepala"), w.Row(Text("00123")), w.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetName(0)
	if v, err := f.GetCellValue(name, "A2"); err != nil || v != "00123" {
		t.Errorf("%q %v", v, err)
	}
	if kind, err := f.GetCellType(name, "A2"); err != nil || kind == excelize.CellTypeNumber {
		t.Errorf("a number: %v %v", kind, err)
	}
}
