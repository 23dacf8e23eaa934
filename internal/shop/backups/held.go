package backups

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/store"
)

const (
	// lease is how long a run whose process died holds up the next one.
	lease = time.Minute
	// keepRuns is how long the history of runs is kept.
	keepRuns = 400 * 24 * time.Hour
	// mostFailure bounds what is kept of an error.
	mostFailure = 500
)

var errNoPlace = fault.New(fault.Config, "backup.no_place")

// held does a run while this process holds the one place that there is for runs, in
// whatever process they are, and writes down and tells what became of it.
func (s *Service) held(ctx context.Context, by actor.Actor, kind string, do func(context.Context, *store.BackupRun) (Result, error)) (Result, error) {
	began := clock.Elapsed(s.Clock)
	ctx, cancel := context.WithTimeout(ctx, RunTime)
	defer cancel()
	run := store.BackupRun{Kind: kind, Actor: by.AuditName}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		run.ID = tx.NewID()
		return tx.BeginBackupRun(ctx, run, lease)
	})
	if err != nil {
		return Result{Kind: kind}, err
	}
	working, lost := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.keep(working, run.ID, lost)
	}()
	result, err := do(working, &run)
	if cause := context.Cause(working); err != nil && cause != nil && !errors.Is(cause, context.DeadlineExceeded) {
		err = backup.ErrInterrupted.With(errors.Join(cause, err))
	}
	lost(nil)
	<-stopped
	result.Took = clock.Elapsed(s.Clock) - began
	err = errors.Join(err, s.finish(context.WithoutCancel(ctx), by, run, result, err))
	if s.Told != nil {
		s.Told(result, err)
	}
	return result, err
}

// keep extends the lease until the work ends, and ends the work when the lease is lost.
func (s *Service) keep(ctx context.Context, id string, lost context.CancelCauseFunc) {
	tick := time.NewTicker(lease / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		kept := false
		err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) (err error) {
			kept, err = tx.ExtendBackupRun(ctx, id, lease)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return
		case err != nil: // the database is away: the lease may last longer than that
			s.Log.WarnContext(ctx, "lease of the backup not extended", "error", err)
		case !kept:
			lost(backup.ErrInterrupted)
			return
		}
	}
}

// finish notes the outcome, and opens or closes the alerts about it.
func (s *Service) finish(ctx context.Context, by actor.Actor, run store.BackupRun, r Result, cause error) error {
	run.State = backup.RunDone
	if cause != nil {
		run.State, run.Failure = backup.RunFailed, fault.Clean(cause.Error(), mostFailure)
	}
	interrupted := errors.Is(cause, backup.ErrInterrupted)
	if interrupted {
		run.State = backup.RunInterrupted
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		mine, err := tx.FinishBackupRun(ctx, run)
		if err != nil || !mine {
			return err
		}
		if err := tx.CleanBackupRuns(ctx, tx.Now().Add(-keepRuns)); err != nil {
			return err
		}
		if !interrupted {
			return s.tell(ctx, tx, run, r)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note outcome of backup: %w", err)
	}
	s.log(ctx, run, r, cause)
	return nil
}

// tell opens the alert of what failed and closes those of what works again.
func (s *Service) tell(ctx context.Context, tx *store.Tx, run store.BackupRun, r Result) error {
	stored := run.Kind == backup.RunByHand || len(r.Stored) > 0 && allStored(r.Stored)
	failed := run.State == backup.RunFailed
	if run.Kind != backup.RunByHand {
		if err := setAlert(ctx, tx, alertFailed, aboutBackups, run.Failure, failed && !stored); err != nil {
			return err
		}
	}
	if run.Kind == backup.RunBackup || failed && !stored {
		return nil // nothing is known about drills
	}
	return setAlert(ctx, tx, alertDrill, aboutBackups, run.Failure, failed)
}

func allStored(all []Stored) bool {
	for _, x := range all {
		if x.Err != nil {
			return false
		}
	}
	return true
}

func (s *Service) log(ctx context.Context, run store.BackupRun, r Result, cause error) {
	attrs := []any{"kind", run.Kind, "name", run.Name, "rows", run.Rows, "bytes", run.Bytes, "encrypted", r.File.Encrypted, "seconds", seconds(r.Took)}
	for _, x := range r.Stored {
		if x.Err == nil {
			attrs = append(attrs, "place", x.Place)
		}
	}
	if r.Drilled {
		attrs = append(attrs, "drill_seconds", seconds(r.Drill), "age_seconds", seconds(r.Age))
	}
	if cause != nil {
		s.Log.ErrorContext(ctx, "backup failed", append(attrs, "error", cause)...)
		return
	}
	s.Log.InfoContext(ctx, "backup done", attrs...)
}

func seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

// series is what the names of this shop's backups have in common, chosen once.
func (s *Service) series(ctx context.Context) (string, error) {
	marks, err := s.Store.BackupMarks(ctx)
	if err != nil || marks.Series != "" {
		return marks.Series, err
	}
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if marks, err = tx.BackupMarks(ctx); err != nil || marks.Series != "" {
			return err
		}
		if marks.Series, err = newSeries(s.Random); err != nil {
			return err
		}
		return tx.PutBackupMarks(ctx, marks)
	})
	return marks.Series, err
}

func newSeries(random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	var raw [5]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("name of the backups: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw[:])), nil
}
