package ledger

import (
	"context"

	"gerai/internal/fault"
	"gerai/internal/store"
)

// ReferenceUsed names the order that was paid with a reference.
func ReferenceUsed(ctx context.Context, tx *store.Tx, reference string) error {
	earlier, found, err := tx.CounterByReference(ctx, reference)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.Conflict, "order.nonce_reused") // it was the key of the form
	}
	used := fault.AtField("reference", "counter.reference_used")
	used.Subject = earlier.Code.Pretty()
	return used
}
