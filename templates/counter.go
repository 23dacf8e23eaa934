package templates

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

var counterPages = []Page{SellPage{}, PayPage{}, MySalePage{}, ShiftPage{}, ShiftPrintPage{}}

// SellPage is the counter's form.
type SellPage struct {
	Panel
	Open     bool // the person's shift is open
	Sites    []Choice
	Site     string
	Plans    []SellPlan
	Nonce    string
	Phone    string
	History  []OrderLine // of the phone
	Searched bool
	Short    bool // too little was typed to look for
	Changed  *ChangedTerms
	// MostDiscount is how many percent the account may take off, 0 for nothing.
	MostDiscount int
	Due, Less    money.Rupiah // of what was filled in, 0 until it is worked out
}

// SellPlan is one plan of the counter's list; its number chooses it.
type SellPlan struct {
	No    int
	ID    string
	Name  string
	Price money.Rupiah
	Terms string // carried by the form
	// Was is the price of the plan where Promotion makes it cheaper.
	Was       money.Rupiah
	Promotion string
}

// MostVouchers is how many vouchers one sale may have.
func (SellPage) MostVouchers() int { return 20 }

// MoreOpen reports whether the fields of promotion and discount are unfolded.
func (p SellPage) MoreOpen() bool {
	for _, field := range []string{"promo", "discount", "discount_reason"} {
		if p.Form.Wrong(field) || p.Form.Value(field, "") != "" {
			return true
		}
	}
	return false
}

// Chosen is the plan that is marked: what was typed, else the first.
func (p SellPage) Chosen() string {
	if len(p.Plans) == 0 {
		return ""
	}
	return p.Form.Value("plan", p.Plans[0].ID)
}

func (SellPage) file() string { return "counter/sell.html" }

// Title names the page in the browser's tab.
func (p SellPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p SellPage) Heading() string { return p.T("web.menu.sell") }

// PayPage takes money for an order placed online.
type PayPage struct {
	Panel
	Open  bool
	Line  OrderLine
	Due   money.Rupiah
	Nonce string
}

func (PayPage) file() string { return "counter/pay.html" }

// Title names the page in the browser's tab.
func (p PayPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PayPage) Heading() string { return p.T("counter.pay.title", "code", p.Line.Code.Pretty()) }

// MySalePage is the receipt of an order, with its voucher if the account may see it.
type MySalePage struct {
	Panel
	Line                OrderLine
	Site                string // where the next sale is most likely to be
	No                  string
	PaidAt              time.Time
	Method, Reference   string
	Given, Change       money.Rupiah
	Seller              string
	Vouchers            []SlipVoucher
	ValidUntil          time.Time
	Item                order.Item
	Waiting             bool   // being activated
	Trouble             string // why it is not yet, "" while nothing is wrong
	Wide                bool   // 80 mm instead of 58 mm
	SellerName, Contact string
	TaxPercent          int // included in the price; 0 prints no tax
	Tax                 money.Rupiah
	// What all vouchers cost: at the plan's price, what was taken off, and what was paid.
	Gross, Promoted, Allowed, Total money.Rupiah
}

// SlipVoucher is a voucher of a sale on its receipt.
type SlipVoucher struct {
	Code               order.Code
	Over               string // how it ended, "" while it lives
	Extended           bool   // it is another order's, made longer by this one
	Username, Password string // "" until it works, or where they may not be seen
	ValidUntil         time.Time
}

// Add puts an order of the sale onto the receipt.
func (p *MySalePage) Add(i order.Item, total, tax money.Rupiah) {
	p.Gross, p.Promoted, p.Allowed = p.Gross+i.Price, p.Promoted+i.Discount, p.Allowed+i.Allowance
	p.Total, p.Tax = p.Total+total, p.Tax+tax
}

func (MySalePage) file() string { return "counter/my_sale.html" }

// Title names the page in the browser's tab.
func (p MySalePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p MySalePage) Heading() string {
	return p.T("counter.my_sale.title", "code", p.Line.Code.Pretty())
}

// ShiftPage is a person's till and the shifts before.
type ShiftPage struct {
	Panel
	Shift    *ShiftLine // the one shown, nil for none
	Mine     bool       // it is the person's own open one
	Sums     []SumLine
	Expected money.Rupiah
	Report   ShiftSales
	Moves    []MoveLine
	Nonce    string // of the form about cash in and out
	Past     []ShiftLine
	Next     string // address of older shifts, "" for none
}

// ShiftSales is what was sold during a shift.
type ShiftSales struct {
	Lines  []SaleLine
	Sold   SumLine // all of them
	Open   SumLine // of these: not confirmed yet
	Undone SumLine // corrections
}

// SaleLine is what one plan brought in one way to pay.
type SaleLine struct {
	Plan, Method string
	Count        int64
	Amount       money.Rupiah
}

// ShiftPrintPage is the report of a shift on a receipt printer's paper.
type ShiftPrintPage struct {
	ShiftPage
	Wide bool // 80 mm instead of 58 mm
}

func (ShiftPrintPage) file() string { return "counter/shift_print.html" }

// Heading is the page's first line.
func (p ShiftPrintPage) Heading() string { return p.T("counter.shift.report") }

// Title names the page in the browser's tab.
func (p ShiftPrintPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// ShiftLine is one shift.
type ShiftLine struct {
	ID, Who                             string
	OpenedAt, ClosedAt                  time.Time
	Opening, Counted, Expected, Differs money.Rupiah
	Note                                string
}

// SumLine is what one kind of move added up to.
type SumLine struct {
	Kind   string
	Count  int64
	Amount money.Rupiah
}

// MoveLine is one move of a till.
type MoveLine struct {
	At     time.Time
	Kind   string
	Code   order.Code
	Amount money.Rupiah
	Reason string // of cash that went in or out without a sale
}

// ByHand are the moves without a sale, as the closing sheet lists them.
func (p ShiftPage) ByHand() (out []MoveLine) {
	for _, m := range p.Moves {
		if m.Reason != "" {
			out = append(out, m)
		}
	}
	return out
}

// Way is where the cash of a move by hand goes.
func (p ShiftPage) Way() string { return p.Form.Value("way", "out") }

func (ShiftPage) file() string { return "counter/shift.html" }

// Title names the page in the browser's tab.
func (p ShiftPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p ShiftPage) Heading() string { return p.T("web.menu.shift") }
