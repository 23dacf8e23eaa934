package catalog

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/glyph"
)

// Papers that vouchers are printed on: a grid on A4, or a roll of a receipt
// printer by its width in millimetres.
const (
	PaperA4 = "a4"
	Paper58 = "58"
	Paper80 = "80"
)

// Papers lists every paper.
var Papers = []string{PaperA4, Paper58, Paper80}

// PrintStyle is how printed vouchers look.
type PrintStyle struct {
	Paper    string `json:"paper"`
	Columns  int    `json:"columns"` // on A4, 1 to 6
	Border   bool   `json:"border"`
	Logo     bool   `json:"logo"`
	Brand    bool   `json:"brand"`
	Site     bool   `json:"site"`
	Plan     bool   `json:"plan"`
	Price    bool   `json:"price"`
	Validity bool   `json:"validity"`
	Limits   bool   `json:"limits"`
	Serial   bool   `json:"serial"`
	Link     bool   `json:"link"` // the hotspot's login address in words
	QR       bool   `json:"qr"`   // a code that logs in
	Note     string `json:"note"` // one line below
}

// DefaultPrint is used until the operator chooses.
var DefaultPrint = PrintStyle{Paper: PaperA4, Columns: 4, Border: true, Brand: true, Plan: true, Price: true, Validity: true, Limits: true, Serial: true, Link: true, QR: true}

// longestNote fits two lines of a small voucher.
const longestNote = 120

// Validate checks the style. Errors: Invalid at "paper", "columns" or "note".
func (p PrintStyle) Validate() error {
	switch {
	case p.Paper != PaperA4 && p.Paper != Paper58 && p.Paper != Paper80:
		return fault.AtField("paper", "print.paper")
	case p.Columns < 1 || p.Columns > 6:
		return fault.AtField("columns", "print.columns")
	case !utf8.ValidString(p.Note) || utf8.RuneCountInString(p.Note) > longestNote || strings.ContainsAny(p.Note, "\r\n\x00"):
		return fault.AtField("note", "print.note")
	case glyph.Missing(p.Note) != "":
		return fault.AtField("note", "print.unprintable")
	}
	return nil
}

// Across is how many vouchers stand side by side.
func (p PrintStyle) Across() int {
	if p.Paper != PaperA4 {
		return 1
	}
	return p.Columns
}

// LoginHost is where the site's customers log in, "" when none is named.
func (s Site) LoginHost() string {
	if len(s.LoginHosts) == 0 {
		return ""
	}
	return s.LoginHosts[0]
}

// LoginLink logs a voucher in when it is opened in the hotspot; the hotspot's
// server profile has to allow PAP for it. "" when the site names no host.
func (s Site) LoginLink(username, password string) string {
	if s.LoginHost() == "" {
		return ""
	}
	q := url.Values{"username": {username}, "password": {password}}
	return "http://" + s.LoginHost() + "/login?" + q.Encode()
}
