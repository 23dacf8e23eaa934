package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// saved is a shop with a folder for its backups, and the key that opens them.
type saved struct {
	*Tool
	testing.TB
	dir string
	key *age.X25519Identity
}

var restorer = actor.Named("cli:test")

func newSaved(t *testing.T, database string) *saved {
	t.Helper()
	s := &saved{TB: t, dir: filepath.Join(t.TempDir(), "backups")}
	var err error
	s.key, err = age.GenerateX25519Identity()
	s.must(err)
	c, err := config.Load([]string{"GERAI_DATABASE=" + database, "GERAI_SECRET_KEY=" + secret.Generate(), "GERAI_BACKUP_TO=" + s.dir, "GERAI_BACKUP_RECIPIENT=" + s.key.Recipient().String()}, config.Tool())
	s.must(err)
	s.Tool, err = OpenTool(t.Context(), c, slog.New(slog.DiscardHandler))
	s.must(err)
	t.Cleanup(func() { s.must(s.Close()) })
	_, err = s.Migrate(t.Context())
	s.must(err)
	selling := storetest.Catalogue()
	selling.Routers[0].TLS, selling.Routers[0].Fingerprint = false, ""
	s.must(s.Shop.Catalogue.ApplyCatalogue(t.Context(), restorer, selling))
	return s
}

func (s *saved) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// make makes a backup and returns the path of its file.
func (s *saved) make(kind string) string {
	s.Helper()
	r, err := s.Shop.Backups.Run(context.Background(), restorer, kind)
	s.must(err)
	return filepath.Join(s.dir, r.File.Name)
}

func (s *saved) restore(from, database string, keys secret.Keys, identities ...archive.Identity) error {
	c := s.Config
	c.Database, c.Keys = database, keys
	var err error
	testenv.Eventually(s.TB, 20*time.Second, func() (bool, string) {
		_, err = Restore(context.Background(), c, slog.New(slog.DiscardHandler), restorer, from, identities)
		// PostgreSQL lists a connection for a moment after it was closed. The shop's own stay.
		closed := !strings.HasPrefix(database, "sqlite:") && database != s.Config.Database
		return !closed || fault.CodeOf(err) != "backup.target_living", "closed connections count as others"
	})
	return err
}

// target is an empty place of the same engine.
func target(t *testing.T, engine string) string {
	if engine == backup.Postgres {
		return testenv.Postgres(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "new", "gerai.db")
}

// The drill in earnest: a backup is restored beside the shop and a shop starts on it.
func TestDrillStartsAShop(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		s := newSaved(t, database)
		drilled, err := s.Shop.Backups.Run(t.Context(), restorer, backup.RunDrill)
		if err != nil || !drilled.Drilled {
			t.Fatalf("%+v %v", drilled, err)
		}
		byHand, err := s.Shop.Backups.DrillByHand(t.Context(), restorer, []archive.Identity{s.key}, s.Shop.Backups.Places)
		if err != nil || byHand.File.Name != drilled.File.Name {
			t.Fatalf("%+v %v", byHand, err)
		}
		// What cannot be served is found out.
		if err := tryShop(t.Context(), s.Config, "sqlite:"+filepath.Join(s.dir, drilled.File.Name), slog.New(slog.DiscardHandler)); err == nil {
			t.Error("a shop starts on anything")
		}
	})
}

// forgeries are archives that someone who may write to the place, and knows the public
// key, can make of a backup or put there in its name: whole, and encrypted to the shop.
func (s *saved) forgeries(from string) map[string]string {
	s.Helper()
	sealed, err := os.ReadFile(from)
	s.must(err)
	payload := filepath.Join(s.TempDir(), "payload")
	m, err := archive.Unpack(context.Background(), bytes.NewReader(sealed), []archive.Identity{s.key}, payload, func(backup.Manifest) error { return nil })
	s.must(err)
	content, err := os.ReadFile(payload)
	s.must(err)
	keep := func(name string, text []byte) string {
		path := filepath.Join(s.TempDir(), name)
		s.must(os.WriteFile(path, text, 0o600))
		return path
	}
	pack := func(m backup.Manifest, content []byte) string {
		sum := sha256.Sum256(content)
		m.Payload.Bytes, m.Payload.SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
		var out bytes.Buffer
		s.must(archive.Write(&out, nil, m, bytes.NewReader(content), []archive.Recipient{s.key.Recipient()}))
		return keep(filepath.Base(from), out.Bytes())
	}
	changed := slices.Clone(content)
	changed[len(changed)/2] ^= 1
	bare, other := m, m
	bare.Seal, bare.Keys, other.Contents.Audit.Seq = "", nil, m.Contents.Audit.Seq+1
	named, _ := backup.ParseName(filepath.Base(from))
	return map[string]string{
		"another database":      pack(m, changed),
		"no seal":               pack(bare, content),
		"another manifest":      pack(other, content),
		"an old one, named new": keep(backup.NameOf(named.Series, named.TakenAt.Add(time.Hour), named.Engine, true), sealed),
		"of another shop":       keep(backup.NameOf("other", named.TakenAt, named.Engine, true), sealed),
	}
}

// A backup becomes a shop where none is: verified, migrated and marked, and nowhere else.
func TestRestore(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		s := newSaved(t, database)
		from := s.make(backup.RunBackup)
		engine := s.Store.Engine()
		into := target(t, engine)
		s.must(s.restore(from, into, s.Config.Keys, s.key))
		check := func() {
			t.Helper()
			restored, err := store.Open(t.Context(), store.Options{Database: into, Keys: s.Config.Keys, Clock: storetest.Open(t, storetest.SQLite(t)).Clock})
			s.must(err)
			defer func() { s.must(restored.Close()) }()
			mark, err := restored.LastRecovery(t.Context())
			if err != nil || !mark.Stands() || mark.Backup != filepath.Base(from) || !mark.TakenAt.Before(mark.Since) {
				t.Errorf("%+v %v", mark, err)
			}
			if routers, err := restored.Routers(t.Context()); err != nil || len(routers) != 1 || routers[0].Password != "rahasia sekali" {
				t.Error(routers, err)
			}
			// The shop has given no receipt yet: the numbers that it may have given since are left out.
			if rows, err := restored.AuditOf(t.Context(), "backup:"+filepath.Base(from)); err != nil || len(rows) != 2 || rows[0].Action != "backup.restore" || rows[1].Action != "receipt.skip" {
				t.Error(rows, err)
			}
			if _, err := restored.VerifyAudit(t.Context()); err != nil {
				t.Error(err)
			}
		}
		check()
		wants := func(err error, code string) {
			t.Helper()
			if fault.CodeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		// Nothing is written over, not even by the same backup.
		wants(s.restore(from, into, s.Config.Keys, s.key), "backup.target_used")
		check()
		wants(s.restore(from, s.Config.Database, s.Config.Keys, s.key), map[string]string{backup.SQLite: "backup.target_used", backup.Postgres: "backup.target_living"}[engine])
		// Nor is anything begun with what does not open, is damaged, or is for something else.
		empty := target(t, engine)
		other, err := secret.Parse(secret.Generate())
		s.must(err)
		stranger, err := age.GenerateX25519Identity()
		s.must(err)
		wants(s.restore(from, empty, other, s.key), "backup.other_key")
		wants(s.restore(from, empty, s.Config.Keys, stranger), "backup.identity_wrong")
		wants(s.restore(from, empty, s.Config.Keys), "backup.identity_needed")
		wants(s.restore(from+"x", empty, s.Config.Keys, s.key), "backup.gone")
		text, err := os.ReadFile(from)
		s.must(err)
		for name, change := range map[string]func([]byte) []byte{"cut": func(b []byte) []byte { return b[:len(b)/2] }, "flip": func(b []byte) []byte { b[len(b)/2] ^= 1; return b }} {
			bad := filepath.Join(t.TempDir(), name)
			s.must(os.WriteFile(bad, change(append([]byte(nil), text...)), 0o600))
			wants(s.restore(bad, empty, s.Config.Keys, s.key), "backup.damaged")
		}
		if engine == backup.SQLite {
			wants(s.restore(from, target(t, backup.SQLite)+"/x/y", s.Config.Keys), "backup.identity_needed")
		}
		for name, forged := range s.forgeries(from) {
			if err := s.restore(forged, empty, s.Config.Keys, s.key); fault.CodeOf(err) != "backup.forged" {
				t.Errorf("%s: %v", name, err)
			}
		}
		// After all of that the empty place still is one, and a shop that has only been started is.
		c := s.Config
		c.Database, c.BackupTo = empty, nil
		started, err := OpenTool(t.Context(), c, slog.New(slog.DiscardHandler))
		s.must(err)
		_, err = started.Migrate(t.Context())
		s.must(errors.Join(err, started.Store.ProbeWrite(t.Context()), started.Close()))
		s.must(s.restore(from, empty, s.Config.Keys, s.key))
		into = empty
		check()
		if path, ok := strings.CutPrefix(into, "sqlite:"); ok {
			left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*restoring*"))
			if err != nil || len(left) > 0 {
				t.Error(left, err)
			}
		}
	})
}

// A backup of one engine is none for the other.
func TestRestoreToAnotherEngine(t *testing.T) {
	s := newSaved(t, storetest.SQLite(t))
	if err := s.restore(s.make(backup.RunBackup), testenv.Postgres(t), s.Config.Keys, s.key); fault.CodeOf(err) != "backup.other_engine" {
		t.Error(err)
	}
}

// A file whose shop runs is left alone.
func TestRestoreBesideALivingShop(t *testing.T) {
	s := newSaved(t, storetest.SQLite(t))
	from := s.make(backup.RunBackup)
	path := filepath.Join(t.TempDir(), "gerai.db")
	release, err := store.OwnFile(t.Context(), path)
	s.must(err)
	if err := s.restore(from, "sqlite:"+path, s.Config.Keys, s.key); fault.CodeOf(err) != "backup.target_living" {
		t.Error(err)
	}
	s.must(release())
	s.must(s.restore(from, "sqlite:"+path, s.Config.Keys, s.key))
}

// No program starts on a PostgreSQL database whose restore has not ended; the next restore
// goes on from there.
func TestRestoreThatWasCutOff(t *testing.T) {
	s := newSaved(t, storetest.Postgres(t))
	from, into := s.make(backup.RunBackup), testenv.Postgres(t)
	half, err := store.Open(t.Context(), store.Options{Database: into, Keys: s.Config.Keys, Clock: storetest.Open(t, storetest.SQLite(t)).Clock})
	s.must(err)
	s.must(errors.Join(half.BeginRestore(t.Context()), half.Close()))
	c := s.Config
	c.Database = into
	if _, err := OpenTool(t.Context(), c, slog.New(slog.DiscardHandler)); fault.CodeOf(err) != "store.restoring" {
		t.Error(err)
	}
	s.must(s.restore(from, into, s.Config.Keys, s.key))
	tool, err := OpenTool(t.Context(), c, slog.New(slog.DiscardHandler))
	s.must(err)
	s.must(tool.Close())
}
