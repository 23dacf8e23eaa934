package order

import (
	"strconv"
	"strings"

	"gerai/internal/fault"
	"gerai/payments"
)

// Why the order of a charge cannot be made again.
var (
	// ErrForeignReference: the charge's reference is not that of an order.
	ErrForeignReference = fault.New(fault.Refused, "recovery.reference")
	// ErrNoMetadata: the charge does not say what was sold.
	ErrNoMetadata = fault.New(fault.Refused, "recovery.metadata")
	// ErrOtherAmount: the charge asked for another amount than what was sold cost.
	ErrOtherAmount = fault.New(fault.Refused, "recovery.amount")
)

// Remade is an order as a charge of the gateway tells of it.
type Remade struct {
	Code Code
	No   int // of the attempt that the charge belongs to
	Recorded
}

// mostAttempt bounds the number of an attempt in a reference.
const mostAttempt = 99

// ParseReference reads the reference of a charge: order code, "-", attempt. false for
// one that is not of an order.
func ParseReference(reference string) (code Code, no int, ok bool) {
	text, number, found := strings.Cut(reference, "-")
	no, err := strconv.Atoi(number)
	code, readable := ParseCode(text)
	if !found || err != nil || !readable || no < 1 || no > mostAttempt || Reference(code, no) != reference {
		return "", 0, false
	}
	return code, no, true
}

// Reference is what the gateway knows an attempt by.
func Reference(code Code, no int) string { return string(code) + "-" + strconv.Itoa(no) }

// AttemptKey is the idempotency key of an attempt at the gateway.
func AttemptKey(id ID, no int) string { return "gerai-" + string(id) + "-" + strconv.Itoa(no) }

// Remake reads from a charge what its order was. Errors: ErrForeignReference,
// ErrNoMetadata, ErrOtherAmount.
func Remake(c payments.Charge) (r Remade, err error) {
	var ok bool
	if r.Code, r.No, ok = ParseReference(c.Reference); !ok {
		return r, ErrForeignReference
	}
	if r.Recorded, ok = ParseMetadata(c.Metadata); !ok {
		return r, ErrNoMetadata
	}
	if c.Amount != r.Item.Due() {
		return r, ErrOtherAmount
	}
	return r, nil
}

// remadeNonce begins the nonce of an order that was made again; no form's has a colon.
const remadeNonce = "remade:"

// RemadeNonce is the nonce of an order that was made again: no form has sent it.
func RemadeNonce(c Code) string { return remadeNonce + string(c) }

// Order is the order, without what the gateway never knew: phone number, device, language,
// user name and password.
func (r Remade) Order() Order {
	return Order{Code: r.Code, SiteID: r.SiteID, Channel: Online, Lang: "id", Item: r.Item, Total: r.Item.Due(), Nonce: RemadeNonce(r.Code), AttemptNo: r.No}
}

// Remade reports whether the order was made again from its charge after a restore.
func (o Order) Remade() bool { return strings.HasPrefix(o.Nonce, remadeNonce) }
