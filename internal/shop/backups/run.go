package backups

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/store"
)

// Result is what became of a run.
type Result struct {
	Kind     string
	File     backup.File
	Contents backup.Contents
	Stored   []Stored
	Drilled  bool
	Age      time.Duration // of the backup that was restored
	Drill    time.Duration // what restoring and starting took
	Took     time.Duration
}

// Stored is a backup at one place, or why it is not there.
type Stored struct {
	Place   string
	Err     error
	Removed []string // older ones that were not to be kept
}

// Run makes a backup and stores it at every place; RunDrill also restores it, from what
// is packed before it is encrypted. Older backups are removed where the new one was
// stored. Errors: Conflict "backup.running"; what went wrong at a place or in the drill.
func (s *Service) Run(ctx context.Context, by actor.Actor, kind string) (Result, error) {
	return s.held(ctx, by, kind, func(ctx context.Context, run *store.BackupRun) (Result, error) {
		return s.make(ctx, run, s.Places, true)
	})
}

// RunTo makes a backup and stores it at one place, which need not be one of the shop's:
// nothing is removed there and nothing is noted about it.
func (s *Service) RunTo(ctx context.Context, by actor.Actor, kind string, to backup.Place) (Result, error) {
	return s.held(ctx, by, kind, func(ctx context.Context, run *store.BackupRun) (Result, error) {
		return s.make(ctx, run, []backup.Place{to}, false)
	})
}

// make does the work of a run that is held.
func (s *Service) make(ctx context.Context, run *store.BackupRun, places []backup.Place, ours bool) (Result, error) {
	result := Result{Kind: run.Kind}
	if len(places) == 0 {
		return result, errNoPlace
	}
	work, err := newWork(s.WorkDir)
	if err != nil {
		return result, err
	}
	defer work.close()
	m, err := s.copyDatabase(ctx, work.at("payload"))
	if err != nil {
		return result, err
	}
	result.Contents = m.Contents
	restored := ""
	if run.Kind == backup.RunDrill {
		restored = work.at("restored")
	}
	if result.File, err = s.pack(ctx, m, work.at("payload"), work.at("archive"), restored); err != nil {
		return result, err
	}
	run.Name, run.TakenAt, run.Rows, run.Bytes = result.File.Name, m.TakenAt, m.Rows(), result.File.Bytes
	if err := os.Remove(work.at("payload")); err != nil { // the drill needs the room
		return result, backup.Placed(err)
	}
	var errs []error
	for _, p := range places {
		stored := s.storeAt(ctx, p, result.File, work.at("archive"), ours)
		if stored.Err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p, stored.Err))
		}
		result.Stored = append(result.Stored, stored)
	}
	if err := errors.Join(errs...); err != nil || run.Kind != backup.RunDrill {
		return result, err
	}
	err = s.drill(ctx, &result, m, restored, places)
	run.Drill = result.Drill
	return result, err
}

// copyDatabase writes the database as it is now into a file, examines it, and says what
// is in it.
func (s *Service) copyDatabase(ctx context.Context, path string) (backup.Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, copyTime)
	defer cancel()
	series, err := s.series(ctx)
	if err != nil {
		return backup.Manifest{}, err
	}
	m := backup.Manifest{Format: backup.Format, Series: series, TakenAt: s.Clock.Now(), Keys: s.Keys.IDs()}
	if s.Store.Engine() == backup.Postgres {
		err = s.dump(ctx, path, &m)
	} else {
		err = s.copyFile(ctx, path, &m)
	}
	if err != nil {
		return m, err
	}
	m.Payload.Bytes, m.Payload.SHA256, err = sumOf(ctx, path)
	m.Sign(s.Keys)
	return m, err
}

// pack makes the archive and, beside it, unpacks what is packed to restored, unless that
// is "". It returns the file as places keep it.
func (s *Service) pack(ctx context.Context, m backup.Manifest, payload, path, restored string) (f backup.File, err error) {
	ctx, cancel := context.WithTimeout(ctx, packTime)
	defer cancel()
	in, err := os.Open(payload)
	if err != nil {
		return f, backup.Placed(err)
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return f, backup.Placed(err)
	}
	defer func() { err = errors.Join(err, backup.Placed(out.Close())) }()
	var plain io.Writer
	unpacked := func(error) error { return nil }
	if restored != "" {
		plain, unpacked = unpackBeside(ctx, restored, accepted(s.Keys, ""))
	}
	sum := sha256.New()
	counted := &tally{}
	err = archive.Write(io.MultiWriter(backup.Onto(out), sum, counted), plain, m, backup.Until(ctx, in), s.Recipients)
	if err = errors.Join(err, unpacked(err)); err != nil {
		return f, err
	}
	f, _ = backup.ParseName(backup.NameOf(m.Series, m.TakenAt, m.Engine, s.Encrypted()))
	f.Bytes, f.SHA256 = counted.n, hex.EncodeToString(sum.Sum(nil))
	return f, nil
}

// unpackBeside unpacks what is written, as it is written. The returned function waits
// for the end; it is told whether the writer failed.
func unpackBeside(ctx context.Context, path string, accept func(backup.Manifest) error) (io.Writer, func(error) error) {
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := archive.Unpack(ctx, r, nil, path, accept)
		r.CloseWithError(err) // a writer that goes on is told
		done <- err
	}()
	return w, func(failed error) error {
		w.CloseWithError(failed)
		if err := <-done; failed == nil && err != nil {
			return fmt.Errorf("unpack for the drill: %w", err)
		}
		return nil
	}
}

type tally struct{ n int64 }

// Write counts.
func (c *tally) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func sumOf(ctx context.Context, path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", backup.Placed(err)
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, backup.Until(ctx, f))
	if err != nil {
		return 0, "", fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return n, hex.EncodeToString(sum.Sum(nil)), nil
}
