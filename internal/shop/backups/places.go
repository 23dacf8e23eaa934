package backups

import (
	"context"
	"errors"
	"fmt"
	"os"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/store"
)

// storeAt puts a backup at one place. At a place of the shop it then removes what is not
// to be kept, and notes what lies there.
func (s *Service) storeAt(ctx context.Context, p backup.Place, f backup.File, path string, ours bool) Stored {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	out := Stored{Place: p.String()}
	in, err := os.Open(path)
	if err != nil {
		out.Err = backup.Placed(err)
		return out
	}
	defer in.Close()
	if out.Err = p.Put(ctx, f, in); out.Err != nil || !ours {
		return out
	}
	if out.Err = s.note(ctx, p, f); out.Err != nil {
		return out
	}
	out.Removed, out.Err = s.tidy(ctx, p)
	return out
}

// note keeps that a backup was stored.
func (s *Service) note(ctx context.Context, p backup.Place, f backup.File) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if f.Encrypted {
			if err := beginKey(ctx, tx); err != nil {
				return err
			}
		}
		return tx.PutBackupFile(ctx, store.BackupFile{Place: p.String(), File: f})
	})
}

// beginKey notes when the first backup was encrypted, from which on the private key is to
// be proven.
func beginKey(ctx context.Context, tx *store.Tx) error {
	marks, err := tx.BackupMarks(ctx)
	if err != nil || !marks.KeySince.IsZero() {
		return err
	}
	marks.KeySince = tx.Now()
	return tx.PutBackupMarks(ctx, marks)
}

// tidy removes backups of this shop that are not to be kept, and notes what lies at the
// place then, also what another process put there.
func (s *Service) tidy(ctx context.Context, p backup.Place) (removed []string, err error) {
	here, err := s.look(ctx, p)
	if err != nil {
		return nil, err
	}
	_, over := backup.Keep(here, s.Clock.Now(), s.Zone)
	for _, f := range over {
		if err := p.Remove(ctx, f.Name); err != nil {
			return removed, fmt.Errorf("remove %s: %w", f.Name, err)
		}
		removed = append(removed, f.Name)
		if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.DropBackupFile(ctx, p.String(), f.Name) }); err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// look lists this shop's backups at a place and notes them.
func (s *Service) look(ctx context.Context, p backup.Place) (here []backup.File, err error) {
	all, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	series, err := s.series(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, f := range all {
		if f.Series == series {
			here, names[f.Name] = append(here, f), true
		}
	}
	known, err := s.Store.BackupFiles(ctx)
	if err != nil {
		return nil, err
	}
	return here, s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		for _, f := range known {
			if f.Place == p.String() && !names[f.Name] {
				if err := tx.DropBackupFile(ctx, f.Place, f.Name); err != nil {
					return err
				}
			}
		}
		for _, f := range here {
			if err := tx.PutBackupFile(ctx, store.BackupFile{Place: p.String(), File: f}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Look asks every place what lies there. A place that does not answer keeps what is known
// of it.
func (s *Service) Look(ctx context.Context) error {
	var errs []error
	for _, p := range s.Places {
		looked, cancel := context.WithTimeout(ctx, lookTime)
		if _, err := s.look(looked, p); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}
