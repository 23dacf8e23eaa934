package templates

import "gerai/internal/catalog"

// VoucherPrint is a sheet of vouchers as they are printed.
type VoucherPrint struct {
	Label    string // what a screen reader calls it
	Style    catalog.PrintStyle
	Brand    string
	Logo     string // address
	Site     string
	Link     string
	Vouchers []PrintedVoucher
}

// Class is the sheet's look in words of the style sheet.
func (s VoucherPrint) Class() string {
	class := "slips p" + s.Style.Paper
	if s.Style.Paper == catalog.PaperA4 {
		class += " c" + string(rune('0'+s.Style.Columns))
	}
	if s.Style.Border {
		class += " bordered"
	}
	return class
}

// PrintedVoucher is one printed voucher.
type PrintedVoucher struct {
	Serial string
	Codes  []PrintedCode // one when user name and password are the same
	Lines  []string
	Side   int // of the QR code in modules, 0 without one
	Path   string
}

// PrintedCode is a code to type and what it is.
type PrintedCode struct{ Label, Text string }

// longCode is how many characters fit on the narrowest voucher in full size.
const longCode = 12

// Long reports whether the code is set smaller, so that it stays on one line.
func (c PrintedCode) Long() bool { return len(c.Text) > longCode }

// PrintPage asks which vouchers go onto which paper.
type PrintPage struct {
	Panel
	ID, Code    string
	Count       int
	First, Last int
	Formats     []Choice
	Nonce       string
	Again       *PrintLine // the last printing
	Times       int
	CanStyle    bool
}

func (PrintPage) file() string { return "stock/batch_print.html" }

// Title names the page in the browser's tab.
func (p PrintPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PrintPage) Heading() string { return p.T("stock.print.title", "code", p.Code) }

// VoucherPrintPage is the sheet that the browser prints.
type VoucherPrintPage struct {
	Panel
	ID, Code string
	Paper    VoucherPrint
	Again    bool
}

func (VoucherPrintPage) file() string { return "stock/voucher_print.html" }

// Title names the page in the browser's tab, and the file a browser saves.
func (p VoucherPrintPage) Title() string { return "voucher-" + p.Code }

// Heading is the page's first line.
func (p VoucherPrintPage) Heading() string { return p.T("stock.print.title", "code", p.Code) }

// PrintStylePage chooses how printed vouchers look.
type PrintStylePage struct {
	Panel
	Style  catalog.PrintStyle
	Papers []Choice
	Parts  []Choice // what can be on a voucher
	Paper  VoucherPrint
}

func (PrintStylePage) file() string { return "stock/print_style.html" }

// Title names the page in the browser's tab.
func (p PrintStylePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PrintStylePage) Heading() string { return p.T("stock.print.style") }

// VoucherPrintSheet is the style sheet of printed vouchers.
func (p Panel) VoucherPrintSheet() string { return voucherPrintSheet.Path }

// Columns are the numbers of vouchers side by side that one can choose.
func (PrintStylePage) Columns() []int { return []int{1, 2, 3, 4, 5, 6} }
