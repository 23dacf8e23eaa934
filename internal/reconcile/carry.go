package reconcile

// Carry says what has to be kept in a month that is not closed about a subject whose own
// month is: the difference from what the closed months hold of it, oldest first. more is
// false when they say all of it already.
//
// So the rows of one subject always add up to what is true now, and a closed month keeps
// what was true when it was closed.
func Carry(r Row, closed []Row) (diff Row, more bool) {
	if len(closed) == 0 {
		return r, true
	}
	last := closed[len(closed)-1]
	diff = r
	for _, k := range closed {
		diff.There, diff.Here = diff.There-k.There, diff.Here-k.Here
		diff.Fee, diff.FeeExpected = diff.Fee-k.Fee, diff.FeeExpected-k.FeeExpected
	}
	moved := diff.There != 0 || diff.Here != 0 || diff.Fee != 0
	asks := r.State.Open() && r.State != last.State && r.State != FeeDiffers // rules may change without any money
	return diff, moved || asks
}
