package backups

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// Kinds of alerts about backups, and what they are about.
const (
	alertFailed  = "backup_failed"
	alertOld     = "backup_old"
	alertDrill   = "drill_failed"
	alertKey     = "drill_by_hand_due"
	aboutBackups = "backups"
)

const (
	// retryAfter is when the daily backup is tried again after a failure.
	retryAfter = 30 * time.Minute
	// waitRunning is when a job looks again while another run is under way.
	waitRunning = time.Minute
)

// Schedule queues what is due and sees to the alerts about age. Every replica may call it:
// jobs of one kind and subject are one, and a run is held by one process.
func (s *Service) Schedule(ctx context.Context) error {
	if !s.Configured() {
		return nil
	}
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	if err := s.checkAges(ctx, state); err != nil {
		return err
	}
	kind := state.Due()
	if kind == "" {
		return nil
	}
	for _, k := range []jobs.Kind{jobs.BackupRun, jobs.BackupDrill} {
		if waits, err := s.Store.HasJob(ctx, k, actor.Server.AuditName); err != nil || waits {
			return err
		}
	}
	return s.queue(ctx, actor.Server, kind)
}

// Ask queues a backup or a drill that a person asked for.
func (s *Service) Ask(ctx context.Context, by actor.Actor, kind string) error {
	if !s.Configured() {
		return errNoPlace
	}
	if run, found, err := s.Store.RunningBackup(ctx); err != nil || found && s.alive(run) {
		return errors.Join(err, backup.ErrRunning)
	}
	return s.queue(ctx, by, kind)
}

func (s *Service) queue(ctx context.Context, by actor.Actor, kind string) error {
	work := jobs.BackupRun
	if kind == backup.RunDrill {
		work = jobs.BackupDrill
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if by.AuditName != actor.Server.AuditName {
			tx.Audit("backup.ask", "backups", map[string]any{"kind": kind})
		}
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: work, Queue: jobs.QueueBackup, Subject: by.AuditName, DueAt: tx.Now()})
	})
	if err != nil {
		return fmt.Errorf("queue backup: %w", err)
	}
	return nil
}

// BackupJob makes a backup, DrillJob one that is restored.
func (s *Service) BackupJob(ctx context.Context, j jobs.Job) error {
	return s.job(ctx, j, backup.RunBackup)
}

// DrillJob is BackupJob with a drill.
func (s *Service) DrillJob(ctx context.Context, j jobs.Job) error {
	return s.job(ctx, j, backup.RunDrill)
}

// job runs what was queued. The daily one is tried until it worked or something else made
// a backup; what a person asked for is tried once, and the page says what became of it.
func (s *Service) job(ctx context.Context, j jobs.Job, kind string) error {
	daily := j.Subject == actor.Server.AuditName
	if daily {
		state, err := s.State(ctx)
		if err != nil {
			return err
		}
		if kind = state.Due(); kind == "" {
			return nil
		}
	}
	_, err := s.Run(ctx, actor.Named(j.Subject), kind)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, backup.ErrRunning), errors.Is(err, backup.ErrInterrupted):
		return &jobs.Snooze{After: waitRunning, Err: err}
	case daily:
		return &jobs.Snooze{After: retryAfter, Err: err}
	}
	return &jobs.Give{Err: err}
}

// checkAges opens and closes the alerts about age.
func (s *Service) checkAges(ctx context.Context, state State) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		for _, p := range state.Places {
			if err := setAlert(ctx, tx, alertOld, p.Name, p.Newest.Name, p.Old); err != nil {
				return err
			}
		}
		open, err := tx.OpenAlerts(ctx)
		if err != nil {
			return err
		}
		for _, a := range open { // of places that are no longer configured
			if a.Kind == alertOld && !state.has(a.Subject) {
				if err := setAlert(ctx, tx, alertOld, a.Subject, "", false); err != nil {
					return err
				}
			}
		}
		return setAlert(ctx, tx, alertKey, aboutBackups, "", state.KeyDue)
	})
}

// setAlert opens an alert that is true and closes one that is not.
func setAlert(ctx context.Context, tx *store.Tx, kind, subject, detail string, on bool) (err error) {
	if on {
		_, err = tx.OpenAlert(ctx, kind, subject, detail)
	} else {
		_, err = tx.CloseAlert(ctx, kind, subject)
	}
	return err
}
