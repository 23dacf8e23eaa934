package counter

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// KeyReferences gives transfers from before references had a normal form
// theirs, and returns how many are doubles of earlier ones. Doubles stay as they
// are; an alert names each.
func (s *Service) KeyReferences(ctx context.Context) (doubles int, err error) {
	for {
		waiting, err := s.Store.UnkeyedReferences(ctx)
		if err != nil || len(waiting) == 0 {
			return doubles, err
		}
		err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
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
