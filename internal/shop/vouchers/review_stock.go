package vouchers

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// reviewStock compares a router's users with the vouchers of its batches. What a router
// lost in a reboot is made again by the batch's job; what was removed by hand opens an
// alert.
func (s *Service) reviewStock(ctx context.Context, r catalog.Router, have map[string]bool, rebooted bool) error {
	missing := map[string][]string{}
	for _, state := range []voucher.State{voucher.Stock, voucher.Active} {
		after := ""
		for {
			live, err := s.Store.LiveVouchers(ctx, r.ID, state, after, 500)
			if err != nil {
				return err
			}
			if len(live) == 0 {
				break
			}
			for _, v := range live {
				if _, want := voucher.Wanted(v.Facts(), s.Clock.Now()); want == voucher.WantEnabled && v.OrderID == "" && !have[v.Username] {
					missing[v.BatchID] = append(missing[v.BatchID], v.ID)
				}
			}
			after = live[len(live)-1].Username
		}
	}
	if err := s.stockFound(ctx, r, missing); err != nil {
		return err
	}
	for batchID, ids := range missing {
		if err := s.stockMissing(ctx, batchID, ids, rebooted); err != nil {
			return fmt.Errorf("review batch %s: %w", batchID, err)
		}
	}
	return nil
}

// stockFound closes the alerts about batches of a router of which nothing is
// missing any more.
func (s *Service) stockFound(ctx context.Context, r catalog.Router, missing map[string][]string) error {
	open, err := s.Store.OpenAlerts(ctx)
	if err != nil {
		return err
	}
	for _, a := range open {
		if a.Kind != "stock_missing" || len(missing[a.Subject]) > 0 {
			continue
		}
		b, err := s.Store.Batch(ctx, a.Subject)
		if err == nil && b.RouterID == r.ID {
			err = s.ledger.CloseAlert(ctx, a.Kind, a.Subject)
		}
		if err != nil {
			return fmt.Errorf("review batch %s: %w", a.Subject, err)
		}
	}
	return nil
}

func (s *Service) stockMissing(ctx context.Context, batchID string, ids []string, rebooted bool) error {
	if !rebooted {
		return s.ledger.Alert(ctx, "stock_missing", batchID, fmt.Sprint(len(ids)))
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		b, err := tx.Batch(ctx, batchID)
		if err != nil {
			return err
		}
		if b.State == voucher.BatchCancelled { // what was never made stays given up
			if _, err := tx.DropUnmade(ctx, batchID); err != nil {
				return err
			}
			if err := tx.ShrinkBatch(ctx, batchID); err != nil {
				return err
			}
		}
		if err := tx.MarkMissing(ctx, ids); err != nil {
			return err
		}
		if _, err := tx.MoveBatch(ctx, batchID, voucher.BatchRunning, "", voucher.BatchDone, voucher.BatchCancelled); err != nil {
			return err
		}
		if _, err := tx.CloseAlert(ctx, "stock_missing", batchID); err != nil {
			return err
		}
		tx.Audit("batch.restore", "batch:"+batchID, map[string]any{"code": b.Code, "vouchers": len(ids)})
		return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
	})
}
