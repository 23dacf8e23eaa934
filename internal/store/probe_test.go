package store_test

import (
	"context"
	"errors"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// The probe fails wherever a sale could not be kept, also where reads go on.
func TestProbeWriteFindsWhatCannotBeWritten(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		if err := f.ProbeWrite(ctx); err != nil {
			t.Fatal(err)
		}
		if err := f.ProbeWrite(ctx); err != nil {
			t.Fatal("again:", err)
		}
	})
	t.Run("a server that only reads", func(t *testing.T) {
		database := storetest.Postgres(t)
		s := opened(t, database+"&default_transaction_read_only=on", false)
		if err := s.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.ProbeWrite(ctx); err == nil || !strings.Contains(err.Error(), "25006") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a file that only reads", func(t *testing.T) {
		s := opened(t, storetest.SQLite(t), true)
		if err := s.ProbeWrite(ctx); err == nil {
			t.Error("written")
		}
	})
	t.Run("a full disk", func(t *testing.T) {
		s := opened(t, storetest.SQLite(t), false)
		// A limit on the size of files is what a full disk is to SQLite: a write fails.
		signal.Ignore(syscall.SIGXFSZ)
		defer signal.Reset(syscall.SIGXFSZ)
		var before syscall.Rlimit
		must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
		must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1, Max: before.Max}))
		err := s.ProbeWrite(ctx)
		read := s.Ping(ctx)
		must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before))
		if err == nil || read != nil {
			t.Errorf("written: %v, read: %v", err, read)
		}
		if err := s.ProbeWrite(ctx); err != nil {
			t.Error("with room again:", err)
		}
	})
	t.Run("a writer that hangs", func(t *testing.T) {
		s := opened(t, storetest.SQLite(t), false)
		err := s.InTx(ctx, actor.Named(""), func(*store.Tx) error {
			short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
			defer cancel()
			return s.ProbeWrite(short)
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, database string, readOnly bool) *store.Store {
	t.Helper()
	keys, err := secret.Parse(secret.Generate())
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, store.Options{Database: database, Keys: keys, Clock: clock.System{}, ReadOnly: readOnly})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
