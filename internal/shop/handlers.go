package shop

import (
	"context"
	"errors"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/store"
)

// Handlers maps every job kind to the use case that does it.
func (s *Shop) Handlers() map[jobs.Kind]func(context.Context, jobs.Job) error {
	return map[jobs.Kind]func(context.Context, jobs.Job) error{
		jobs.EventProcess:   s.ProcessWebhookEvent,
		jobs.ChargeCreate:   s.CreateChargeJob,
		jobs.ChargeCancel:   s.CancelCharge,
		jobs.OrderReconcile: s.ReconcileJob,
		jobs.OrderActivate:  s.Activate,
		jobs.DeviceConnect:  s.ConnectJob,
		jobs.PassEnd:        s.EndPassJob,
		jobs.VoucherExpire:  s.ExpireVoucher,
		jobs.RefundStop:     s.RefundStop,
		jobs.RefundSend:     s.RefundSend,
		jobs.StockExpire:    s.ExpireStock,
		jobs.VoucherSwitch:  s.SwitchVoucher,
		jobs.BatchMake:      s.MakeBatch,
		jobs.BatchDisable:   s.DisableBatchJob,
	}
}

// Watchdog opens alerts for paid orders that wait too long, a gateway that does
// not answer and transfers that are owed for too long, and closes alerts that
// are over.
func (s *Shop) Watchdog(ctx context.Context) error {
	if err := s.checkOverdue(ctx); err != nil {
		return err
	}
	return errors.Join(s.alertStuck(ctx), s.checkGateway(ctx), s.CloseResolvedAlerts(ctx))
}

// SweepAll sweeps until nothing is due.
func (s *Shop) SweepAll(ctx context.Context) error {
	for {
		n, err := s.Sweep(ctx)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}

const (
	keepJobs  = 24 * time.Hour
	cleanStep = 5000
)

// Clean deletes finished jobs, ended sessions and expired links.
func (s *Shop) Clean(ctx context.Context) error {
	if !s.ends(ctx) {
		return nil
	}
	return s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		if _, err := tx.CleanJobs(ctx, tx.Now().Add(-keepJobs), cleanStep); err != nil {
			return err
		}
		if err := tx.CleanStaff(ctx); err != nil {
			return err
		}
		_, err := tx.CleanSlots(ctx)
		return err
	})
}

// Rescue makes every running job waiting again. Only right after the start of
// the only process on the database.
func (s *Shop) Rescue(ctx context.Context) error {
	return s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		n, err := tx.RescueAll(ctx)
		if err == nil && n > 0 {
			s.Log.InfoContext(ctx, "took up work of the last run", "jobs", n)
		}
		return err
	})
}
