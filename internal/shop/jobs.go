package shop

import (
	"context"
	"errors"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/shop/backups"
	"gerai/internal/shop/orders"
	"gerai/internal/store"
)

// Handlers maps every job kind to the use case that does it.
func (s *Shop) Handlers() map[jobs.Kind]func(context.Context, jobs.Job) error {
	return map[jobs.Kind]func(context.Context, jobs.Job) error{
		jobs.EventProcess:   s.Orders.ProcessWebhookEvent,
		jobs.ChargeCreate:   s.Orders.CreateChargeJob,
		jobs.ChargeCancel:   s.Orders.CancelCharge,
		jobs.OrderReconcile: s.Orders.ReconcileJob,
		jobs.OrderActivate:  s.Vouchers.Activate,
		jobs.DeviceConnect:  s.Vouchers.ConnectJob,
		jobs.PassEnd:        s.Vouchers.EndPassJob,
		jobs.VoucherExpire:  s.Vouchers.ExpireVoucher,
		jobs.RefundStop:     s.Refunds.RefundStop,
		jobs.RefundSend:     s.Refunds.RefundSend,
		jobs.StockExpire:    s.Vouchers.ExpireStock,
		jobs.VoucherSwitch:  s.Vouchers.SwitchVoucher,
		jobs.VoucherLeave:   s.Vouchers.LeaveRouter,
		jobs.BansHold:       s.Vouchers.HoldBansJob,
		jobs.Compensate:     s.Vouchers.CompensateJob,
		jobs.UsersRestore:   s.Vouchers.RestoreUsersJob,
		jobs.TrialRemove:    s.Setup.RemoveTrialJob,
		jobs.BatchMake:      s.Stock.MakeBatch,
		jobs.BatchDisable:   s.Stock.DisableBatchJob,

		jobs.ReconciliationDay: s.Reconciliation.CompareDay,
		jobs.BackupRun:         s.Backups.BackupJob,
		jobs.BackupDrill:       s.Backups.DrillJob,
		jobs.RecoveryRun:       s.Backups.RecoveryJob,
	}
}

// Long are the kinds of jobs that may take longer than others, and how long.
func Long() map[jobs.Kind]time.Duration {
	return map[jobs.Kind]time.Duration{jobs.BackupRun: backups.RunTime, jobs.BackupDrill: backups.RunTime}
}

// Watchdog opens alerts for paid orders that wait too long, a gateway that does
// not answer and transfers that are owed for too long, and closes alerts that
// are over.
func (s *Shop) Watchdog(ctx context.Context) error {
	if err := s.Refunds.CheckOverdue(ctx); err != nil {
		return err
	}
	return errors.Join(s.Orders.AlertStuck(ctx), s.Orders.CheckGateway(ctx), s.Alerts.CloseResolvedAlerts(ctx))
}

// SweepAll sweeps until nothing is due.
func (s *Shop) SweepAll(ctx context.Context) error {
	for {
		n, err := s.Orders.Sweep(ctx)
		if err != nil || n < orders.SweepBatch {
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
	if !s.ledger.Ends(ctx) {
		return nil
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
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
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		n, err := tx.RescueAll(ctx)
		if err == nil && n > 0 {
			s.Log.InfoContext(ctx, "took up work of the last run", "jobs", n)
		}
		return err
	})
}
