package counter

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/typed"
	"gerai/payments"
)

// Name is what payments at the counter are kept under, where a gateway's
// payments carry the gateway's name.
const Name = "counter"

// Longest reference of a transfer, in characters.
const longestReference = 60

// Tender is what a customer pays with at the counter, as the kasir typed it.
type Tender struct {
	Method    payments.Method // Cash, Transfer or StaticQRIS
	Due       money.Rupiah    // what is to be paid
	Given     money.Rupiah    // cash in hand; 0 means exactly what is due
	Reference string          // of a transfer or a payment of the printed QRIS
}

// Taken is a tender that may be accepted.
type Taken struct {
	Method    payments.Method
	Amount    money.Rupiah // what counts towards the order
	Given     money.Rupiah
	Reference string
}

// Change is what goes back to the customer's hand.
func (t Taken) Change() money.Rupiah { return t.Given - t.Amount }

// Take checks a tender. What was typed for another method is refused, because it
// would be dropped. Errors: Invalid at "method", "given" or "reference",
// Conflict "counter.nothing_due".
func Take(t Tender) (Taken, error) {
	if t.Due <= 0 {
		return Taken{}, fault.New(fault.Conflict, "counter.nothing_due")
	}
	out := Taken{Method: t.Method, Amount: t.Due, Given: t.Due}
	switch t.Method {
	case payments.Cash:
		switch {
		case strings.TrimSpace(t.Reference) != "":
			return Taken{}, fault.AtField("reference", "counter.reference_with_cash")
		case t.Given < 0 || t.Given > money.Max:
			return Taken{}, fault.AtField("given", "counter.given_form")
		case t.Given != 0 && t.Given < t.Due:
			return Taken{}, fault.AtField("given", "counter.given_short")
		case t.Given != 0:
			out.Given = t.Given
		}
	case payments.Transfer, payments.StaticQRIS:
		if t.Given != 0 {
			return Taken{}, fault.AtField("given", "counter.given_with_transfer")
		}
		var err error
		if out.Reference, err = Reference(t.Reference); err != nil {
			return Taken{}, err
		}
	default:
		return Taken{}, fault.AtField("method", "counter.method")
	}
	return out, nil
}

// Reference tidies a transfer's reference for reading; typed.Reference says which
// are the same. Errors: Invalid at "reference".
func Reference(text string) (string, error) {
	s := strings.ToUpper(strings.Join(strings.Fields(text), " "))
	if utf8.RuneCountInString(typed.Reference(s)) < 3 || utf8.RuneCountInString(s) > longestReference || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", fault.AtField("reference", "counter.reference_form")
	}
	return s, nil
}

// Payment is the fact that money was taken. key makes it happen once.
func (t Taken) Payment(key string, at time.Time) order.Payment {
	return order.Payment{Gateway: Name, Key: key, Reference: t.Reference, Method: t.Method, Amount: t.Amount, Currency: money.Currency, PaidAt: at, RecordedAt: at}
}

// OnCredit is the fact that staff deliver before the money is there.
func OnCredit(key string, amount money.Rupiah, at time.Time) order.Payment {
	return Taken{Method: payments.Credit, Amount: amount}.Payment(key, at)
}
