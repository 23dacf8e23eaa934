package store_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

func copied(t *testing.T, path string, keys secret.Keys) *store.Store {
	t.Helper()
	s, err := store.Open(ctx, store.Options{Database: "sqlite:" + path, Keys: keys, Clock: clock.System{}, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// A copy is whole and of one moment, whatever is written during it: each transaction
// below writes an order and a row of the audit trail.
func TestCopyBesideWriters(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	ended, end := context.WithCancel(ctx)
	var writers sync.WaitGroup
	var written atomic.Int64
	write := func() {
		defer written.Add(1)
		o := f.Order()
		f.Must(f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
			tx.Audit("test.order", "order:"+string(o.ID), nil)
			return tx.InsertOrder(ctx, o)
		}))
	}
	write()
	before, err := f.Contents(ctx)
	f.Must(err)
	writers.Go(func() {
		for ended.Err() == nil {
			write()
		}
	})
	var last backup.Contents
	for i := range 3 {
		so := written.Load() // between the copies something is written
		testenv.Eventually(t, 10*time.Second, func() (bool, string) { return written.Load() > so, "nothing is written" })
		path := filepath.Join(t.TempDir(), "copy.db")
		f.Must(f.CopyTo(ctx, path))
		info, err := os.Stat(path)
		f.Must(err)
		s := copied(t, path, f.Keys)
		checks, err := s.Examine(ctx)
		f.Must(err)
		got, err := s.Contents(ctx)
		f.Must(err)
		if rows, err := s.VerifyAudit(ctx); err != nil || rows != got.Audit.Seq {
			t.Error(rows, err)
		}
		added := got.Tables["orders"] - before.Tables["orders"]
		if info.Mode().Perm() != 0o600 || checks.Integrity != backup.CheckOK || checks.ForeignKeys != backup.CheckOK || got.Engine != backup.SQLite || got.Schema != before.Schema ||
			got.Audit.Seq-before.Audit.Seq != added || got.Audit.Seq != got.Tables["audit"] || i > 0 && got.Audit == last.Audit {
			t.Errorf("%v %+v %+v", info.Mode(), checks, got)
		}
		last = got
	}
	end()
	writers.Wait()
	now, err := f.Contents(ctx)
	f.Must(err)
	if now.Tables["orders"] < last.Tables["orders"] || len(now.Differences(last)) == 0 && now.Audit != last.Audit {
		t.Errorf("%+v", now)
	}
	taken := filepath.Join(t.TempDir(), "copy.db")
	must(t, os.WriteFile(taken, []byte("x"), 0o600))
	if err := f.CopyTo(ctx, taken); err == nil {
		t.Error("a file was overwritten")
	}
	if err := f.CopyTo(ended, filepath.Join(t.TempDir(), "copy.db")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDamageIsFound(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	for range 200 {
		f.Insert()
	}
	whole := filepath.Join(t.TempDir(), "copy.db")
	f.Must(f.CopyTo(ctx, whole))
	text, err := os.ReadFile(whole)
	f.Must(err)
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	at := strings.Index(string(text[len(text)/2:]), "kopi") // a site's name repeats all over the file
	for i := range 3000 {
		text[len(text)/2+max(at, 0)+i] ^= 0x5a
	}
	f.Must(os.WriteFile(damaged, text, 0o600))
	if _, err := copied(t, damaged, secret.Keys{}).Examine(ctx); err == nil {
		t.Error("damage was not found")
	}
	if err := copied(t, damaged, secret.Keys{}).ExamineAgain(ctx); !errors.Is(err, backup.ErrDamaged) {
		t.Error("damaged pages were not found:", err)
	}
	f.Must(copied(t, whole, secret.Keys{}).ExamineAgain(ctx))
	storetest.Raw(t, "sqlite:"+whole, `PRAGMA foreign_keys = off; DELETE FROM sites`)
	if _, err := copied(t, whole, secret.Keys{}).Examine(ctx); !errors.Is(err, backup.ErrDamaged) || !strings.Contains(err.Error(), "point at nothing") {
		t.Error(err)
	}
}

// What another program reads under a snapshot's name is what was counted.
func TestSnapshotOfPostgres(t *testing.T) {
	f := storetest.Open(t, storetest.Postgres(t))
	f.Insert()
	f.Must(f.AtSnapshot(ctx, func(ctx context.Context, name string, c backup.Contents) error {
		f.Insert()
		if name == "" || c.Engine != backup.Postgres || c.Tables["orders"] != 1 {
			t.Errorf("%q %+v", name, c)
		}
		return nil
	}))
	now, err := f.Contents(ctx)
	f.Must(err)
	if now.Tables["orders"] != 2 {
		t.Error(now.Tables)
	}
	if err := f.CopyTo(ctx, filepath.Join(t.TempDir(), "x")); err == nil {
		t.Error("a server was copied as a file")
	}
}

// A database beside the shop's, for one drill; those of drills that were killed go first.
func TestSpare(t *testing.T) {
	f := storetest.Open(t, storetest.Postgres(t))
	first, err := f.NewSpare(ctx)
	f.Must(err)
	second, err := f.NewSpare(ctx)
	f.Must(err)
	open := func(d *store.Spare) error {
		s, err := store.Open(ctx, store.Options{Database: d.Database, Clock: clock.System{}})
		if err == nil {
			defer func() { must(t, s.Close()) }()
			if empty, err := s.Vacant(ctx); err != nil || !empty {
				t.Error(empty, err)
			}
		}
		return err
	}
	if err := open(first); err == nil {
		t.Error("what an earlier drill left is still there")
	}
	f.Must(open(second))
	f.Must(second.Drop(ctx))
	if err := open(second); err == nil {
		t.Error("it was not dropped")
	}
	store.Exec(t, f.Store, `DROP ROLE IF EXISTS gerai_test_modest`)
	store.Exec(t, f.Store, `CREATE ROLE gerai_test_modest LOGIN PASSWORD 'x'`)
	t.Cleanup(func() { store.Exec(t, f.Store, `DROP ROLE gerai_test_modest`) })
	at := strings.Index(f.Database, "@")
	modest, err := store.Open(ctx, store.Options{Database: "postgres://gerai_test_modest:x" + f.Database[at:], Clock: clock.System{}})
	f.Must(err)
	_, err = modest.NewSpare(ctx)
	if must(t, modest.Close()); fault.CodeOf(err) != "backup.drill_rights" || !fault.Is(err, fault.Config) {
		t.Error(err)
	}
}

func TestVacant(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		s := opened(t, database, false)
		must(t, s.ProbeWrite(ctx))
		must(t, s.Announce(ctx, "host/1")) // a shop that was killed
		if empty, err := s.Vacant(ctx); err != nil || !empty {
			t.Error(empty, err)
		}
	})
}

func TestNotVacant(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		if empty, err := f.Vacant(ctx); err != nil || empty {
			t.Error(empty, err)
		}
	})
}

// One run at a time, and one whose process died holds nothing up for longer than its
// lease, whatever was done to the clock.
func TestBackupRuns(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		const lease = time.Minute
		begin := func(id, kind string) error {
			return f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
				return tx.BeginBackupRun(ctx, store.BackupRun{ID: id, Kind: kind, Actor: "server"}, lease)
			})
		}
		extend := func(id string) (held bool) {
			f.Write(func(tx *store.Tx) (err error) { held, err = tx.ExtendBackupRun(ctx, id, lease); return err })
			return held
		}
		f.Must(begin("a", backup.RunBackup))
		f.Clock.Add(50 * time.Second)
		if !extend("a") || extend("b") {
			t.Error("a lease that is not held was extended, or one that is was not")
		}
		f.Clock.Add(50 * time.Second)
		if err := begin("b", backup.RunDrill); !errors.Is(err, backup.ErrRunning) {
			t.Error(err)
		}
		f.Clock.Add(10 * time.Second)
		f.Must(begin("b", backup.RunDrill))
		if extend("a") {
			t.Error("an interrupted run goes on")
		}
		f.Clock.Step(-7 * time.Hour)
		f.Must(begin("c", backup.RunDrill))
		done := store.BackupRun{ID: "c", State: backup.RunDone, Name: "n", TakenAt: f.Clock.Now(), Rows: 3, Bytes: 4, Drill: 1500 * time.Millisecond}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				if first, err := tx.FinishBackupRun(ctx, done); err != nil || first != (i == 0) {
					t.Error(first, err)
				}
			}
			return nil
		})
		last, found, err := f.LastBackupRun(ctx, backup.RunDrill, backup.RunDone)
		if err != nil || !found || last.ID != "c" || last.Drill != done.Drill || last.Rows != 3 || !last.TakenAt.Equal(f.Clock.Now()) || !last.FinishedAt.Equal(f.Clock.Now()) {
			t.Errorf("%+v %v %v", last, found, err)
		}
		if _, found, err := f.RunningBackup(ctx); err != nil || found {
			t.Error(found, err)
		}
		all, err := f.BackupRuns(ctx, 10)
		f.Must(err)
		states := map[string]string{}
		for _, r := range all {
			states[r.ID] = r.State + " " + r.Failure
		}
		if want := map[string]string{"a": "interrupted backup.interrupted (unavailable)", "b": "interrupted backup.interrupted (unavailable)", "c": "done "}; !maps.Equal(states, want) {
			t.Error(states)
		}
		f.Write(func(tx *store.Tx) error { return tx.CleanBackupRuns(ctx, f.Clock.Now().Add(time.Hour)) })
		if all, err = f.BackupRuns(ctx, 10); err != nil || len(all) != 2 { // what a clock ahead wrote stays until then
			t.Error(all, err)
		}
	})
}

func TestBackupFilesAndMarks(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		name := backup.NameOf("toko", f.Clock.Now(), backup.SQLite, true)
		file, _ := backup.ParseName(name)
		file.Bytes, file.SHA256 = 10, "ab"
		f.Write(func(tx *store.Tx) error {
			for _, place := range []string{"/b", "/a"} {
				if err := tx.PutBackupFile(ctx, store.BackupFile{Place: place, File: file}); err != nil {
					return err
				}
			}
			seen := file
			seen.SHA256, seen.Bytes = "", 11 // as a list has it
			return tx.PutBackupFile(ctx, store.BackupFile{Place: "/a", File: seen})
		})
		all, err := f.BackupFiles(ctx)
		if err != nil || len(all) != 2 || all[0].Place != "/a" || all[0].SHA256 != "ab" || all[0].Bytes != 11 || all[1].File != file {
			t.Errorf("%+v %v", all, err)
		}
		f.Write(func(tx *store.Tx) error { return tx.DropBackupFile(ctx, "/a", name) })
		if all, err = f.BackupFiles(ctx); err != nil || len(all) != 1 {
			t.Error(all, err)
		}
		if m, err := f.BackupMarks(ctx); err != nil || m != (store.BackupMarks{}) {
			t.Error(m, err)
		}
		marks := store.BackupMarks{Series: "toko", KeySince: f.Clock.Now()}
		f.Write(func(tx *store.Tx) error { return tx.PutBackupMarks(ctx, marks) })
		if m, err := f.BackupMarks(ctx); err != nil || m.Series != "toko" || !m.KeySince.Equal(marks.KeySince) {
			t.Error(m, err)
		}
		if m, err := f.LastRecovery(ctx); err != nil || m != (backup.Recovery{}) {
			t.Error(m, err)
		}
		mark := backup.Recovery{Since: f.Clock.Now(), TakenAt: f.Clock.Now().Add(-time.Hour), Backup: name}
		f.Write(func(tx *store.Tx) error { return tx.PutRecovery(ctx, mark) })
		if m, err := f.LastRecovery(ctx); err != nil || !m.Stands() || m != mark {
			t.Error(m, err)
		}
	})
}
