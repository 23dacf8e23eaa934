package ledger

import (
	"context"
	"time"
)

// recordWithin is how long writing down the outcome of a call may take at least: as much as a
// job's lease is longer than its work.
const recordWithin = 2 * time.Second

// ForRecord returns a context of its own for writing down how a call outside ended. The
// caller's has often ended by then: the time of a job ran out while the call waited, or the
// customer who asked has left.
func ForRecord(ctx context.Context) (context.Context, context.CancelFunc) {
	free := context.WithoutCancel(ctx)
	own, cancel := context.WithTimeout(free, recordWithin)
	least, _ := own.Deadline()
	if d, bounded := ctx.Deadline(); bounded && d.After(least) {
		cancel()
		return context.WithDeadline(free, d)
	}
	return own, cancel
}
