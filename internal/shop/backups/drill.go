package backups

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/pgtool"
	"gerai/internal/store"
)

var (
	errDiffers  = fault.New(fault.Refused, "backup.differs")  // what was restored is not what was backed up
	errChecksum = fault.New(fault.Refused, "backup.checksum") // what a place keeps is not what was stored
	errNoStart  = fault.New(fault.Refused, "backup.no_start") // no shop starts on what was restored
)

// drill proves that a backup can be restored: what was unpacked becomes a database in an
// empty place, with the same contents, on which a shop starts; and what each place keeps
// is what was packed.
func (s *Service) drill(ctx context.Context, r *Result, m backup.Manifest, payload string, places []backup.Place) error {
	ctx, cancel := context.WithTimeout(ctx, drillTime)
	defer cancel()
	began := clock.Elapsed(s.Clock)
	err := s.prove(ctx, m, payload)
	r.Drilled, r.Drill, r.Age = true, clock.Elapsed(s.Clock)-began, max(s.Clock.Now().Sub(m.TakenAt), 0)
	var errs []error
	for _, p := range places {
		if err := compareStored(ctx, p, r.File); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p, err))
		}
	}
	return errors.Join(append([]error{err}, errs...)...)
}

// prove restores a payload and starts a shop on it.
func (s *Service) prove(ctx context.Context, m backup.Manifest, payload string) (err error) {
	database, drop, err := s.restoreSpare(ctx, m, payload)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	if err := s.compare(ctx, database, m, whole); err != nil {
		return err
	}
	if err := s.StartShop(ctx, database); err != nil {
		return errNoStart.With(err)
	}
	return nil
}

// restoreSpare makes a database of a payload, where nothing else is.
func (s *Service) restoreSpare(ctx context.Context, m backup.Manifest, payload string) (database string, drop func() error, err error) {
	if m.Engine == backup.SQLite {
		return "sqlite:" + payload, func() error { return removeSQLite(payload) }, nil
	}
	if s.Store.Engine() != backup.Postgres {
		return "", nil, errOtherEngine
	}
	spare, err := s.Store.NewSpare(ctx)
	if err != nil {
		return "", nil, err
	}
	drop = func() error { return spare.Drop(context.WithoutCancel(ctx)) }
	if err := pgtool.Restore(ctx, spare.Database, payload); err != nil {
		return "", nil, errors.Join(err, drop())
	}
	return spare.Database, drop, nil
}

// removeSQLite removes a database with the files beside it.
func removeSQLite(path string) error {
	for _, each := range []string{path, path + "-wal", path + "-shm", path + ".lock"} {
		if err := os.Remove(each); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// examination looks for damage in a restored database.
type examination func(context.Context, *store.Store) error

func whole(ctx context.Context, s *store.Store) error {
	_, err := s.Examine(ctx)
	return err
}

// again is for a file that was unpacked: its bytes are those that were examined when the
// backup was made, or its signed manifest would not have their checksum.
func again(ctx context.Context, s *store.Store) error { return s.ExamineAgain(ctx) }

// compare holds a restored database against its manifest. Errors: Refused
// "backup.differs" and "backup.damaged", Config "backup.other_key".
func (s *Service) compare(ctx context.Context, database string, m backup.Manifest, examine examination) (err error) {
	restored, err := store.Open(ctx, store.Options{Database: database, Keys: s.Keys, Clock: clock.System{}, ReadOnly: true, Restoring: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, restored.Close()) }()
	if err := examine(ctx, restored); err != nil {
		return err
	}
	c, err := restored.Contents(ctx)
	if err != nil {
		return err
	}
	if d := m.Differences(c); len(d) > 0 {
		return errDiffers.With(errors.New(strings.Join(d, "; ")))
	}
	_, err = restored.VerifyAudit(ctx)
	if errors.Is(err, store.ErrUnreadable) { // the keys that sign the trail are sealed
		return errOtherKey.With(err)
	}
	if err != nil {
		return errDiffers.With(err)
	}
	return nil
}

// compareStored reads a backup back from its place.
func compareStored(ctx context.Context, p backup.Place, f backup.File) (err error) {
	in, err := p.Open(ctx, f.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, backup.Until(ctx, in)); err != nil {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != f.SHA256 {
		return errChecksum.With(fmt.Errorf("%s has the checksum %s, not %s", f.Name, got, f.SHA256))
	}
	return nil
}
