package templates

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
)

// Paper is what receipts and posters are printed on.
type Paper string

const (
	// A4 is a sheet of 210 x 297 mm.
	A4 Paper = "a4"
	// A5 is a sheet of 148 x 210 mm.
	A5 Paper = "a5"
	// Roll58 is a receipt printer's roll, 58 mm wide.
	Roll58 Paper = "58"
	// Roll80 is a receipt printer's roll, 80 mm wide.
	Roll80 Paper = "80"
)

// Papers lists every size, largest first.
var Papers = []Paper{A4, A5, Roll80, Roll58}

// ParsePaper reads the size parameter; what is unknown gives the fallback.
func ParsePaper(s string, fallback Paper) Paper {
	for _, p := range Papers {
		if string(p) == s {
			return p
		}
	}
	return fallback
}

// Sheet is the one style sheet of a printed page and its CSP source.
type Sheet struct {
	Style template.CSS
	Hash  string
}

// geometry is paper, margin, and on it the width of the print, the width of a
// code and the size of letters. Codes stay above 25 mm on the narrowest roll;
// rolls have no length, so theirs is enough for the longest poster.
var geometry = map[Paper]string{
	A4:     "@page{size:A4;margin:14mm}:root{--w:182mm;--qr:72mm;--t:15pt}",
	A5:     "@page{size:A5;margin:9mm}:root{--w:130mm;--qr:52mm;--t:11pt}",
	Roll80: "@page{size:80mm 297mm;margin:4mm}:root{--w:72mm;--qr:48mm;--t:10pt}",
	Roll58: "@page{size:58mm 297mm;margin:3mm}:root{--w:52mm;--qr:40mm;--t:9pt}",
}

func newSheets(light, dark scheme) map[Paper]Sheet {
	out := make(map[Paper]Sheet, len(Papers))
	common := squeeze(paperSource)
	for _, p := range Papers {
		style := geometry[p] + fmt.Sprintf(":root{--link:%s}@media(prefers-color-scheme:dark){:root{--link:%s}}", light.link, dark.link) + common
		sum := sha256.Sum256([]byte(style))
		out[p] = Sheet{Style: template.CSS(style), Hash: "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"} //nolint:gosec // our own sheet and computed colours
	}
	return out
}

// PaperName is a size as people call it.
func (b Base) PaperName(p Paper) string { return b.T("common.paper." + string(p)) }
