package ledger

import (
	"context"

	"gerai/internal/jobs"
	"gerai/internal/store"
)

// BatchMark precedes the batch's code in a user's comment.
const BatchMark = "gb."

// BatchJob is work on a batch, in the queue of its router that waits for sales.
func BatchJob(kind jobs.Kind, b store.Batch, tx *store.Tx) jobs.New {
	return jobs.New{Kind: kind, Queue: jobs.BulkQueue(b.RouterID), Subject: b.ID, DueAt: tx.Now()}
}

// FreeOfStock refuses a user name that a voucher has, as if another order had
// it.
func FreeOfStock(ctx context.Context, tx *store.Tx, username string) error {
	_, found, err := tx.VoucherByName(ctx, username)
	if found {
		return store.ErrOrderTaken.With(&store.Taken{Column: "username"})
	}
	return err
}

// SubjectOf is a voucher's subject in the audit trail: its order, or itself without one.
func SubjectOf(v store.Voucher) string {
	if v.OrderID == "" {
		return "voucher:" + v.ID
	}
	return "order:" + string(v.OrderID)
}
