package stock

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// DisableIn is a confirmed wish to end a batch's vouchers.
type DisableIn struct {
	BatchID string
	Typed   string // the batch's code
	Reason  string // kept in the audit trail
	Sold    bool   // end those that customers have bought, too
}

// DisableBatch ends the unsold vouchers of a batch, or all that live, and
// returns how many. The router is told in the background; sessions end there.
// Errors: NotFound, Invalid at "typed" or "reason".
func (s *Service) DisableBatch(ctx context.Context, by actor.Actor, in DisableIn) (n int64, err error) {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return 0, err
	}
	states := []voucher.State{voucher.Stock}
	if in.Sold {
		states = append(states, voucher.Sold, voucher.Active)
	}
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		b, err := tx.Batch(ctx, in.BatchID)
		if err != nil {
			return err
		}
		if !strings.EqualFold(strings.TrimSpace(in.Typed), b.Code) {
			return fault.AtField("typed", "batch.confirm")
		}
		if n, err = tx.DisableBatch(ctx, b.ID, states); err != nil || n == 0 {
			return err
		}
		tx.Audit("batch.disable", "batch:"+b.ID, map[string]any{"code": b.Code, "vouchers": n, "sold_too": in.Sold, "reason": why})
		return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchDisable, b, tx))
	})
	if err != nil {
		return 0, fmt.Errorf("disable batch %s: %w", in.BatchID, err)
	}
	return n, nil
}

// DisableBatchJob tells the router about the next disabled vouchers of a batch, until
// it knows of all, however long it is away.
func (s *Service) DisableBatchJob(ctx context.Context, j jobs.Job) error {
	b, err := s.Store.Batch(ctx, j.Subject)
	if err != nil {
		return err
	}
	if err := s.ledger.HeldBack(ctx, j.Created); err != nil {
		return err
	}
	rows, err := s.Store.StillEnabledOnRouter(ctx, b.ID, makePart)
	if err != nil || len(rows) == 0 {
		return err
	}
	r, err := s.Store.Router(ctx, b.RouterID)
	if err != nil {
		return err
	}
	names := make([]string, len(rows))
	for i, v := range rows {
		names[i] = v.Username
	}
	var off []string
	var worst error
	for i, err := range s.Hotspot.DisableUsers(ctx, r.Router, names) {
		if err == nil {
			off = append(off, rows[i].ID)
		}
		worst = worse(worst, err)
	}
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.MarkDisabledOnRouter(ctx, off); err != nil || len(off) == 0 {
			return err
		}
		for _, id := range off { // one may have been switched on while the router was asked
			v, err := tx.VoucherByID(ctx, id)
			if err == nil && v.State != voucher.Disabled {
				err = s.ledger.Enqueue(ctx, tx, vouchers.SwitchJob(tx, v))
			}
			if err != nil {
				return err
			}
		}
		return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchDisable, b, tx))
	})
	if err != nil || len(off) > 0 {
		return err
	}
	return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 5*time.Second, 5*time.Minute), BlockQueue: fault.Is(worst, fault.Unavailable), Err: fmt.Errorf("end batch %s: %w", b.ID, worst)}
}
