package templates

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

var refundPages = []Page{MoneyPage{}, RefundPage{}, RulesPage{}}

// MoneyPage is all money that needs a decision.
type MoneyPage struct {
	Panel
	Unmatched   []UnmatchedLine
	Refunds     []RefundLine
	Receivables []ReceivableLine
	Differ      []DifferLine
	Days        int // how far back differences are looked for
}

// UnmatchedLine is money without an order.
type UnmatchedLine struct {
	PaymentLine
	Assign, Back string // where to decide
}

// ReceivableLine is money that was counted and is not confirmed.
type ReceivableLine struct {
	Key, Method, Who, Reference string
	Code                        order.Code
	Amount                      money.Rupiah
	At                          time.Time
	Age                         time.Duration
	Credit                      bool
	Off                         string // address where it is given up
}

// DifferLine is an order whose money does not add up.
type DifferLine struct {
	Code               order.Code
	Status             order.Status
	Total, Paid, Given money.Rupiah
}

func (MoneyPage) file() string { return "refunds/money.html" }

// Title names the page in the browser's tab.
func (p MoneyPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p MoneyPage) Heading() string { return p.T("web.menu.money") }

// RefundPage is one refund and what can be done about it.
type RefundPage struct {
	Panel
	RefundLine
	Why, ApprovedBy, Failure string
	Payment                  PaymentLine
	EndsVoucher, PaysOut     bool // PaysOut: cash leaves a till once the voucher is off
	DisabledAt, DoneAt       time.Time
	Effects                  []string
	ProofBy                  string // "" for no proof
	Approve, Reject, Skip    bool   // acts the person has
	Waits                    string // why this person cannot approve it, "" if they can
	Transfer, Cash, Ack      bool
	Stop                     bool // the voucher lives although its money is gone
	Back                     string
	Refused                  string // the act that was refused, as its address ends
	Token                    string // of the confirmation
}

// Act is the decision that needs a confirmation, as its address ends; "" for none.
func (p RefundPage) Act() string {
	switch {
	case p.Approve:
		return "approve"
	case p.Skip:
		return "skip"
	case p.Transfer:
		return "proof"
	case p.Cash:
		return "cash"
	}
	return ""
}

// Asked is the confirmation of it.
func (p RefundPage) Asked(want string) Confirmation {
	c := p.Confirmation(p.Token, want, "", true)
	if p.Refused != p.Act() {
		c.Form = Typed{}
	}
	return c
}

// Other reports whether the message belongs to none of the page's forms.
func (p RefundPage) Other() bool {
	return p.Form.Message != "" && p.Refused != p.Act() && !(p.Reject && p.Refused == "reject")
}

func (RefundPage) file() string { return "refunds/refund.html" }

// Title names the page in the browser's tab.
func (p RefundPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p RefundPage) Heading() string { return p.T("refunds.refund.title", "amount", p.Amount) }

// Complaints are what a customer may complain of.
func (Panel) Complaints() []order.Complaint { return order.Complaints }

// RulesPage sets the rules of the counter.
type RulesPage struct {
	StopExternal bool
	OverdueDays  int
	MostDiscount int
	Panel
	ConfirmTransfers bool
	SecondAbove      string
}

func (RulesPage) file() string { return "refunds/rules.html" }

// Title names the page in the browser's tab.
func (p RulesPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p RulesPage) Heading() string { return p.T("refunds.rules.title") }

// StateOf says a refund's state.
func (p Panel) StateOf(f RefundLine) string { return p.known("refunds.refund.state.", string(f.State)) }

// RefundLine is one refund.
type RefundLine struct {
	ID, AskedBy string
	Code        order.Code // of its order
	Amount      money.Rupiah
	State       order.RefundState
	Reason      order.RefundReason
	At          time.Time
}
