package refunds

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// longestOverdue bounds the days after which an unconfirmed transfer opens an alert.
const longestOverdue = 365

// SetCounterRules replaces the rules of the counter. Errors: Invalid at
// "second_above", "overdue_days" or "most_discount".
func (s *Service) SetCounterRules(ctx context.Context, by actor.Actor, c store.CounterRules) error {
	if c.SecondAbove < 0 {
		return fault.AtField("second_above", "counter.amount_form")
	}
	if c.OverdueDays < 0 || c.OverdueDays > longestOverdue {
		return fault.AtField("overdue_days", "counter.days")
	}
	if c.MostDiscount < 0 || c.MostDiscount > 100 {
		return fault.AtField("most_discount", "counter.most_discount")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.CounterRules(ctx)
		if err != nil || before == c {
			return err
		}
		tx.Audit("counter.rules", "settings", map[string]any{"before": before, "after": c})
		return tx.PutCounterRules(ctx, c)
	})
}
