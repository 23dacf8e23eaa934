package payments

import (
	"strings"
	"time"

	"gerai/internal/money"
)

// TransactionType is what moved money in the gateway's account.
type TransactionType string

const (
	// PaymentTransaction: a customer paid.
	PaymentTransaction TransactionType = "payment"
	// RefundTransaction: money went back to a customer.
	RefundTransaction TransactionType = "refund"
	// ChargebackTransaction: a payment was disputed and taken back.
	ChargebackTransaction TransactionType = "chargeback"
	// OtherTransaction: withdrawals, top-ups, transfers and whatever else has no
	// counterpart in the books of a shop.
	OtherTransaction TransactionType = "other"
)

// TransactionStatus is how far a transaction has come.
type TransactionStatus string

const (
	// TransactionPending: not final yet.
	TransactionPending TransactionStatus = "pending"
	// TransactionDone: the money moved.
	TransactionDone TransactionStatus = "done"
	// TransactionFailed: no money moved, or all of it moved back: failed, voided by
	// the customer, reversed by the gateway.
	TransactionFailed TransactionStatus = "failed"
	// TransactionUnrecognised: a status this version does not know.
	TransactionUnrecognised TransactionStatus = "unrecognised"
)

// Settlement says whether a transaction's money is in the balance that can be
// withdrawn.
type Settlement string

const (
	// SettlementNone: does not apply, or is not known yet.
	SettlementNone Settlement = ""
	// SettlementPending: the money is on its way into the balance.
	SettlementPending Settlement = "pending"
	// SettlementDone: it is there.
	SettlementDone Settlement = "settled"
)

// MethodSuffix ends the reference under which the payment method of a charge is known at the
// gateway. A line of the statement may carry it instead of the charge's own.
const MethodSuffix = "-pm"

// ChargeReference is the reference of the charge that a line of the statement names.
func ChargeReference(reference string) string { return strings.TrimSuffix(reference, MethodSuffix) }

// Transaction is one line of the gateway's statement of the account. Amounts are
// never negative; In says which way the money went.
type Transaction struct {
	ID        string // the gateway's id of this line, unique within the account
	Type      TransactionType
	Word      string // the type in the gateway's own words
	Status    TransactionStatus
	ProductID string // PaidPart.ID of a payment, Refund.ID of a refund; a gateway may leave a prefix out
	ChargeID  string // Charge.GatewayID, "" where the gateway does not say
	Reference string // ours, "" or foreign for what was not made by the shop
	Method    Method // "" for what the shop does not offer
	In        bool
	Amount    money.Rupiah // before fees; whole units where Currency is another
	Currency  string
	Fee       money.Rupiah // all that is kept, with taxes, rounded to whole rupiah
	FeeFinal  bool         // Fee will not change any more
	Settled   Settlement
	SettlesAt time.Time // expected while pending, when it was settled afterwards; zero where not known
	CreatedAt time.Time
	UpdatedAt time.Time
}
