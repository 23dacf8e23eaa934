package report

import "gerai/internal/money"

// Baseline is what a month was like before Gerai, as the operator remembers it; the zero value
// is none.
type Baseline struct {
	Revenue    money.Rupiah `json:"revenue"`
	Vouchers   int64        `json:"vouchers"`
	Complaints int64        `json:"complaints"`
}

// MostBaseline bounds counts of a baseline.
const MostBaseline = 1_000_000_000

// Month scales a number of some days to a month of thirty, rounded down.
func Month(n int64, days int) int64 {
	if days < 1 {
		return 0
	}
	return n * 30 / int64(days)
}
