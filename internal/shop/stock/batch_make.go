package stock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

const (
	// makePart is how many vouchers one job makes: little enough for its lease
	// on a slow router, and for a pause to be felt at once.
	makePart = 100
	// batchRetryMost bounds the wait for a router that is away.
	batchRetryMost = 30 * time.Second
)

// MakeBatch does the next part of a batch: first its rows are drawn, then the
// router gets them, a part for each job, so that a crash costs no more than
// doing one part again. Every part queues the next in the transaction that
// notes its own result.
func (s *Service) MakeBatch(ctx context.Context, j jobs.Job) error {
	b, err := s.Store.Batch(ctx, j.Subject)
	switch {
	case err != nil:
		return err
	case b.State == voucher.BatchCancelled:
		return s.dropBatch(ctx, b)
	case b.State != voucher.BatchRunning:
		return nil
	}
	r, err := s.Store.Router(ctx, b.RouterID)
	if err == nil && b.Drawn < b.Count {
		err = s.generateBatch(ctx, b, r)
	} else if err == nil {
		err = s.makeSome(ctx, b, r)
	}
	if waits := (*jobs.Snooze)(nil); err != nil && !errors.As(err, &waits) {
		return s.batchFailed(ctx, j, b, r, fmt.Errorf("make batch %s: %w", b.ID, err))
	}
	return err
}

// makeSome puts the next vouchers onto the router and notes which are there.
func (s *Service) makeSome(ctx context.Context, b store.Batch, r catalog.Router) error {
	rows, err := s.Store.UnmadeVouchers(ctx, b.ID, makePart)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return s.finishBatch(ctx, b, r)
	}
	var users []hotspot.User
	var made []string
	wanted := rows[:0]
	for _, v := range rows {
		switch u, want := voucher.Wanted(vouchers.BatchFacts(b, v.Facts()), s.Clock.Now()); want {
		case voucher.WantEnabled:
			users, wanted = append(users, u), append(wanted, v)
		case voucher.WantDisabled:
			made = append(made, v.ID) // it ended after its router had lost it
		}
	}
	if len(users)+len(made) == 0 { // over by a clock that may be wrong: they wait until their end is recorded
		return &jobs.Snooze{After: ledger.EndRetry, Err: ledger.ErrClock}
	}
	rows = wanted
	var taken []store.Voucher
	var worst error
	on := r.Router
	on.Server = cmp.Or(b.Server, on.Server)
	for i, err := range s.Hotspot.AddUsers(ctx, on, users) {
		switch {
		case err == nil:
			made = append(made, rows[i].ID)
		case fault.Is(err, fault.Conflict):
			taken = append(taken, rows[i])
		default:
			worst = worse(worst, err)
		}
	}
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	goOn := worst == nil || (len(made) > 0 && noTime(worst))
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.MarkMade(ctx, made); err != nil {
			return err
		}
		for _, v := range taken {
			if err := s.renameStock(ctx, tx, b, v); err != nil {
				return err
			}
		}
		// Some were disabled while the router was asked.
		if off, err := tx.StillEnabledOnRouter(ctx, b.ID, 1); err != nil {
			return err
		} else if len(off) > 0 {
			if err := s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchDisable, b, tx)); err != nil {
				return err
			}
		}
		if !goOn {
			return nil
		}
		return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
	})
	if err != nil || goOn {
		return err
	}
	return worst
}

// worse keeps the error that decides about the batch: one that needs a person before
// one that a later try solves.
func worse(a, b error) error {
	rank := func(err error) int {
		switch fault.KindOf(err) {
		case "":
			return 0
		case fault.Unavailable, fault.Limited:
			if noTime(err) {
				return 1
			}
			return 2
		case fault.Unknown:
			return 3
		}
		return 4
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// noTime reports whether the router was not asked for lack of time. A lost answer is worse,
// also when there was no time to look for what became of it.
func noTime(err error) bool {
	return fault.Is(err, fault.Unavailable) && errors.Is(err, hotspot.ErrBusy)
}

// finishBatch notes that the router has everything.
func (s *Service) finishBatch(ctx context.Context, b store.Batch, r catalog.Router) error {
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		done, err := tx.MoveBatch(ctx, b.ID, voucher.BatchDone, "", voucher.BatchRunning)
		if err == nil && done {
			tx.Audit("batch.done", "batch:"+b.ID, map[string]any{"code": b.Code, "count": b.Count})
		}
		return err
	})
	if err != nil {
		return err
	}
	s.vouchers.CountStock(ctx)
	return s.ledger.RouterSeen(ctx, r)
}

// dropBatch ends the vouchers that a cancelled batch has not made.
func (s *Service) dropBatch(ctx context.Context, b store.Batch) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		n, err := tx.DropUnmade(ctx, b.ID)
		if err != nil || n == 0 {
			return err
		}
		tx.Audit("batch.drop", "batch:"+b.ID, map[string]any{"code": b.Code, "vouchers": n})
		return nil
	})
}

// batchFailed decides what an error means for the whole batch.
func (s *Service) batchFailed(ctx context.Context, j jobs.Job, b store.Batch, r catalog.Router, cause error) error {
	switch fault.KindOf(cause) {
	case fault.Unavailable, fault.Unknown, fault.Limited:
		if !noTime(cause) {
			if err := s.ledger.RouterFailed(ctx, r, cause); err != nil {
				return err
			}
		}
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, vouchers.RouterRetryFirst, batchRetryMost), BlockQueue: true, Err: cause}
	case fault.Config, fault.Refused, fault.Conflict, fault.NotFound:
		return s.stopBatch(ctx, b, cause)
	}
	return cause
}

// stopBatch puts the batch in front of a person.
func (s *Service) stopBatch(ctx context.Context, b store.Batch, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	code := fault.CodeOf(cause)
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		stopped, err := tx.MoveBatch(ctx, b.ID, voucher.BatchStopped, code, voucher.BatchRunning)
		if err != nil || !stopped {
			return err
		}
		tx.Audit("batch.stop", "batch:"+b.ID, map[string]any{"code": b.Code, "problem": code})
		_, err = tx.OpenAlert(ctx, "batch_stopped", b.ID, code)
		return err
	})
	if err != nil {
		return err
	}
	return &jobs.Give{Err: cause}
}

// KeepBatches puts the work of running batches back on the queue in case it was
// lost.
func (s *Service) KeepBatches(ctx context.Context) error {
	running, err := s.Store.RunningBatches(ctx)
	if err != nil {
		return err
	}
	for _, b := range running {
		err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			unfinished, err := tx.HasJob(ctx, jobs.BatchMake, b.ID)
			if err != nil || unfinished {
				return err
			}
			return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
		})
		if err != nil {
			return fmt.Errorf("keep batch %s: %w", b.ID, err)
		}
	}
	return nil
}
