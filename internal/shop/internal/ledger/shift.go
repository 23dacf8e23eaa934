package ledger

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/store"
)

// OpenShift finds the actor's open shift and locks it until the transaction ends.
// Errors: Conflict "shift.closed".
func (s *Ledger) OpenShift(ctx context.Context, tx *store.Tx, by actor.Actor) (store.Shift, error) {
	shift, found, err := tx.OpenShift(ctx, by.ID)
	if err != nil {
		return shift, err
	}
	if found {
		found, err = tx.LockShift(ctx, shift.ID)
	}
	if err == nil && !found {
		err = fault.New(fault.Conflict, "shift.closed")
	}
	return shift, err
}

// Expected is what must lie in the till: the opening cash and every move.
func Expected(shift store.Shift, sums []store.TillSum) money.Rupiah {
	sum := shift.Opening
	for _, m := range sums {
		sum += m.Amount
	}
	return sum
}
