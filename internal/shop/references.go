package shop

import (
	"context"
	"fmt"

	"gerai/internal/fault"
	"gerai/internal/store"
)

// referenceUsed names the order that was paid with a reference.
func referenceUsed(ctx context.Context, tx *store.Tx, reference string) error {
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

// KeyReferences gives transfers from before references had a normal form
// theirs, and returns how many are doubles of earlier ones. Doubles stay as they
// are; an alert names each.
func (s *Shop) KeyReferences(ctx context.Context) (doubles int, err error) {
	for {
		waiting, err := s.Store.UnkeyedReferences(ctx)
		if err != nil || len(waiting) == 0 {
			return doubles, err
		}
		err = s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
			for _, c := range waiting {
				doubled, err := tx.KeyReference(ctx, c)
				if err != nil {
					return err
				}
				if !doubled {
					continue
				}
				doubles++
				if _, err := tx.OpenAlert(ctx, "transfer_doubled", string(c.OrderID), c.Reference); err != nil {
					return err
				}
				tx.Audit("payment.reference_doubled", "order:"+string(c.OrderID), map[string]any{"key": c.Key, "reference": c.Reference})
			}
			return nil
		})
		if err != nil {
			return doubles, fmt.Errorf("key references: %w", err)
		}
	}
}
