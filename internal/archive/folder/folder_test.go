package folder_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"gerai/internal/archive/folder"
	"gerai/internal/backup"
)

var (
	ctx = context.Background()
	at  = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
)

func sample(at time.Time, series string, bytes int) (backup.File, []byte) {
	content := []byte(strings.Repeat("x", bytes))
	sum := sha256.Sum256(content)
	f, _ := backup.ParseName(backup.NameOf(series, at, backup.SQLite, true))
	f.Bytes, f.SHA256 = int64(bytes), hex.EncodeToString(sum[:])
	return f, content
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", e.Name(), info.Mode(), err)
		}
		out = append(out, e.Name())
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	d := folder.New(dir)
	if all, err := d.List(ctx); err != nil || len(all) != 0 {
		t.Fatal(all, err)
	}
	f, content := sample(at, "toko", 1000)
	if err := d.Put(ctx, f, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(ctx, f, bytes.NewReader(content)); !errors.Is(err, backup.ErrTaken) {
		t.Error(err)
	}
	all, err := d.List(ctx)
	if err != nil || len(all) != 1 || all[0].Name != f.Name || all[0].Bytes != 1000 || all[0].SHA256 != "" {
		t.Fatalf("%+v %v", all, err)
	}
	if sum, err := d.Checksum(ctx, f.Name); err != nil || sum != f.SHA256 {
		t.Error(sum, err)
	}
	in, err := d.Open(ctx, f.Name)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(in); err != nil || in.Close() != nil || !bytes.Equal(got, content) {
		t.Error(err)
	}
	if got := names(t, dir); len(got) != 2 {
		t.Error(got)
	}
	for range 2 {
		if err := d.Remove(ctx, f.Name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Open(ctx, f.Name); !errors.Is(err, backup.ErrGone) {
		t.Error(err)
	}
	if sum, err := d.Checksum(ctx, f.Name); err != nil || sum != "" || len(names(t, dir)) != 0 {
		t.Error(sum, err)
	}
}

// Whatever interrupts it, there is no half file under a final name.
func TestHalfFiles(t *testing.T) {
	dir := t.TempDir()
	d := folder.New(dir)
	f, content := sample(at, "toko", 1000)
	other := filepath.Join(dir, ".gerai-other-20261201T200000.000Z-sqlite.tar.zst.part")
	mine := filepath.Join(dir, ".gerai-toko-20261130T200000.000Z-sqlite.tar.zst.age.part")
	for _, left := range []string{other, mine} { // by processes that were killed
		if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for name, put := range map[string]func() error{
		"reading fails": func() error {
			return d.Put(ctx, f, io.MultiReader(bytes.NewReader(content[:500]), iotest.ErrReader(errors.New("bad sector"))))
		},
		"it is too short": func() error { return d.Put(ctx, f, bytes.NewReader(content[:999])) },
		"the end is near": func() error { return d.Put(ended, f, bytes.NewReader(content)) },
	} {
		if err := put(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got := names(t, dir); len(got) != 1 || filepath.Join(dir, got[0]) != other {
			t.Errorf("%s: %v", name, got)
		}
	}
	if err := d.Put(ctx, backup.File{Name: "../../etc/passwd"}, bytes.NewReader(nil)); err == nil {
		t.Error("any name will do")
	}
}

func TestPlacesThatRefuse(t *testing.T) {
	f, content := sample(at, "toko", 1000)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := folder.New(filepath.Join(file, "x")).Put(ctx, f, bytes.NewReader(content)); !errors.Is(err, backup.ErrDenied) {
		t.Error(err)
	}
	if _, err := folder.New(filepath.Join(file, "x")).List(ctx); !errors.Is(err, backup.ErrDenied) {
		t.Error(err)
	}
}

// A disk that takes no more says so. The limit is one of a process, so another one
// runs into it.
func TestFullDisk(t *testing.T) {
	const env = "GERAI_TEST_FULL_DISK"
	f, content := sample(at, "toko", 200<<10)
	if dir := os.Getenv(env); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100 << 10, Max: 100 << 10}); err != nil {
			t.Fatal(err)
		}
		if err := folder.New(dir).Put(ctx, f, bytes.NewReader(content)); !errors.Is(err, backup.ErrFull) {
			t.Error(err)
		}
		return
	}
	dir := t.TempDir()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestFullDisk$")
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%s", env, dir))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if left := names(t, dir); len(left) != 0 {
		t.Error(left)
	}
}
