package report

import (
	"strings"

	"gerai/internal/money"
	"gerai/payments"
)

// Fee is what the gateway keeps of one payment.
type Fee struct {
	// Method is a method ("qris", "va:BCA", "transfer") or the part before the
	// colon ("va") for all of its kind.
	Method string `json:"method"`
	// Hundredths of a percent of the amount: 70 is 0.7 %.
	Hundredths int64        `json:"hundredths"`
	Fixed      money.Rupiah `json:"fixed"`
}

// Fees are the rules, the more exact one first. What no rule names is free.
type Fees []Fee

// DefaultFees are the list prices on Xendit's page of fees: QRIS 0.7 % with tax,
// virtual accounts Rp4.000 and 11 % tax.
var DefaultFees = Fees{{Method: "qris", Hundredths: 70}, {Method: "va", Fixed: 4440}}

// Largest values a rule may have.
const (
	MaxHundredths = 10_000
	MaxFixed      = money.Rupiah(1_000_000)
)

// Of is the fee on one payment of an amount by a method. The share is rounded
// to whole rupiah, half a rupiah up, payment by payment; a fee is never larger
// than the payment.
func (f Fees) Of(m payments.Method, amount money.Rupiah) money.Rupiah {
	kind, _, _ := strings.Cut(string(m), ":")
	for _, name := range []string{string(m), kind} {
		for _, r := range f {
			if r.Method == name {
				return min(amount, (amount*money.Rupiah(r.Hundredths)+5000)/10_000+r.Fixed)
			}
		}
	}
	return 0
}
