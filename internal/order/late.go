package order

import "time"

// Grace is how long after ExpiresAt money still counts as on time: clocks
// differ and banks are slow.
const Grace = 120 * time.Second

// deadline is the last instant at which money is on time.
func (f Facts) deadline() time.Time { return f.ExpiresAt.Add(Grace) }

// late reports whether the order was paid in full after its deadline. It is flagged, and
// activated all the same unless refundLate holds.
func (m sums) late(f Facts) bool { return m.fullAt.After(f.deadline()) }

// refundLate reports whether the money goes back because it came late: where the site's
// policy says so, and where that was promised once, even if money from before the deadline
// is heard of afterwards. A delivered or forced order keeps it.
func (m sums) refundLate(f Facts) bool {
	return (m.late(f) && f.Policies.RefundLate || m.promised) && f.Activation == nil && f.ForcedAt.IsZero()
}
