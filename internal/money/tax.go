package money

// IncludedTax is the tax inside a price that includes it, in whole rupiah,
// halves up: Rp11.100 at 11 percent hold Rp1.100.
func IncludedTax(price Rupiah, percent int) Rupiah {
	if percent <= 0 || price <= 0 {
		return 0
	}
	whole := int64(100 + percent)
	return Rupiah((2*int64(price)*int64(percent) + whole) / (2 * whole))
}
