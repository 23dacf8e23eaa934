package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/priority"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// held has more transactions open, or waiting for it, than an engine runs at once.
func held(t *testing.T, f *storetest.Fixture) (release func()) {
	t.Helper()
	free := make(chan struct{})
	var all sync.WaitGroup
	var running atomic.Int64
	const holders = 16
	for range holders {
		all.Go(func() {
			if err := f.InTx(ctx, actor.Named("test"), func(*store.Tx) error { running.Add(1); <-free; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	testenv.Eventually(t, 5*time.Second, func() (bool, string) {
		return int(running.Load())+f.Waiting(priority.Ordinary) == holders, "not all turns are held"
	})
	return func() { close(free); all.Wait() }
}

// Urgent work is written before what waited when it came, and on a server beside it.
func TestUrgentTransactionsOvertake(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		release := held(t, f)
		const waiting = 30
		before := f.Waiting(priority.Ordinary)
		var order []string
		var mu sync.Mutex
		var all sync.WaitGroup
		write := func(name string, level priority.Level) {
			all.Go(func() {
				err := f.InTx(priority.With(ctx, level), actor.Named("test"), func(tx *store.Tx) error {
					mu.Lock()
					defer mu.Unlock()
					order = append(order, name)
					return tx.PutSetting(ctx, name, `"1"`)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		for range waiting {
			write("ordinary", priority.Ordinary)
		}
		testenv.Eventually(t, 5*time.Second, func() (bool, string) {
			return f.Waiting(priority.Ordinary) == before+waiting, "not all wait"
		})
		write("urgent", priority.Urgent)
		testenv.Eventually(t, 5*time.Second, func() (bool, string) {
			mu.Lock()
			defer mu.Unlock()
			return len(order) > 0 || f.Engine() == "sqlite" && f.Waiting(priority.Urgent) == 1, "urgent work waits on a server"
		})
		release()
		all.Wait()
		if len(order) != waiting+1 || order[0] != "urgent" {
			t.Errorf("%d written, first %v", len(order), order[:1])
		}
	})
}

// A transaction that panics gives its turn back.
func TestAPanicGivesTheTurnBack(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		short, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		for _, level := range []priority.Level{priority.Ordinary, priority.Urgent} {
			for range 16 {
				func() {
					defer func() { _ = recover() }()
					_ = f.InTx(priority.With(short, level), actor.Named("test"), func(*store.Tx) error { panic("in a transaction") })
					t.Error("no panic")
				}()
			}
			if err := f.InTx(priority.With(short, level), actor.Named("test"), func(*store.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		}
	})
}

// Reports use up connections of their own, pages theirs.
func TestReadersAreApart(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		read := func(level priority.Level, within time.Duration) error {
			bounded, cancel := context.WithTimeout(priority.With(ctx, level), within)
			defer cancel()
			_, err := f.Brand(bounded)
			return err
		}
		for level, free := range map[priority.Level][]priority.Level{
			priority.Report:   {priority.Ordinary, priority.Urgent},
			priority.Ordinary: {priority.Report, priority.Urgent},
		} {
			release := store.HoldReaders(t, f.Store, level)
			if err := read(level, 50*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("level %d does not wait: %v", level, err)
			}
			for _, other := range free {
				if err := read(other, 30*time.Second); err != nil {
					t.Errorf("level %d waits for level %d: %v", other, level, err)
				}
			}
			release()
		}
	})
}
