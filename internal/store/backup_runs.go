package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/backup"
	"gerai/internal/clock"
)

// BackupRun is one backup that was begun, or one drill.
type BackupRun struct {
	ID, Kind, State, Actor string
	StartedAt, FinishedAt  time.Time
	LeaseAt                time.Time // until when the process that runs it is believed to live
	Name                   string    // of the backup
	TakenAt                time.Time
	Rows, Bytes            int64
	Drill                  time.Duration // how long restoring and starting took, 0 without
	Failure                string        // "code (kind): cause", "" for none
}

const backupRunColumns = `id, kind, state, actor, started_ms, finished_ms, lease_ms, name, taken_ms, row_count, bytes, drill_ms, failure`

func scanBackupRun(r scanner) (BackupRun, error) {
	var b BackupRun
	var started, finished, lease, taken unixMillis
	var drill int64
	err := r.Scan(&b.ID, &b.Kind, &b.State, &b.Actor, &started, &finished, &lease, &b.Name, &taken, &b.Rows, &b.Bytes, &drill, &b.Failure)
	b.StartedAt, b.FinishedAt, b.LeaseAt, b.TakenAt, b.Drill = started.Time, finished.Time, lease.Time, taken.Time, time.Duration(drill)*time.Millisecond
	return b, err
}

var (
	sqlBackupRuns = request(`SELECT ` + backupRunColumns + ` FROM backup_runs ORDER BY started_ms DESC LIMIT $1`)
	sqlLastBackup = request(`SELECT ` + backupRunColumns + ` FROM backup_runs WHERE kind = $1 AND state = $2 ORDER BY started_ms DESC LIMIT 1`)
	sqlBackupNow  = request(`SELECT ` + backupRunColumns + ` FROM backup_runs WHERE state = 'running'`)
)

// BackupRuns lists the latest, the newest first.
func (r reads) BackupRuns(ctx context.Context, limit int) ([]BackupRun, error) {
	return queryAll(ctx, r.q, scanBackupRun, sqlBackupRuns, limit)
}

// LastBackupRun is the newest of a kind and state.
func (r reads) LastBackupRun(ctx context.Context, kind, state string) (BackupRun, bool, error) {
	return queryOptional(ctx, r.q, scanBackupRun, sqlLastBackup, kind, state)
}

// RunningBackup is the one under way, also one whose process died.
func (r reads) RunningBackup(ctx context.Context) (BackupRun, bool, error) {
	return queryOptional(ctx, r.q, scanBackupRun, sqlBackupNow)
}

// BeginBackupRun begins a run that this process holds for as long as it extends the
// lease. One whose lease is over was interrupted, and so was one whose lease a clock
// wrote that has been set back since. Errors: Conflict "backup.running".
func (t *Tx) BeginBackupRun(ctx context.Context, b BackupRun, lease time.Duration) error {
	if _, err := t.exec(ctx, `UPDATE backup_runs SET state = 'interrupted', finished_ms = $1, failure = $2 WHERE state = 'running' AND (lease_ms <= $1 OR lease_ms > $3)`,
		at(t.now), backup.ErrInterrupted.Error(), at(t.now.Add(lease+clock.Skew))); err != nil {
		return fmt.Errorf("end interrupted backups: %w", err)
	}
	fresh, err := t.touched(ctx, `INSERT INTO backup_runs (id, kind, state, actor, started_ms, lease_ms) VALUES ($1, $2, 'running', $3, $4, $5)
		ON CONFLICT (state) WHERE state = 'running' DO NOTHING`, b.ID, b.Kind, b.Actor, at(t.now), at(t.now.Add(lease)))
	if err != nil {
		return fmt.Errorf("begin backup: %w", err)
	}
	if !fresh {
		return backup.ErrRunning
	}
	return nil
}

// endRuns notes of runs that they were interrupted, whatever their lease.
func (t *Tx) endRuns(ctx context.Context) error {
	if _, err := t.exec(ctx, `UPDATE backup_runs SET state = 'interrupted', finished_ms = $1, failure = $2 WHERE state = 'running'`, at(t.now), backup.ErrInterrupted.Error()); err != nil {
		return fmt.Errorf("end runs of backups: %w", err)
	}
	return nil
}

// ExtendBackupRun lengthens the lease; false when the run is not this process's any more.
func (t *Tx) ExtendBackupRun(ctx context.Context, id string, lease time.Duration) (bool, error) {
	return t.touched(ctx, `UPDATE backup_runs SET lease_ms = $2 WHERE id = $1 AND state = 'running'`, id, at(t.now.Add(lease)))
}

// FinishBackupRun writes the outcome of a run, once.
func (t *Tx) FinishBackupRun(ctx context.Context, b BackupRun) (bool, error) {
	done, err := t.touched(ctx, `UPDATE backup_runs SET state = $2, finished_ms = $3, name = $4, taken_ms = $5, row_count = $6, bytes = $7, drill_ms = $8, failure = $9
		WHERE id = $1 AND state = 'running'`, b.ID, b.State, at(t.now), b.Name, at(b.TakenAt), b.Rows, b.Bytes, b.Drill.Milliseconds(), b.Failure)
	if err != nil {
		return false, fmt.Errorf("finish backup %s: %w", b.ID, err)
	}
	return done, nil
}

// CleanBackupRuns deletes runs that began before an instant.
func (t *Tx) CleanBackupRuns(ctx context.Context, before time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM backup_runs WHERE started_ms < $1 AND state <> 'running'`, at(before))
	return err
}
