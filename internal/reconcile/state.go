package reconcile

// Kind says what a row is about.
type Kind string

const (
	// PaymentRow: money that a customer paid.
	PaymentRow Kind = "payment"
	// RefundRow: money that went back.
	RefundRow Kind = "refund"
	// ChargebackRow: a payment that the gateway took back.
	ChargebackRow Kind = "chargeback"
	// OtherRow: a movement of the gateway's account that is no sale: a withdrawal, a top-up.
	OtherRow Kind = "other"
	// AccessRow: a voucher that its router does not hold as the books want.
	AccessRow Kind = "access"
)

// Kinds lists every kind.
var Kinds = []Kind{PaymentRow, RefundRow, ChargebackRow, OtherRow, AccessRow}

// State is what the comparison says about a row. A row has one, the first that holds in
// the order of States.
type State string

const (
	// MissingHere: the gateway has it, the books do not.
	MissingHere State = "missing_here"
	// MissingThere: the books have it, the gateway does not.
	MissingThere State = "missing_there"
	// AmountDiffers: both have it with other amounts.
	AmountDiffers State = "amount_differs"
	// Chargeback: the gateway took a payment back.
	Chargeback State = "chargeback"
	// Unmatched: confirmed money that belongs to no order and is not on its way back.
	Unmatched State = "unmatched"
	// Undecided: the payment's order waits for a decision.
	Undecided State = "undecided"
	// Undelivered: paid for, and not delivered for an hour.
	Undelivered State = "undelivered"
	// Unconfirmed: the counter's transfer or credit that is not confirmed.
	Unconfirmed State = "unconfirmed"
	// FeeDiffers: the gateway kept another fee than the rules say.
	FeeDiffers State = "fee_differs"
	// Unsettled: the money is not in the balance although it ought to be.
	Unsettled State = "unsettled"
	// AccessDiffers: a router does not hold a voucher as the books want, and that is not
	// corrected without a person.
	AccessDiffers State = "access_differs"

	// Pending: the gateway has not finished it.
	Pending State = "pending"
	// WrittenOff: staff gave the money up; it counts as never received.
	WrittenOff State = "written_off"
	// NotCounted: no money of the shop's currency, or none at all.
	NotCounted State = "not_counted"
	// NotCompared: it went through another gateway than the one whose list was read.
	NotCompared State = "not_compared"
	// Refunded: matched, and all or a part went back since.
	Refunded State = "refunded"
	// Late: matched, and paid after the order's time was over.
	Late State = "late"
	// Settled: matched, and the money is in the balance.
	Settled State = "settled"
	// Matched: both sides say the same.
	Matched State = "matched"
	// Counter: taken at the counter and confirmed; the till counts it.
	Counter State = "counter"
	// ByHand: given back in cash or by a transfer; the gateway has no part in it.
	ByHand State = "by_hand"
	// Void: the gateway reports it and moved nothing.
	Void State = "void"
	// Movement: no sale, for information.
	Movement State = "movement"
	// Corrected: the router holds the voucher as it should, or need not hold it any more.
	Corrected State = "corrected"
)

// States lists every state: those that need a person first, then in the order in which
// they are told.
var States = []State{MissingHere, MissingThere, AmountDiffers, Chargeback, Unmatched, Undecided, Undelivered, Unconfirmed, FeeDiffers, Unsettled, AccessDiffers,
	Pending, WrittenOff, NotCounted, NotCompared, Refunded, Late, Settled, Matched, Counter, ByHand, Void, Movement, Corrected}

// Open reports whether a row in this state needs a person.
func (s State) Open() bool {
	switch s {
	case MissingHere, MissingThere, AmountDiffers, Chargeback, Unmatched, Undecided, Undelivered, Unconfirmed, FeeDiffers, Unsettled, AccessDiffers:
		return true
	}
	return false
}

// Act is where a row is dealt with.
type Act string

const (
	// NoAct: it can only be explained.
	NoAct Act = ""
	// ToOrder: on the order's page.
	ToOrder Act = "order"
	// ToMoney: on the page of money without an order and of receivables.
	ToMoney Act = "money"
	// ToRefund: on the refund's page.
	ToRefund Act = "refund"
	// ToFees: where fee rules are set.
	ToFees Act = "fees"
	// ToVoucher: on the page of the voucher, or of its order, where it is put back.
	ToVoucher Act = "voucher"
	// ToGateway: by asking the gateway about the charge once more.
	ToGateway Act = "gateway"
)

// Act is the act that a row leads to, open or not.
func (r Row) Act() Act {
	switch {
	case r.State == FeeDiffers:
		return ToFees
	case r.State == MissingHere && r.Kind == PaymentRow:
		return ToGateway
	case r.State == Unmatched, r.State == Unconfirmed:
		return ToMoney
	case r.RefundID != "":
		return ToRefund
	case r.Kind == AccessRow:
		return ToVoucher
	case r.OrderID != "":
		return ToOrder
	}
	return NoAct
}
