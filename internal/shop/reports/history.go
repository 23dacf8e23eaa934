package reports

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// BulkLoadHistory writes a generated past of any length as one act of the audit trail:
// all of it or nothing. The shop must not be used during the call. Sum up the days
// afterwards.
func (s *Service) BulkLoadHistory(ctx context.Context, by actor.Actor, detail map[string]any, parts <-chan store.History) error {
	return s.Store.BulkLoad(ctx, by, "history.added", detail, s.Zone, parts)
}

// AddHistory writes one part of a generated past, for demonstrations and measurements,
// as one act of the audit trail. Sum up the days afterwards: dirty days of the past must
// not accumulate.
func (s *Service) AddHistory(ctx context.Context, by actor.Actor, h store.History) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("history.added", "shop", map[string]any{"orders": len(h.Orders), "payments": len(h.Payments), "vouchers": len(h.Vouchers)})
		return tx.AddHistory(ctx, h)
	})
	if err != nil {
		return fmt.Errorf("add history: %w", err)
	}
	return nil
}

// Untouched refuses where orders exist already: a made-up past belongs into an
// empty shop only. Errors: Conflict "store.not_empty".
func (s *Service) Untouched(ctx context.Context) error {
	_, known, err := s.Store.FirstMoment(ctx)
	if err == nil && known {
		return fault.New(fault.Conflict, "store.not_empty")
	}
	return err
}
