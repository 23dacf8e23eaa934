package money

import (
	"fmt"
	"regexp"
	"strings"
)

// typedForm is an amount as people write it: plain digits or groups of three
// parted by points, Rp in front or not. Digits of any other form mean different
// amounts to different readers: 5,000 and 5.00 are five to some.
var typedForm = regexp.MustCompile(`^(?:[Rr][Pp]\.? ?)?(0|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d*)$`)

// ParseTyped reads an amount as people write it in files, forms, flags and
// variables: 5000, 5.000, Rp5.000, Rp 5.000. Signs, fractions, commas, exponents, leading
// zeros, other bases and amounts above Max are refused, so that nothing is ever
// read as another amount.
func ParseTyped(s string) (Rupiah, error) {
	m := typedForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, fmt.Errorf("money: %q is not an amount like 5000 or Rp5.000", s)
	}
	return ParseDecimal(strings.ReplaceAll(m[1], ".", ""))
}

// ParseField reads an amount of a form as ParseTyped does; an empty field is 0.
func ParseField(typed string) (amount Rupiah, ok bool) {
	if strings.TrimSpace(typed) == "" {
		return 0, true
	}
	amount, err := ParseTyped(typed)
	return amount, err == nil
}
