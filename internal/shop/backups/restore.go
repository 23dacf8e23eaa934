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
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/pgtool"
	"gerai/internal/secret"
	"gerai/internal/store"
)

var (
	errOtherEngine = fault.New(fault.Invalid, "backup.other_engine") // a backup of SQLite for PostgreSQL, or the other way round
	errOtherKey    = fault.New(fault.Config, "backup.other_key")     // GERAI_SECRET_KEY is not the shop's
	errLiving      = fault.New(fault.Conflict, "backup.target_living")
	errUsed        = fault.New(fault.Conflict, "backup.target_used")
)

// RestoreIn says what to restore, and into what.
type RestoreIn struct {
	Archive    io.Reader
	Name       string // of the archive's file
	SHA256     string // stored beside it, "" for none
	Identities []archive.Identity
	Database   string // the empty place
	WorkDir    string // for PostgreSQL: room for the dump
	Keys       secret.Keys
	Clock      clock.Clock
	By         actor.Actor
	Zone       *time.Location // that receipts are numbered in
	// Migrate brings a restored database up to date.
	Migrate func(ctx context.Context, database string) (steps int, err error)
}

// Restored is what became of it.
type Restored struct {
	Manifest backup.Manifest
	Mark     backup.Recovery
	Steps    int                      // of migration
	Skipped  []backup.SkippedReceipts // they may have been given out since the backup
	Took     time.Duration
}

// Restore makes a shop of a backup where none is, and marks it: what happened since the
// backup is not known to it. Everything is verified before anything is changed. Errors:
// Conflict "backup.target_living" and "backup.target_used", Invalid "backup.other_engine",
// Config "backup.other_key", Refused "backup.forged", those of the archive.
func Restore(ctx context.Context, in RestoreIn) (r Restored, err error) {
	began := clock.Elapsed(in.Clock)
	if path, ok := strings.CutPrefix(in.Database, "sqlite:"); ok {
		r, err = restoreFile(ctx, in, path)
	} else {
		r, err = restoreServer(ctx, in)
	}
	r.Took = clock.Elapsed(in.Clock) - began
	return r, err
}

// restoreFile verifies and migrates the database under another name, and gives it its own
// when all of it is done. Until then no shop can start there.
func restoreFile(ctx context.Context, in RestoreIn, path string) (r Restored, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return r, backup.Placed(err)
	}
	release, err := store.OwnFile(ctx, path)
	if errors.Is(err, store.ErrInUse) {
		return r, errLiving.With(err)
	}
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := vacantFile(ctx, path); err != nil {
		return r, err
	}
	half := path + ".restoring"
	if err := removeSQLite(half); err != nil {
		return r, backup.Placed(err)
	}
	defer func() { err = errors.Join(err, removeSQLite(half)) }() // nothing of that name is left once it has its own
	if r.Manifest, err = in.unpack(ctx, backup.SQLite, half); err != nil {
		return r, err
	}
	database := "sqlite:" + half
	if err := in.complete(ctx, database, &r); err != nil {
		return r, err
	}
	if _, err := os.Stat(half + "-wal"); !errors.Is(err, os.ErrNotExist) {
		return r, fmt.Errorf("the restored file is not complete without the log beside it: %w", err)
	}
	if err := syncFile(half); err != nil {
		return r, backup.Placed(err)
	}
	// What the file of an empty shop left beside it would be taken for a part of this one.
	if err := removeSQLiteBeside(path); err != nil {
		return r, backup.Placed(err)
	}
	if err := os.Rename(half, path); err != nil {
		return r, backup.Placed(err)
	}
	return r, backup.Placed(syncFile(filepath.Dir(path)))
}

func removeSQLiteBeside(path string) error {
	for _, each := range []string{path + "-wal", path + "-shm"} {
		if err := os.Remove(each); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// vacantFile refuses a file with a shop in it.
func vacantFile(ctx context.Context, path string) (err error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		return backup.Placed(err)
	}
	s, err := store.Open(ctx, store.Options{Database: "sqlite:" + path, Clock: clock.System{}, ReadOnly: true})
	if err != nil {
		return errUsed.With(err) // whatever it is, it is not ours to write over
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if vacant, err := s.Vacant(ctx); err != nil || !vacant {
		return errUsed.With(err)
	}
	return nil
}

// restoreServer restores into a PostgreSQL database, all in one transaction; until the shop
// is marked as restored, no program starts on it.
func restoreServer(ctx context.Context, in RestoreIn) (r Restored, err error) {
	work, err := newWork(in.WorkDir)
	if err != nil {
		return r, err
	}
	defer work.close()
	if r.Manifest, err = in.unpack(ctx, backup.Postgres, work.at("payload")); err != nil {
		return r, err
	}
	if err := emptyServer(ctx, in); err != nil {
		return r, err
	}
	if err := pgtool.Restore(ctx, in.Database, work.at("payload")); err != nil {
		return r, err
	}
	return r, in.complete(ctx, in.Database, &r)
}

// emptyServer refuses a database with a shop in it, or with another connection, and makes
// room in any other.
func emptyServer(ctx context.Context, in RestoreIn) (err error) {
	s, err := store.Open(ctx, store.Options{Database: in.Database, Clock: in.Clock, Restoring: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if visitors, err := s.Visitors(ctx); err != nil || visitors > 0 {
		return errors.Join(err, errLiving.With(fmt.Errorf("%d other connections", visitors)))
	}
	half, err := s.Restoring(ctx)
	if err != nil {
		return err
	}
	if !half {
		if vacant, err := s.Vacant(ctx); err != nil || !vacant {
			return errors.Join(err, errUsed)
		}
	}
	return s.BeginRestore(ctx)
}

// accepted refuses an archive that no shop with one of these keys made, or an older one
// under another's name, before anything of it is read. A name of a person's own says
// nothing.
func accepted(keys secret.Keys, name string) func(backup.Manifest) error {
	return func(m backup.Manifest) error {
		named, own := backup.ParseName(name)
		switch {
		case !m.OpensWith(keys.IDs()):
			return errOtherKey
		case !m.SignedBy(keys):
			return backup.ErrForged
		case own && (named.Series != m.Series || !named.TakenAt.Equal(m.TakenAt.Truncate(time.Millisecond))):
			return backup.ErrForged.With(fmt.Errorf("%s holds the backup %s of %s", name, m.Series, m.TakenAt.Format(time.RFC3339)))
		}
		return nil
	}
}

// unpack reads the whole archive and refuses what cannot be restored here.
func (in RestoreIn) unpack(ctx context.Context, engine, path string) (backup.Manifest, error) {
	sum := sha256.New()
	m, err := archive.Unpack(ctx, io.TeeReader(in.Archive, sum), in.Identities, path, func(m backup.Manifest) error {
		if m.Engine != engine {
			return errOtherEngine.With(fmt.Errorf("a backup of %s", m.Engine))
		}
		return accepted(in.Keys, in.Name)(m)
	})
	switch got := hex.EncodeToString(sum.Sum(nil)); {
	case err != nil:
		return m, err
	case in.SHA256 != "" && got != in.SHA256:
		return m, errChecksum.With(fmt.Errorf("%s has the checksum %s, not %s", in.Name, got, in.SHA256))
	}
	return m, nil
}

// complete verifies what was restored, brings it up to date and marks it.
func (in RestoreIn) complete(ctx context.Context, database string, r *Restored) (err error) {
	s := &Service{Options: Options{Keys: in.Keys, Clock: in.Clock}}
	examine := whole
	if r.Manifest.Checks.Integrity == backup.CheckOK {
		examine = again
	}
	if err := s.compare(ctx, database, r.Manifest, examine); err != nil {
		return err
	}
	if r.Steps, err = in.Migrate(ctx, database); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	restored, err := store.Open(ctx, store.Options{Database: database, Keys: in.Keys, Clock: in.Clock, Restoring: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, restored.Close()) }()
	return restored.InTx(ctx, in.By, func(tx *store.Tx) error {
		before, err := tx.LastRecovery(ctx)
		if err != nil {
			return err
		}
		r.Mark = before.After(backup.Recovery{Since: tx.Now(), TakenAt: r.Manifest.TakenAt, Backup: in.Name})
		tx.Audit("backup.restore", "backup:"+in.Name, map[string]any{"taken": r.Manifest.TakenAt.UnixMilli()})
		if r.Skipped, err = in.skipReceipts(ctx, tx, r.Mark); err != nil {
			return err
		}
		return tx.EndRestore(ctx, r.Mark)
	})
}

// skipReceipts leaves out the numbers of receipts that may have been given out since the
// backup: the first one that is given out now is surely new.
func (in RestoreIn) skipReceipts(ctx context.Context, tx *store.Tx, m backup.Recovery) ([]backup.SkippedReceipts, error) {
	last, err := tx.LastReceipts(ctx)
	if err != nil {
		return nil, err
	}
	busiest, err := tx.BusiestReceipts(ctx, in.Zone, m.Since)
	if err != nil {
		return nil, err
	}
	skipped := backup.SkipReceipts(last, busiest, m.TakenAt.In(in.Zone), m.Since.In(in.Zone))
	for _, x := range skipped {
		if err := tx.SkipReceipts(ctx, x, in.Name); err != nil {
			return nil, err
		}
		tx.Audit("receipt.skip", "backup:"+in.Name, map[string]any{"year": x.Year, "first": x.First, "last": x.Last})
	}
	return skipped, nil
}
