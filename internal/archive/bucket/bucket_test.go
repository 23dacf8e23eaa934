package bucket_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/archive/archivetest"
	"gerai/internal/archive/bucket"
	"gerai/internal/backup"
	"gerai/internal/fault"
)

var ctx = context.Background()

func open(t *testing.T, s *archivetest.Store, prefix, key string) *bucket.Bucket {
	t.Helper()
	target, err := backup.ParseTarget(s.Address(prefix))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bucket.New(bucket.Options{Target: target, Key: key, Secret: archivetest.Secret, Transport: s.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sample is a backup of a size, with content that does not repeat.
func sample(at time.Time, bytes int) (backup.File, []byte) {
	content := make([]byte, bytes)
	seed := sha256.Sum256([]byte(at.String()))
	for i := range content {
		if i%len(seed) == 0 {
			seed = sha256.Sum256(seed[:])
		}
		content[i] = seed[i%len(seed)]
	}
	sum := sha256.Sum256(content)
	f, _ := backup.ParseName(backup.NameOf("toko", at, backup.SQLite, true))
	f.Bytes, f.SHA256 = int64(bytes), hex.EncodeToString(sum[:])
	return f, content
}

var at = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)

func TestRoundTrip(t *testing.T) {
	for name, plain := range map[string]bool{"https": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			s := archivetest.New(t, "toko-backup", plain)
			b := open(t, s, "gerai/kota", archivetest.Key)
			small, few := sample(at, 1000)
			large, many := sample(at.Add(time.Hour), 40<<20+1) // three parts
			for f, content := range map[backup.File][]byte{small: few, large: many} {
				if err := b.Put(ctx, f, bytes.NewReader(content)); err != nil {
					t.Fatal(err)
				}
			}
			if s.Puts() != 1+3+2 || s.Uploads() != 0 {
				t.Errorf("%d requests, %d uploads are open", s.Puts(), s.Uploads())
			}
			if err := b.Put(ctx, small, bytes.NewReader(few)); !errors.Is(err, backup.ErrTaken) {
				t.Error(err)
			}
			s.Change("gerai/kota/notes.txt", func([]byte) []byte { return []byte("x") })
			s.Change("gerai/kota/more/"+small.Name, func([]byte) []byte { return few })
			all, err := b.List(ctx)
			if err != nil || len(all) != 2 {
				t.Fatal(all, err)
			}
			for _, f := range all {
				sum, err := b.Checksum(ctx, f.Name)
				if err != nil {
					t.Fatal(err)
				}
				in, err := b.Open(ctx, f.Name)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(in)
				if err != nil || in.Close() != nil {
					t.Fatal(err)
				}
				have := sha256.Sum256(got)
				if sum != hex.EncodeToString(have[:]) || int64(len(got)) != f.Bytes {
					t.Errorf("%s came back otherwise", f.Name)
				}
			}
			for range 2 { // what is gone is removed
				if err := b.Remove(ctx, small.Name); err != nil {
					t.Fatal(err)
				}
			}
			if keys := s.Keys(); slices.Contains(keys, "gerai/kota/"+small.Name) || slices.Contains(keys, "gerai/kota/"+small.Name+".sha256") || len(keys) != 4 {
				t.Error(keys)
			}
			if _, err := b.Open(ctx, small.Name); !errors.Is(err, backup.ErrGone) {
				t.Error(err)
			}
			if sum, err := b.Checksum(ctx, small.Name); err != nil || sum != "" {
				t.Error(sum, err)
			}
			if b.String() != s.Address("gerai/kota") || strings.Contains(b.String(), archivetest.Secret) {
				t.Error(b)
			}
		})
	}
}

func TestTroubleOfTheStore(t *testing.T) {
	s := archivetest.New(t, "toko-backup", false)
	b := open(t, s, "", archivetest.Key)
	f, content := sample(at, 20<<20) // two parts
	put := func() error { return b.Put(ctx, f, bytes.NewReader(content)) }
	s.SetFaults(archivetest.Faults{Full: true})
	if err := put(); !errors.Is(err, backup.ErrFull) {
		t.Error(err)
	}
	s.SetFaults(archivetest.Faults{Denied: true})
	if err := put(); !errors.Is(err, backup.ErrDenied) || !fault.Is(err, fault.Config) {
		t.Error(err)
	}
	if _, err := b.List(ctx); !errors.Is(err, backup.ErrDenied) {
		t.Error(err)
	}
	s.SetFaults(archivetest.Faults{})
	if err := open(t, s, "", "another-key").Put(ctx, f, bytes.NewReader(content)); !errors.Is(err, backup.ErrDenied) {
		t.Error(err)
	}
	// A connection that breaks is tried again; while the store is away, nothing is there under the name.
	s.SetFaults(archivetest.Faults{Down: true})
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	if err := b.Put(short, f, bytes.NewReader(content)); !errors.Is(err, backup.ErrUnreachable) {
		t.Error(err)
	}
	s.SetFaults(archivetest.Faults{CutPart: 2})
	if err := put(); err != nil {
		t.Error(err)
	}
	if keys := s.Keys(); len(keys) != 2 {
		t.Error(keys)
	}
	// What is read wrongly from the disk does not become a backup.
	g, _ := sample(at.Add(time.Hour), 20<<20)
	if err := b.Put(ctx, g, bytes.NewReader(content[:len(content)-1])); err == nil {
		t.Error("half a backup was stored")
	}
	if keys := s.Keys(); slices.Contains(keys, g.Name) || s.Uploads() != 0 {
		t.Error(keys, s.Uploads())
	}
}

func TestStaleUploadsAreGivenUp(t *testing.T) {
	s := archivetest.New(t, "toko-backup", false)
	b := open(t, s, "x", archivetest.Key)
	f, content := sample(at, 10)
	s.Begin("x/"+f.Name, time.Now().Add(-25*time.Hour))
	s.Begin("x/gerai-other-20261201T200000.000Z-sqlite.tar.zst", time.Now().Add(-25*time.Hour))
	s.Begin("x/gerai-toko-20261202T200000.000Z-sqlite.tar.zst", time.Now())
	if err := b.Put(ctx, f, bytes.NewReader(content)); err != nil || s.Uploads() != 2 {
		t.Error(err, s.Uploads())
	}
}
