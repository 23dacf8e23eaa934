package vouchers

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// CheckStock opens an alert for every plan whose stock is low, closes those
// whose stock is not any more, and lets orders try again that waited for it.
func (s *Service) CheckStock(ctx context.Context) error {
	levels, err := s.Store.StockLevels(ctx)
	if err != nil {
		return err
	}
	told, err := s.alerts.OpenSubjects(ctx, "stock_low")
	if err != nil {
		return err
	}
	for plan, low := range levels {
		left, err := s.Store.StockUpTo(ctx, plan, low)
		switch {
		case err != nil:
		case left < low && !told[plan]:
			err = s.ledger.Alert(ctx, "stock_low", plan, fmt.Sprintf("%d < %d", left, low))
		case left >= low && told[plan]:
			err = s.ledger.CloseAlert(ctx, "stock_low", plan)
		}
		if err != nil {
			return err
		}
		delete(told, plan)
	}
	for plan := range told { // it has no stock level any more
		if err := s.ledger.CloseAlert(ctx, "stock_low", plan); err != nil {
			return err
		}
	}
	return s.retryAllocations(ctx)
}

// CountStock looks whether a change made the stock low or refilled it; the change
// stands anyway.
func (s *Service) CountStock(ctx context.Context) {
	if err := s.CheckStock(ctx); err != nil {
		s.Log.WarnContext(ctx, "stock not checked", "error", err)
	}
}

// highestLevel bounds a stock level.
const highestLevel = 100_000

// SetStockLevel sets the number of unsold vouchers of a plan below which an alert
// opens; zero never. Errors: Invalid at "low", NotFound "plan.not_found".
func (s *Service) SetStockLevel(ctx context.Context, by actor.Actor, sites []string, planID string, low int) error {
	if low < 0 || low > highestLevel {
		return fault.AtField("low", "stock.low")
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		plan, err := tx.Plan(ctx, planID)
		if err == nil && (!ledger.Serves(sites, plan.SiteID) || plan.Retired()) {
			err = store.ErrPlanNotFound
		}
		if err != nil {
			return err
		}
		before, err := tx.StockLevels(ctx)
		if err != nil || before[planID] == low {
			return err
		}
		tx.Audit("stock.level", "plan:"+planID, map[string]any{"before": before[planID], "after": low})
		return tx.PutStockLevel(ctx, planID, low)
	})
	if err != nil {
		return fmt.Errorf("set stock level of plan %s: %w", planID, err)
	}
	return s.CheckStock(ctx)
}
