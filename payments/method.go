package payments

import "strings"

// Method is how a customer pays: "qris", or "va:" and a bank code, "va:BCA";
// at the counter "cash", "transfer", "qris_static" or "credit".
type Method string

// QRIS is the national QR payment.
const QRIS Method = "qris"

// Methods of the counter. No customer can choose them.
const (
	// Cash was handed over.
	Cash Method = "cash"
	// Transfer was shown to the kasir, with its reference.
	Transfer Method = "transfer"
	// StaticQRIS is the printed QRIS of the shop: paid past the gateway, shown to the kasir
	// with its reference.
	StaticQRIS Method = "qris_static"
	// Credit was given by staff: the voucher is delivered, the money is a receivable.
	Credit Method = "credit"
)

// Free is the method of orders that cost nothing. No customer can choose it.
const Free Method = "free"

// AtCounter reports whether a person took the money, or gave it on credit.
func (m Method) AtCounter() bool { return m == Cash || m.ByReference() || m == Credit }

// ByReference reports whether the money went to an account of the shop, and its reference
// tells it from other money.
func (m Method) ByReference() bool { return m == Transfer || m == StaticQRIS }

// Banks are the virtual-account banks the shop offers, in the order shown.
// Codes are the gateway-neutral names also used in the order form.
var Banks = []string{"BCA", "BNI", "BRI", "MANDIRI", "PERMATA", "BSI", "CIMB"}

// Offered are the methods that a customer may choose, the default first.
var Offered = func() []Method {
	out := []Method{QRIS}
	for _, bank := range Banks {
		out = append(out, VA(bank))
	}
	return out
}()

// VA returns the method for a bank code.
func VA(bank string) Method { return Method("va:" + bank) }

// Bank returns the bank code of a virtual-account method, "" for QRIS.
func (m Method) Bank() string {
	bank, found := strings.CutPrefix(string(m), "va:")
	if !found {
		return ""
	}
	return bank
}

// IsVA reports whether the customer transfers to a virtual account.
func (m Method) IsVA() bool { return m.Bank() != "" }

// ParseMethod reads a form value; ok is false for anything the shop does not
// offer. Bank codes are accepted in any case.
func ParseMethod(s string) (m Method, ok bool) {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, string(QRIS)) {
		return QRIS, true
	}
	if len(s) < 4 || !strings.EqualFold(s[:3], "va:") {
		return "", false
	}
	bank := strings.ToUpper(s[3:])
	for _, b := range Banks {
		if b == bank {
			return VA(b), true
		}
	}
	return "", false
}
