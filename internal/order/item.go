package order

import "time"

// Limited reports whether time, use or traffic of the voucher ever end.
func (i Item) Limited() bool { return i.Validity > 0 || i.UptimeLimit > 0 || i.DataLimit > 0 }

// Plus is what an account may do that was sold as i and extended by x. What
// either leaves unlimited stays unlimited, so nothing ever shrinks.
func (i Item) Plus(x Item) Item {
	i.Validity = plus(i.Validity, x.Validity)
	i.UptimeLimit = plus(i.UptimeLimit, x.UptimeLimit)
	i.DataLimit = plus(i.DataLimit, x.DataLimit)
	return i
}

func plus[T time.Duration | int64](a, b T) T {
	if a == 0 || b == 0 {
		return 0
	}
	return a + b
}
