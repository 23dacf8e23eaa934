package sheet

import (
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gerai/internal/money"
)

// Date is a calendar day "2026-11-24" that stays a date in a spreadsheet.
type Date string

// Writer takes a table row by row. A cell is a string, an int, an int64, a
// float64, a money.Rupiah, a Date, a time.Time (shown in its own zone) or nil
// for an empty cell.
type Writer interface {
	Row(cells ...any) error
	// Close finishes the file; without it the file is broken.
	Close() error
}

// Format is a kind of file.
type Format string

const (
	// CSV is text, one line per row.
	CSV Format = "csv"
	// XLSX is Office Open XML.
	XLSX Format = "xlsx"
)

// Options say how a file is written; the zero value is a CSV file with commas.
type Options struct {
	Format    Format
	Mark      bool // begin a CSV file with the UTF-8 byte order mark, which Excel needs
	Semicolon bool // part CSV cells by ";", as Excel in Indonesia expects
	Name      string
}

// Types are the media types of the formats.
var Types = map[Format]string{CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// New starts a file on w.
func New(w io.Writer, o Options) (Writer, error) {
	if o.Format == XLSX {
		return newXLSX(w, o.Name)
	}
	return newCSV(w, o)
}

// Text is a code: it stays what it is in a spreadsheet, whatever it looks like.
type Text string

// converted are texts that a spreadsheet takes for a number or a date when it
// opens a CSV file: zeros in front, more digits than it shows, 1e5, mar12.
var converted = regexp.MustCompile(`(?i)^(?:0\d+|\d{12,}|\d+e\d+|(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|agt|sep|oct|okt|nov|dec|des)\d{1,4}|\d{1,4}(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|agt|sep|oct|okt|nov|dec|des)\d{0,4})$`)

// marked spells a code for a CSV file. The formula of a constant text is the one
// mark that every spreadsheet reads as text and writes back as it was.
func marked(v string) string {
	if converted.MatchString(v) {
		return `="` + v + `"`
	}
	return harmless(v)
}

// harmless disarms what a spreadsheet would run as a formula when a CSV file is opened:
// OWASP names these first characters, and ones behind blanks or invisible signs run too.
func harmless(s string) string {
	seen := strings.TrimLeftFunc(s, func(r rune) bool {
		return !strings.ContainsRune("\t\r\n", r) && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r))
	})
	if first, _ := utf8.DecodeRuneInString(seen); seen != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}

func number(cell any) (n int64, ok bool) {
	switch v := cell.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case money.Rupiah:
		return int64(v), true
	}
	return 0, false
}
