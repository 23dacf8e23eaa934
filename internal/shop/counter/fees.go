package counter

import (
	"context"
	"fmt"
	"slices"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/report"
	"gerai/internal/store"
)

// Fees reads the fee rules; the default until they are set.
func (s *Service) Fees(ctx context.Context) (report.Fees, error) { return s.Store.Fees(ctx) }

// SetFees replaces the fee rules. They hold for every report from then on,
// also of days gone by. Errors: Invalid "report.fee" at the method's field.
func (s *Service) SetFees(ctx context.Context, by actor.Actor, fees report.Fees) error {
	for i, f := range fees {
		if f.Method == "" || f.Hundredths < 0 || f.Hundredths > report.MaxHundredths || f.Fixed < 0 || f.Fixed > report.MaxFixed ||
			slices.ContainsFunc(fees[:i], func(o report.Fee) bool { return o.Method == f.Method }) {
			return fault.AtField(f.Method, "report.fee")
		}
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.Fees(ctx)
		if err != nil {
			return err
		}
		if slices.Equal(before, fees) {
			return nil
		}
		tx.Audit("settings.fees", "settings:fees", map[string]any{"before": before, "after": fees})
		return tx.PutFees(ctx, fees)
	})
	if err != nil {
		return fmt.Errorf("set fees: %w", err)
	}
	return nil
}
