package order

// Status is derived from facts and says who acts next.
type Status string

const (
	// Pending: the customer has to pay.
	Pending Status = "pending"
	// Paid: the server has to activate.
	Paid Status = "paid"
	// Activated: no further step; the voucher works.
	Activated Status = "activated"
	// Expired: no further step; late money moves it to paid.
	Expired Status = "expired"
	// Cancelled: no further step; late money goes to the operator's queue.
	Cancelled Status = "cancelled"
	// Refunded: closed.
	Refunded Status = "refunded"
)

// Statuses lists every status.
var Statuses = []Status{Pending, Paid, Activated, Expired, Cancelled, Refunded}

var leaves = map[Status][]Status{
	Pending:   {Paid, Expired, Cancelled},
	Paid:      {Activated, Refunded},
	Activated: {Refunded},
	Expired:   {Paid},
	Cancelled: {Refunded},
}

// CanBecome reports whether an order may move from s to next in one step or
// in several steps that one look at the gateway can reveal at once.
func (s Status) CanBecome(next Status) bool {
	seen := map[Status]bool{s: true}
	todo := []Status{s}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if at == next {
			return true
		}
		for _, n := range leaves[at] {
			if !seen[n] {
				seen[n] = true
				todo = append(todo, n)
			}
		}
	}
	return false
}

// Final reports whether the customer's page has nothing more to wait for.
func (s Status) Final() bool {
	return s == Activated || s == Refunded || s == Cancelled
}

// Flag marks an oddity beside the status.
type Flag string

const (
	// FlagLate: paid after the time shown to the customer.
	FlagLate Flag = "late"
	// FlagUnderpaid: some money came, but less than the total.
	FlagUnderpaid Flag = "underpaid"
	// FlagOverpaid: one payment was larger than what was left to pay.
	FlagOverpaid Flag = "overpaid"
	// FlagDuplicate: a payment came after the order was paid in full.
	FlagDuplicate Flag = "duplicate_payment"
	// FlagWrittenOff: money was counted that never came and is not expected any more.
	FlagWrittenOff Flag = "written_off"
	// FlagTest: made with a test key or simulator; no real money.
	FlagTest Flag = "test"
	// FlagAttention: a person has to look; Attention says why.
	FlagAttention Flag = "attention"
)

// Reason says why a person has to look.
type Reason string

const (
	// NoReason: nothing is wrong.
	NoReason Reason = ""
	// ReasonUnderpaid: money is here but not enough.
	ReasonUnderpaid Reason = "underpaid"
	// ReasonCancelledPaid: money came for a cancelled order.
	ReasonCancelledPaid Reason = "paid_after_cancel"
	// ReasonLateRefund: late money that the site does not activate.
	ReasonLateRefund Reason = "late_refund"
	// ReasonDisputed: the gateway named two amounts, or another currency.
	ReasonDisputed Reason = "payment_disputed"
	// ReasonRouterRefused: the router said no for good.
	ReasonRouterRefused Reason = "router_refused"
	// ReasonRouterConfig: login, certificate or permission on the router.
	ReasonRouterConfig Reason = "router_config"
	// ReasonNoRouter: the site has no router to deliver to.
	ReasonNoRouter Reason = "no_router"
	// ReasonOutOfStock: a plan that is delivered from stock only has no voucher
	// left.
	ReasonOutOfStock Reason = "out_of_stock"
	// ReasonPatience: the router stayed away longer than the patience allows.
	ReasonPatience Reason = "patience_over"
	// ReasonRefunding: its money is going back before it was delivered.
	ReasonRefunding Reason = "refunding"
)
