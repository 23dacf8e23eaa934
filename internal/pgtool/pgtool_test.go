package pgtool_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/pgtool"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

var ctx = context.Background()

func dump(t *testing.T, f *storetest.Fixture) (path string, c backup.Contents) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "dump")
	f.Must(f.AtSnapshot(ctx, func(ctx context.Context, snapshot string, held backup.Contents) error {
		f.Insert() // after the snapshot: no part of it
		c = held
		return pgtool.Dump(ctx, f.Database, snapshot, path)
	}))
	return path, c
}

func contentsOf(t *testing.T, database string) backup.Contents {
	t.Helper()
	s, err := store.Open(ctx, store.Options{Database: database, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Contents(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRoundTrip(t *testing.T) {
	f := storetest.Open(t, storetest.Postgres(t))
	for range 5 {
		f.Insert()
	}
	path, c := dump(t, f)
	empty, migrated := testenv.Postgres(t), storetest.Postgres(t)
	f.Must(pgtool.Restore(ctx, empty, path))
	if d := c.Differences(contentsOf(t, empty)); len(d) > 0 || c.Tables["orders"] != 5 {
		t.Error(d)
	}
	// All or nothing: tables that are there already stop it.
	if err := pgtool.Restore(ctx, migrated, path); fault.CodeOf(err) != "backup.pg_failed" || !strings.Contains(err.Error(), "already exists") {
		t.Error(err)
	}
	if got := contentsOf(t, migrated); got.Tables["orders"] != 0 {
		t.Error(got)
	}
}

func TestTrouble(t *testing.T) {
	f := storetest.Open(t, storetest.Postgres(t))
	path, _ := dump(t, f)
	text, err := os.ReadFile(path)
	f.Must(err)
	half := filepath.Join(t.TempDir(), "half")
	f.Must(os.WriteFile(half, text[:len(text)/2], 0o600))
	target := testenv.Postgres(t)
	if err := pgtool.Restore(ctx, target, half); fault.CodeOf(err) != "backup.pg_failed" {
		t.Error(err)
	}
	if got := contentsOf(t, target); len(got.Tables) != 0 {
		t.Error("half of it was restored", got.Tables)
	}
	wrong := strings.Replace(f.Database, ":"+passwordOf(f.Database)+"@", ":geheim@", 1)
	err = pgtool.Dump(ctx, wrong, "none", filepath.Join(t.TempDir(), "x"))
	if fault.CodeOf(err) != "backup.pg_failed" || strings.Contains(err.Error(), "geheim") {
		t.Error(err)
	}
	// A server that does not answer ends with the deadline.
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	f.Must(err)
	defer silent.Close()
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if err := pgtool.Dump(short, "postgres://gerai@"+silent.Addr().String()+"/x", "none", filepath.Join(t.TempDir(), "x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	// A program that is older than the server says so.
	t.Setenv("PATH", script(t, "pg_dump", `echo "pg_dump: error: server version: 17.1; pg_dump version: 15.18" >&2; echo "pg_dump: error: aborting because of server version mismatch" >&2; exit 1`))
	if err := pgtool.Dump(ctx, f.Database, "none", "/x"); fault.CodeOf(err) != "backup.pg_version" || !fault.Is(err, fault.Config) {
		t.Error(err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := pgtool.Dump(ctx, f.Database, "none", "/x"); fault.CodeOf(err) != "backup.pg_missing" || pgtool.Available() == nil {
		t.Error(err)
	}
}

func passwordOf(database string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(database, "postgres://"), ":")
	password, _, _ := strings.Cut(rest, "@")
	return password
}

func script(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What a program is told is in its environment and not among its arguments, which every
// user of the machine can read; and it is told nothing else of ours.
func TestNoPasswordAmongArguments(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	t.Setenv("GERAI_SECRET_KEY", "rahasia")
	t.Setenv("PATH", script(t, "pg_dump", `{ echo "$*"; /usr/bin/env; } >"`+out+`"`)+":/usr/bin:/bin")
	if err := pgtool.Dump(ctx, "postgres://ani:s%40ndi@db.example:5433/toko?sslmode=require&default_query_exec_mode=exec", "00-1", "/tmp/dump"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	args, env, _ := strings.Cut(string(text), "\n")
	if strings.Contains(args, "s@ndi") || strings.Contains(args, "ani") || !strings.Contains(args, "--snapshot=00-1") || strings.Contains(env, "rahasia") {
		t.Error(string(text))
	}
	for _, want := range []string{"PGHOST=db.example", "PGPORT=5433", "PGUSER=ani", "PGPASSWORD=s@ndi", "PGDATABASE=toko", "PGSSLMODE=require"} {
		if !strings.Contains("\n"+env, "\n"+want+"\n") {
			t.Errorf("%s is missing in\n%s", want, env)
		}
	}
}
