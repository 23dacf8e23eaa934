package templates

import (
	"html/template"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
)

var orderPages = []Page{OrdersPage{}, OrderDetailPage{}, CustomerLinkPage{}, SearchPage{}}

// Act names an act of the audit trail on an order's page.
func (p Panel) Act(action string) string { return p.known("orders.action.", action) }

// Job names background work by its kind.
func (p Panel) Job(kind string) string { return p.known("", "job."+kind) }

// Why explains a fault's code to staff.
func (p Panel) Why(code string) string { return p.known("why.", code) }

// OrdersPage lists orders, newest first.
type OrdersPage struct {
	Panel
	Search   string
	View     string   // the chosen filter
	Views    []string // all of them
	Sites    []Choice
	Plans    []Choice
	Site     string
	Plan     string
	Channel  string
	Voucher  string
	Valid    string
	Redeem   string
	Lasting  []Choice // how long plans are valid
	Validity string   // the chosen one
	From     string   // 2006-01-02
	Until    string
	Money    bool // amounts and phones may be shown
	Lines    []OrderLine
	Next     string // address of the next page, "" for none
	Saved    []SavedView
	Keep     string // the filter's parameters, to be saved
}

// SavedView is a filter that the person keeps.
type SavedView struct{ ID, Name, Href string }

// OrderLine is one order of the list.
type OrderLine struct {
	Code      order.Code
	At        time.Time
	Site      string
	Plan      string
	Status    order.Status
	Flags     []order.Flag
	Attention order.Reason
	Total     money.Rupiah
	Phone     string // masked
	Channel   order.Channel
}

// Channels are where an order may have been paid.
func (OrdersPage) Channels() []order.Channel {
	return []order.Channel{order.Online, order.OverCounter, order.ByTransfer, order.ByStaticQRIS}
}

// VoucherStates are what a voucher may be.
func (OrdersPage) VoucherStates() []string { return []string{"sold", "active", "expired", "disabled"} }

// Validities tell living vouchers from those whose time is over.
func (OrdersPage) Validities() []string { return []string{"live", "over"} }

// Redeems are how far a voucher may have come.
func (OrdersPage) Redeems() []report.Redeem { return report.Redeems }

// Stated is an order's state in words.
type Stated struct {
	Status, Tone, Attention string
	Flags                   []string
}

// Stated says an order's state.
func (p Panel) Stated(l OrderLine) Stated {
	s := Stated{Status: p.T("orders.status." + string(l.Status))}
	switch l.Status {
	case order.Activated:
		s.Tone = "good"
	case order.Paid, order.Pending:
		s.Tone = "warn"
	}
	if l.Attention != order.NoReason {
		s.Attention = p.known("orders.reason.", string(l.Attention))
	}
	for _, f := range l.Flags {
		if f != order.FlagAttention && f != order.FlagTest {
			s.Flags = append(s.Flags, p.known("orders.flag.", string(f)))
		}
	}
	return s
}

func (OrdersPage) file() string { return "orders/list.html" }

// Title names the page in the browser's tab.
func (p OrdersPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p OrdersPage) Heading() string { return p.T("web.menu.orders") }

// OrderDetailPage is everything about one order.
type OrderDetailPage struct {
	Panel
	OrderLine
	Nonce        string
	Paid, Due    money.Rupiah
	Item         order.Item // with what was taken off its price
	Username     string     // "" where it may not be seen
	Password     string     // shown once, after it was asked for
	FullPhone    string     // shown once, after it was asked for
	VoucherState string
	VoucherID    string // "" for people without the right to its page
	ValidUntil   time.Time
	Problem      string
	Money        bool
	Payments     []PaymentLine
	Refunds      []RefundLine
	Timeline     []TimelineEntry
	May          OrderActions
	// PromotionLink is the page of its promotion, "" for none and for people without the right to it.
	PromotionLink string
}

// OrderActions says which forms the page has.
type OrderActions struct {
	Check, Retry, Cancel, Force, Pay, Link, Receipt, Credentials, Phone bool
}

// PaymentLine is one payment of an order, or one that has none.
type PaymentLine struct {
	Gateway, Key, Method, Reference string
	Amount                          money.Rupiah
	At                              time.Time
	Claim                           bool // not confirmed yet
	Disputed                        bool
	WrittenOff                      bool   // it never came and was given up
	Confirm                         string // where its arrival is confirmed
	Refund                          string // where to ask for it back, "" if that is over
}

// TimelineEntry is one thing that happened.
type TimelineEntry struct {
	At         time.Time
	What       string
	Who        string
	Text, Tone string
	Raw        string // behind a fold, "" for nothing
}

func (OrderDetailPage) file() string { return "orders/order.html" }

// Title names the page in the browser's tab.
func (p OrderDetailPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p OrderDetailPage) Heading() string { return p.T("orders.detail.title", "code", p.Code.Pretty()) }

// CustomerLinkPage shows a customer at the counter the way to their order.
type CustomerLinkPage struct {
	Panel
	Code    order.Code
	Link    string
	Picture template.URL
}

func (CustomerLinkPage) file() string { return "orders/customer_link.html" }

// Title names the page in the browser's tab.
func (p CustomerLinkPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p CustomerLinkPage) Heading() string {
	return p.T("orders.customer_link.title", "code", p.Code.Pretty())
}
