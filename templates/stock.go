package templates

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

var stockPages = []Page{VouchersPage{}, NewBatchPage{}, BatchPage{}, DisableBatchPage{}, OutletsPage{}, StockSellPage{}, StockSalePage{}, PrintPage{}, VoucherPrintPage{}, PrintStylePage{}}

// VouchersPage is the stock and the batches.
type VouchersPage struct {
	Panel
	CanMake, CanSell bool
	Stock            []StockLine
	Batches          []BatchLine
	Next             string // the batch to go on after, "" at the end
}

// StockLine is one plan's stock.
type StockLine struct {
	PlanID, Plan, Site                     string
	Total, Free, Printed, Outlets, Waiting int
	Low                                    int // open an alert below this, 0 never
	Delivery                               order.Delivery
	Short                                  bool
}

// BatchLine is one batch in a list.
type BatchLine struct {
	ID, Code, Plan, Router, Site string
	State                        string
	Created                      time.Time
	Count, Made                  int
	Stock, Sold, Active, Ended   int
}

// Percent is how far the making is.
func (b BatchLine) Percent() int {
	if b.Count == 0 {
		return 0
	}
	return 100 * b.Made / b.Count
}

func (VouchersPage) file() string { return "stock/stock.html" }

// Title names the page in the browser's tab.
func (p VouchersPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p VouchersPage) Heading() string { return p.T("web.menu.vouchers") }

// NewBatchPage asks for what new vouchers should be like.
type NewBatchPage struct {
	Panel
	Sites    []Choice // more than one: choose first
	SiteID   string
	Plans    []Choice
	Routers  []Choice
	Charsets []Choice
	Nonce    string
}

func (NewBatchPage) file() string { return "stock/batch_new.html" }

// Title names the page in the browser's tab.
func (p NewBatchPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p NewBatchPage) Heading() string { return p.T("stock.batch.new") }

// BatchPage is one batch.
type BatchPage struct {
	Panel
	BatchLine
	CanMake, CanPrint bool
	Item              order.Item
	Mode, Comment, By string
	Problem           string // sentence
	Pause             bool   // acts the person has
	Resume, Cancel    bool
	Waiting           int // drawn or not, not on the router yet
	Drawn             int
	Outlets           []Choice
	Prints            []PrintLine
	Vouchers          []VoucherLine // by number, Username is the number people read
	Next              int           // the number to go on after, 0 at the end
}

// PrintLine is one printing.
type PrintLine struct {
	At          time.Time
	By, Format  string
	First, Last int
}

// Running reports whether the batch is being made now.
func (p BatchPage) Running() bool { return p.State == "running" }

func (BatchPage) file() string { return "stock/batch.html" }

// Title names the page in the browser's tab.
func (p BatchPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p BatchPage) Heading() string { return p.T("stock.batch.title", "code", p.Code) }

// DisableBatchPage asks whether vouchers should really end.
type DisableBatchPage struct {
	Panel
	ID, Code, Token     string
	Stock, Sold, Active int
}

func (DisableBatchPage) file() string { return "stock/batch_disable.html" }

// Title names the page in the browser's tab.
func (p DisableBatchPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p DisableBatchPage) Heading() string { return p.T("stock.batch.disable.title", "code", p.Code) }

// OutletsPage lists who sells printed vouchers.
type OutletsPage struct {
	Panel
	Outlets []OutletLine
	Edit    OutletLine // the one in the form, empty for a new one
	Sites   []Choice
	// AllSites: an outlet may sell for all of them.
	AllSites bool
}

// OutletLine is one outlet and its vouchers.
type OutletLine struct {
	Site               string // "" for all of them
	CanEdit            bool
	ID, Name, Note     string
	Phone              string // whole in the form, else its end only
	Stock, Used, Ended int
}

func (OutletsPage) file() string { return "stock/outlets.html" }

// Title names the page in the browser's tab.
func (p OutletsPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p OutletsPage) Heading() string { return p.T("stock.outlet.title") }

// StockSellPage sells vouchers that exist already.
type StockSellPage struct {
	Panel
	Offers []SellOffer
	Code   string     // typed or scanned
	Found  *SellOffer // the voucher of that code
	Open   bool       // the person's shift is open
	Fail   string     // why it cannot be sold
}

// SellOffer is one thing to sell.
type SellOffer struct {
	Panel              // with what was typed, if this is what was to be sold
	PlanID, Plan, Site string
	Code               string
	Serial             string
	Price              money.Rupiah
	Free, Printed      int
	Nonce              string
}

// Key tells the fields of one offer from those of the others.
func (o SellOffer) Key() string {
	if o.Code != "" {
		return "code"
	}
	return o.PlanID
}

func (StockSellPage) file() string { return "stock/sell.html" }

// Title names the page in the browser's tab.
func (p StockSellPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p StockSellPage) Heading() string { return p.T("stock.sell") }

// StockSalePage shows a sold voucher to the account that sold it.
type StockSalePage struct {
	Panel
	Order       order.Order
	Until       time.Time
	Paper       VoucherPrint
	Cash, Claim bool         // paid in cash; by a transfer that is not confirmed
	Change      money.Rupiah // back into the customer's hand
}

func (StockSalePage) file() string { return "stock/sale.html" }

// Title names the page in the browser's tab.
func (p StockSalePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p StockSalePage) Heading() string { return p.T("stock.sold") }
