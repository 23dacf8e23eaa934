package payments

import (
	"context"
	"time"

	"gerai/internal/money"
)

// Status is a charge's state in the gateway's eyes, normalised.
type Status string

const (
	// Pending: the customer has not paid yet.
	Pending Status = "pending"
	// Paid: money has arrived.
	Paid Status = "paid"
	// Failed: the gateway gave up on this charge.
	Failed Status = "failed"
	// Expired: the gateway stopped waiting; money may still arrive late.
	Expired Status = "expired"
	// Cancelled: closed on our request.
	Cancelled Status = "cancelled"
	// RefundNews: the message is about a refund, which its GatewayID names.
	RefundNews Status = "refund"
	// Unrecognised: a status this version does not know; change nothing.
	Unrecognised Status = "unrecognised"
)

// CreateIn asks for one charge. The same IdempotencyKey always comes with the
// same content, so a repeated call cannot create a second charge.
type CreateIn struct {
	Reference      string // order code, "-", attempt number
	IdempotencyKey string // one per attempt
	Method         Method
	Amount         money.Rupiah
	PayerName      string    // shop name printed at the bank, letters and spaces only
	ExpiresAt      time.Time // virtual accounts only; ignored where a channel refuses it
	// Metadata stays with the charge: at most 50 keys of 40 characters, values of 500.
	Metadata map[string]string
	// Test: the order is about no real money. A Connection refuses it with an account of real
	// money, and the other way round.
	Test bool
}

// PaidPart is one confirmed payment towards a charge.
type PaidPart struct {
	ID       string
	Amount   money.Rupiah
	Currency string
	At       time.Time
}

// Charge is what the gateway knows of one attempt.
type Charge struct {
	GatewayID string // the gateway's id of the charge
	MethodID  string // the gateway's id of the QR code or virtual account
	Reference string
	Method    Method
	Status    Status
	Amount    money.Rupiah // as requested
	Currency  string
	QR        string    // EMV payload, QRIS only
	VA        string    // account number, virtual account only
	ExpiresAt time.Time // zero when the gateway names none
	// Metadata is what the charge was created with, nil where there was none or the
	// gateway keeps none.
	Metadata map[string]string
	// Paid lists the confirmed payments; filled by Get and Find when Status is
	// Paid, never by List.
	Paid []PaidPart
}

// Sum returns the confirmed amount in rupiah and whether every part is in
// rupiah.
func (c Charge) Sum() (total money.Rupiah, rupiah bool) {
	rupiah = true
	for _, p := range c.Paid {
		if p.Currency != money.Currency {
			rupiah = false
			continue
		}
		total += p.Amount
	}
	return total, rupiah
}

// PaidAt returns the time of the last confirmed payment, zero if none.
func (c Charge) PaidAt() time.Time {
	var at time.Time
	for _, p := range c.Paid {
		if p.At.After(at) {
			at = p.At
		}
	}
	return at
}

// RefundIn asks for money to go back. The same IdempotencyKey always comes with
// the same content, so a repeated call gives back once.
type RefundIn struct {
	GatewayID      string // the charge that was paid
	Reference      string // ours, one per refund
	IdempotencyKey string
	Amount         money.Rupiah
}

// RefundStatus is a refund's state in the gateway's eyes.
type RefundStatus string

const (
	// RefundPending: accepted, the money is on its way.
	RefundPending RefundStatus = "pending"
	// RefundDone: the money is back.
	RefundDone RefundStatus = "done"
	// RefundFailed: it will not arrive; give it back by hand.
	RefundFailed RefundStatus = "failed"
)

// Refund is what the gateway knows of money that goes back.
type Refund struct {
	ID        string // the gateway's
	ChargeID  string // the charge it belongs to, "" where the gateway does not say
	Reference string // ours, or whatever the one who made it elsewhere wrote
	Amount    money.Rupiah
	Status    RefundStatus
}

// Notification is what a gateway's message claims. It is a hint: only a read
// from the gateway moves an order.
type Notification struct {
	Key       string // unique per event; stable over the gateway's retries
	Event     string // the gateway's event name
	GatewayID string // charge id, may be empty
	Reference string // our reference, may be empty
	Status    Status // claimed status, Unrecognised for events of no interest
	Sample    bool   // the dashboard's test button
}

// Gateway is one payment provider. Every method has a deadline of its own and
// returns fault errors: Unavailable (nothing happened, retry), Unknown (it may
// have happened, look it up by reference), Refused (this request is wrong for
// good), Config (credentials, permission or channel not active), Limited
// (retry after), NotFound.
type Gateway interface {
	// Name is the stable short name stored with payments, for example "xendit".
	Name() string
	// Create opens a charge or returns the one opened before under the same key.
	Create(ctx context.Context, in CreateIn) (Charge, error)
	// Get reads one charge with its payments by the gateway's id.
	Get(ctx context.Context, gatewayID string) (Charge, error)
	// Find reads every charge under our reference with its payments, newest first.
	Find(ctx context.Context, reference string) ([]Charge, error)
	// List reads up to 50 charges by the gateway's ids in one call, without
	// payments; unknown ids are absent from the answer.
	List(ctx context.Context, gatewayIDs []string) ([]Charge, error)
	// Cancel asks the gateway to stop accepting money for a charge. Money may
	// arrive all the same. Cancelling twice is no error.
	Cancel(ctx context.Context, c Charge) error
	// Refund gives money back, or answers with the refund made before under the same key.
	// Refused "gateway.refund_unsupported" where the channel or issuer cannot: it has to be
	// paid out by hand.
	Refund(ctx context.Context, in RefundIn) (Refund, error)
	// GetRefund reads one refund by the gateway's id.
	GetRefund(ctx context.Context, id string) (Refund, error)
	// RefundsOf lists the refunds of a charge, requested by us or not.
	RefundsOf(ctx context.Context, gatewayID string) ([]Refund, error)
	// Transactions reads one page of the account's statement: every transaction created
	// from an instant until before another, in no particular order. cursor is "" for the
	// first page, then the next of the page before; next is "" after the last one. A
	// statement may lag behind Get.
	Transactions(ctx context.Context, from, until time.Time, cursor string) (page []Transaction, next string, err error)
	// ParseNotification verifies and reads one raw message. header looks up a
	// request header by name. Errors: Denied (not from the gateway), Invalid
	// (not readable).
	ParseNotification(header func(string) string, body []byte) (Notification, error)
}
