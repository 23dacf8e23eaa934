package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Rupiah is an amount in whole Indonesian rupiah. The currency has no minor
// unit in use, so one unit is Rp1.
type Rupiah int64

// Max is the largest amount a single order may cost: far above any voucher and
// far below any overflow when thousands of orders are summed.
const Max Rupiah = 1_000_000_000

// Currency is the ISO 4217 code of every amount in the shop.
const Currency = "IDR"

// String prints the amount the way Indonesian shops do: Rp5.000, -Rp250.
func (r Rupiah) String() string {
	sign := ""
	digits := strconv.FormatInt(int64(r), 10)
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(d)
	}
	return sign + "Rp" + b.String()
}

// ParseDecimal reads an amount as gateways and EMV codes write it: "10000",
// "10000.00", "10000.0". A fraction other than zero, a sign, an exponent, a
// blank or an amount above Max is refused, so that no rounding ever happens.
func ParseDecimal(s string) (Rupiah, error) {
	whole, frac, dotted := strings.Cut(s, ".")
	if whole == "" || len(whole) > 12 || (dotted && frac == "") || strings.Trim(frac, "0") != "" {
		return 0, fmt.Errorf("money: %q is not a whole amount", s)
	}
	for _, c := range whole {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("money: %q is not a whole amount", s)
		}
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || Rupiah(n) > Max {
		return 0, fmt.Errorf("money: %q is out of range", s)
	}
	return Rupiah(n), nil
}
