package counter

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/money"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// ShiftReport is everything about one shift: what was sold, what was taken back,
// and what must lie in the till.
type ShiftReport struct {
	Shift    store.Shift
	Sales    []store.ShiftSale
	Sums     []store.TillSum  // of the till, by kind of move
	Undone   store.TillSum    // corrections
	ByHand   []store.TillMove // cash in and out without a sale
	Expected money.Rupiah
}

// Sold is how many sales there were and what they were worth.
func (r ShiftReport) Sold() (n int64, amount money.Rupiah) {
	for _, s := range r.Sales {
		n, amount = n+s.N, amount+s.Amount
	}
	return n, amount
}

// Open is what of the sales is not confirmed yet.
func (r ShiftReport) Open() (n int64, amount money.Rupiah) {
	for _, s := range r.Sales {
		n, amount = n+s.OpenN, amount+s.Open
	}
	return n, amount
}

// ShiftReport reads the report of a shift.
func (s *Service) ShiftReport(ctx context.Context, shift store.Shift) (ShiftReport, error) {
	out := ShiftReport{Shift: shift}
	var err error
	if out.Sales, err = s.Store.ShiftSales(ctx, shift.ID); err != nil {
		return out, err
	}
	if out.Undone, err = s.Store.ShiftUndone(ctx, shift.ID); err != nil {
		return out, fmt.Errorf("corrections of shift %s: %w", shift.ID, err)
	}
	if out.Sums, err = s.Store.TillSums(ctx, shift.ID); err != nil {
		return out, fmt.Errorf("till of shift %s: %w", shift.ID, err)
	}
	moves, err := s.Store.Till(ctx, shift.ID)
	if err != nil {
		return out, fmt.Errorf("till of shift %s: %w", shift.ID, err)
	}
	for _, m := range moves {
		if m.Kind == store.TillIn || m.Kind == store.TillOut {
			out.ByHand = append(out.ByHand, m)
		}
	}
	out.Expected = ledger.Expected(shift, out.Sums)
	return out, nil
}

// ExportShift records in the audit trail who exports the report of a shift; it is
// called before the first row is sent.
func (s *Service) ExportShift(ctx context.Context, by actor.Actor, shiftID, format string) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("report.export", "shift:"+shiftID, map[string]any{"format": format})
		return nil
	})
	if err != nil {
		return fmt.Errorf("note export of shift %s: %w", shiftID, err)
	}
	return nil
}
