package order

import (
	"strings"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/money"
)

// Bounds of the reason of an allowance, in characters.
const (
	shortestAllowance = 3
	longestAllowance  = 100
)

// Allowance is what a member of staff takes off the price at the counter: so many rupiah, or a
// share. The zero value is none.
type Allowance struct {
	Amount  money.Rupiah
	Percent int
	Reason  string
}

// None reports whether nothing is taken off.
func (a Allowance) None() bool { return a == Allowance{} }

// Of is what is taken off a total, at most so many percent of it; something is left to pay for
// each of n vouchers. Errors: Invalid "counter.discount_form" and "counter.discount_most" at
// "discount", "counter.discount_reason" at "discount_reason".
func (a Allowance) Of(total money.Rupiah, n, mostPercent int) (money.Rupiah, error) {
	if a.None() {
		return 0, nil
	}
	if a.Amount < 0 || a.Percent < 0 || a.Percent > 100 || (a.Amount == 0) == (a.Percent == 0) {
		return 0, fault.AtField("discount", "counter.discount_form")
	}
	off := a.Amount
	if a.Percent > 0 {
		off = total * money.Rupiah(a.Percent) / 100
	}
	if off == 0 {
		return 0, fault.AtField("discount", "counter.discount_form")
	}
	if most := total * money.Rupiah(mostPercent) / 100; off > most || total-off < money.Rupiah(n) {
		return 0, &fault.Error{Kind: fault.Invalid, Code: "counter.discount_most", Field: "discount", Subject: min(most, max(total-money.Rupiah(n), 0)).String()}
	}
	reason := strings.TrimSpace(a.Reason)
	if l := utf8.RuneCountInString(reason); l < shortestAllowance || l > longestAllowance || !utf8.ValidString(reason) || strings.ContainsRune(reason, 0) {
		return 0, fault.AtField("discount_reason", "counter.discount_reason")
	}
	return off, nil
}

// Share divides an amount among n vouchers in whole rupiah, the larger parts first.
func Share(amount money.Rupiah, n int) []money.Rupiah {
	out := make([]money.Rupiah, n)
	for i := range out {
		out[i] = amount / money.Rupiah(n)
		if money.Rupiah(i) < amount%money.Rupiah(n) {
			out[i]++
		}
	}
	return out
}

// Tidy is the reason as it is kept.
func (a Allowance) Tidy() string { return strings.TrimSpace(a.Reason) }
