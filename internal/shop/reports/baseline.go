package reports

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/report"
	"gerai/internal/store"
)

// SetBaseline replaces the figures from before Gerai. Errors: Invalid "report.baseline" at
// "revenue", "vouchers" or "complaints".
func (s *Service) SetBaseline(ctx context.Context, by actor.Actor, b report.Baseline) error {
	switch {
	case b.Revenue < 0 || b.Revenue > money.Max:
		return fault.AtField("revenue", "report.baseline")
	case b.Vouchers < 0 || b.Vouchers > report.MostBaseline:
		return fault.AtField("vouchers", "report.baseline")
	case b.Complaints < 0 || b.Complaints > report.MostBaseline:
		return fault.AtField("complaints", "report.baseline")
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.Baseline(ctx)
		if err != nil || before == b {
			return err
		}
		tx.Audit("settings.baseline", "settings:baseline", map[string]any{"before": before, "after": b})
		return tx.PutBaseline(ctx, b)
	})
	if err != nil {
		return fmt.Errorf("set baseline: %w", err)
	}
	return nil
}
