package backups

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/store"
)

// DrillByHand restores the newest backup of each place, or of one, with the private key:
// the whole way that a backup would have to go, which no machine without the key can try.
// Errors: Conflict "backup.running", NotFound "backup.gone", those of the archive and of
// the drill.
func (s *Service) DrillByHand(ctx context.Context, by actor.Actor, identities []archive.Identity, places []backup.Place) (Result, error) {
	return s.held(ctx, by, backup.RunByHand, func(ctx context.Context, run *store.BackupRun) (Result, error) {
		result := Result{Kind: run.Kind}
		if len(places) == 0 {
			return result, errNoPlace
		}
		for _, p := range places {
			if err := s.drillAt(ctx, run, &result, p, identities); err != nil {
				return result, fmt.Errorf("%s: %w", p, err)
			}
		}
		if !result.File.Encrypted {
			return result, nil
		}
		return result, s.Store.InTx(ctx, by, func(tx *store.Tx) error {
			marks, err := tx.BackupMarks(ctx)
			if err != nil {
				return err
			}
			marks.KeySince = tx.Now()
			tx.Audit("backup.key_proven", "backup:"+result.File.Name, map[string]any{"taken": result.File.TakenAt.UnixMilli()})
			if _, err := tx.CloseAlert(ctx, alertKey, aboutBackups); err != nil {
				return err
			}
			return tx.PutBackupMarks(ctx, marks)
		})
	})
}

// drillAt restores the newest backup of one place.
func (s *Service) drillAt(ctx context.Context, run *store.BackupRun, r *Result, p backup.Place, identities []archive.Identity) error {
	ctx, cancel := context.WithTimeout(ctx, drillTime)
	defer cancel()
	here, err := s.own(ctx, p)
	if err != nil {
		return err
	}
	f, found := backup.Newest(here, s.Clock.Now())
	if !found {
		return backup.ErrGone.With(errors.New("no backup of this shop lies there"))
	}
	work, err := newWork(s.WorkDir)
	if err != nil {
		return err
	}
	defer work.close()
	began := clock.Elapsed(s.Clock)
	m, err := s.fetch(ctx, p, &f, identities, work.at("restored"))
	r.File, run.Name, run.TakenAt, run.Bytes = f, f.Name, f.TakenAt, f.Bytes
	r.Stored = append(r.Stored, Stored{Place: p.String(), Err: err})
	if err != nil {
		return err
	}
	r.Contents, run.Rows = m.Contents, m.Rows()
	err = s.prove(ctx, m, work.at("restored"))
	r.Drilled, r.Age = true, max(s.Clock.Now().Sub(m.TakenAt), 0)
	r.Drill += clock.Elapsed(s.Clock) - began
	run.Drill = r.Drill
	return err
}

// own lists this shop's backups at a place.
func (s *Service) own(ctx context.Context, p backup.Place) (out []backup.File, err error) {
	all, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	series, err := s.series(ctx)
	for _, f := range all {
		if f.Series == series {
			out = append(out, f)
		}
	}
	return out, err
}

// fetch reads a backup from its place and unpacks it; what was read must have the
// checksum that was stored beside it.
func (s *Service) fetch(ctx context.Context, p backup.Place, f *backup.File, identities []archive.Identity, path string) (m backup.Manifest, err error) {
	want, err := p.Checksum(ctx, f.Name)
	if err != nil {
		return m, err
	}
	in, err := p.Open(ctx, f.Name)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	sum, counted := sha256.New(), &tally{}
	m, err = archive.Unpack(ctx, io.TeeReader(in, io.MultiWriter(sum, counted)), identities, path, accepted(s.Keys, f.Name))
	if err != nil {
		return m, err
	}
	f.Bytes, f.SHA256 = counted.n, hex.EncodeToString(sum.Sum(nil))
	if want != "" && want != f.SHA256 {
		return m, errChecksum.With(fmt.Errorf("%s has the checksum %s, not %s", f.Name, f.SHA256, want))
	}
	return m, nil
}
