package reconcile

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/payments"
)

// Facts are what is compared: payments and refunds of the books, lines of the gateway's
// list. A payment and the lines of its charge come together or not at all.
type Facts struct {
	Gateway  string // whose list was read
	Payments []Payment
	Refunds  []Refund
	Lines    []payments.Transaction
	Fees     report.Fees
	Zone     *time.Location
	Now      time.Time
}

// Payment is a payment of the books with what its order says.
type Payment struct {
	order.Payment
	SiteID     string
	Status     order.Status
	Late       bool
	Undecided  bool // the order waits for a decision
	ActivateAt time.Time
	Given      money.Rupiah // given back of it
	Returning  bool         // some of it waits to go back
	Confirmed  bool         // of the counter: the money is here
}

// counted reports whether reports count a payment as income.
func (p Payment) counted() bool {
	return p.Currency == money.Currency && p.Amount > 0 && p.WrittenOffAt.IsZero()
}

// Here is what the books count of a payment.
func (p Payment) Here() money.Rupiah {
	if !p.counted() {
		return 0
	}
	return p.Amount
}

// Refund is a refund of the books.
type Refund struct {
	order.Refund
	SiteID    string
	Method    payments.Method // of the payment it comes out of
	Reference string          // ours at the gateway
}

// Row is one thing that both sides know, or one of them. Money that leaves is negative.
type Row struct {
	Subject     string // what it is about: at most one row has it in a month
	Kind        Kind
	State       State
	Day         report.Day // the day its money counts on
	At          time.Time  // the instant that says so
	Gateway     string
	Key         string // of the payment; the charge's id at the gateway
	RefundID    string
	VoucherID   string
	RouterID    string
	OrderID     order.ID
	SiteID      string
	Reference   string
	Method      payments.Method
	Lines       []string     // of the gateway's list
	There       money.Rupiah // what the gateway moved
	Here        money.Rupiah // what the books count
	Fee         money.Rupiah // what the gateway kept
	FeeExpected money.Rupiah // what the rules say that it keeps
	FeeFinal    bool
	Settled     payments.Settlement
	SettlesAt   time.Time // expected while it is pending
	Note        string    // what a machine has to add: kinds of differences, a word of the gateway's
}

// Awaits reports whether the gateway has not finished a row although nothing is wrong.
func (r Row) Awaits() bool {
	return r.State == Pending || !r.State.Open() && r.Settled == payments.SettlementPending
}
