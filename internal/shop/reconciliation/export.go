package reconciliation

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/report"
	"gerai/internal/store"
)

// Export records in the audit trail who takes which rows as a file; it is called before the
// first row is sent.
func (s *Service) Export(ctx context.Context, by actor.Actor, format string, f store.ReconciliationFilter) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("reconciliation.export", "reconciliation", map[string]any{"format": format, "from": string(f.From), "to": string(f.To), "kind": string(f.Kind), "state": string(f.State), "owner": f.Owner, "open": f.Open})
		return nil
	})
	if err != nil {
		return fmt.Errorf("note export of reconciliation: %w", err)
	}
	return nil
}

// Revenue is what the revenue report says of some days, which rows are to add up to.
func (s *Service) Revenue(ctx context.Context, from, to report.Day) (report.Sum, error) {
	books, err := s.reports.Books(ctx, report.Filter{From: from, To: to, Test: !s.Live()})
	return report.Total(books.Cells, nil), err
}
