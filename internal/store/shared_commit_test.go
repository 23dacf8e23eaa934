package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/priority"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// sharing is a SQLite store whose transactions share commits for as long as they wait.
type sharing struct {
	*store.Store
	*testing.T
	path     string
	keys     secret.Keys
	commits  atomic.Int64
	onCommit atomic.Pointer[func()]
	answered atomic.Int64 // calls of InTx that have returned
}

func newSharing(t *testing.T) *sharing {
	t.Helper()
	s := &sharing{T: t}
	database := storetest.SQLite(t)
	s.path = strings.TrimPrefix(database, "sqlite:")
	var err error
	if s.keys, err = secret.Parse(secret.Generate()); err != nil {
		t.Fatal(err)
	}
	s.Store = s.open(database, func(what string) {
		if what != store.Commit {
			return
		}
		s.commits.Add(1)
		if fn := s.onCommit.Load(); fn != nil {
			(*fn)()
		}
	})
	if err := storetest.Ready(ctx, s.Store); err != nil {
		t.Fatal(err)
	}
	if err := s.put("first", nil); err != nil { // keys are in force
		t.Fatal(err)
	}
	store.ShareFor(s.Store, time.Minute)
	return s
}

func (s *sharing) open(database string, trace func(string)) *store.Store {
	s.Helper()
	db, err := store.Open(ctx, store.Options{Database: database, Keys: s.keys, Clock: clock.System{}, Trace: trace})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := db.Close(); err != nil {
			s.Error(err)
		}
	})
	return db
}

// put writes a setting and an act, and goes on with fn in the same transaction.
func (s *sharing) put(name string, fn func(tx *store.Tx) error) error {
	return s.putAs(ctx, name, fn)
}

func (s *sharing) putAs(ctx context.Context, name string, fn func(tx *store.Tx) error) error {
	defer s.answered.Add(1)
	return s.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		if err := tx.PutSetting(ctx, name, `"1"`); err != nil {
			return err
		}
		tx.Audit("test.put", name, nil)
		if fn != nil {
			return fn(tx)
		}
		return nil
	})
}

// queued has calls wait for the writer, in this order, and returns their errors once all have been answered; a panic is an error.
func (s *sharing) queued(calls ...func() error) []error {
	s.Helper()
	out := make([]error, len(calls))
	var all sync.WaitGroup
	store.Hold(s.Store, func() {
		for i, call := range calls {
			all.Go(func() {
				defer func() {
					if p := recover(); p != nil {
						out[i] = fmt.Errorf("panic: %v", p)
					}
				}()
				out[i] = call()
			})
			testenv.Eventually(s.T, 10*time.Second, func() (bool, string) {
				n := 0
				for level := range priority.Level(priority.Levels) {
					n += s.Waiting(level)
				}
				return n == i+1, fmt.Sprint(n, " wait")
			})
		}
	})
	all.Wait()
	return out
}

// has lists which settings are there.
func (s *sharing) has(db *store.Store, names ...string) (out []string) {
	s.Helper()
	for _, n := range names {
		_, there, err := db.SettingAt(ctx, n)
		if err != nil {
			s.Fatal(err)
		}
		if there {
			out = append(out, n)
		}
	}
	return out
}

func named(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("s%02d", i))
	}
	return out
}

func TestWaitingTransactionsShareACommit(t *testing.T) {
	s := newSharing(t)
	before := s.commits.Load()
	names := named(24)
	var calls []func() error
	for _, n := range names {
		calls = append(calls, func() error { return s.put(n, nil) })
	}
	if err := errors.Join(s.queued(calls...)...); err != nil {
		t.Fatal(err)
	}
	if n := s.commits.Load() - before; n != 3 {
		t.Errorf("%d commits for %d transactions, want one for eight", n, len(names))
	}
	if got := s.has(s.Store, names...); !slices.Equal(got, names) {
		t.Errorf("written: %v", got)
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	// Without others each has its own.
	before = s.commits.Load()
	for range 3 {
		if err := s.put("alone", nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.commits.Load() - before; n != 3 {
		t.Errorf("%d commits for three transactions one after the other", n)
	}
}

// Whatever becomes of one, the others are whole, and the audit trail has their acts alone.
func TestOneFailureOfManyTransactions(t *testing.T) {
	failed := errors.New("not wanted")
	for name, fail := range map[string]func(s *sharing) func() error{
		"an error": func(s *sharing) func() error {
			return func() error { return s.put("bad", func(*store.Tx) error { return failed }) }
		},
		"a statement fails": func(s *sharing) func() error {
			return func() error {
				return s.put("bad", func(tx *store.Tx) error {
					return store.ExecIn(ctx, tx, `INSERT INTO settings (key, value, updated_ms) VALUES ('bad', '1', 1)`)
				})
			}
		},
		"a panic": func(s *sharing) func() error {
			return func() error { return s.put("bad", func(*store.Tx) error { panic("in a transaction") }) }
		},
		"its context ends": func(s *sharing) func() error {
			return func() error {
				ended, cancel := context.WithCancel(ctx)
				defer cancel()
				return s.putAs(ended, "bad", func(*store.Tx) error { cancel(); return nil })
			}
		},
		"its context ends before a statement": func(s *sharing) func() error {
			return func() error {
				ended, cancel := context.WithCancel(ctx)
				defer cancel()
				return s.putAs(ended, "bad", func(tx *store.Tx) error { cancel(); return tx.PutSetting(ended, "bad", `"2"`) })
			}
		},
		"its context ends during a statement": func(s *sharing) func() error {
			return func() error {
				ended, cancel := context.WithTimeout(ctx, 30*time.Second)
				defer cancel()
				return s.putAs(ended, "bad", func(tx *store.Tx) error {
					time.AfterFunc(20*time.Millisecond, cancel)
					return store.ExecIn(ended, tx, `INSERT INTO settings (key, value, updated_ms)
						WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 1000000) SELECT 'bad' || MAX(x), '1', 1 FROM n`)
				})
			}
		},
	} {
		for at := range 3 {
			t.Run(fmt.Sprintf("%s, %d", name, at), func(t *testing.T) {
				s := newSharing(t)
				names := named(4)
				var calls []func() error
				for _, n := range names {
					calls = append(calls, func() error { return s.put(n, nil) })
				}
				calls = slices.Insert(calls, 2*at, fail(s))
				errs := s.queued(calls...)
				for i, err := range errs {
					if bad := i == 2*at; (err != nil) != bad {
						t.Errorf("call %d: %v", i, err)
					}
				}
				if got := s.has(s.Store, append(names, "bad", "bad1000000")...); !slices.Equal(got, names) {
					t.Errorf("written: %v", got)
				}
				if n, err := s.VerifyAudit(ctx); err != nil || n < int64(len(names)) {
					t.Error(n, err)
				}
				if acts, err := s.AuditOf(ctx, "bad"); err != nil || len(acts) > 0 {
					t.Error(acts, err)
				}
				if err := s.put("after", nil); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// A commit that fails is told to all whose work was in it, also to one that failed because
// of what it saw of another.
func TestAFailingCommitOfManyTransactions(t *testing.T) {
	s := newSharing(t)
	store.Exec(t, s.Store, `CREATE TABLE parents (id TEXT PRIMARY KEY)`)
	store.Exec(t, s.Store, `CREATE TABLE children (parent TEXT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)`)
	seen := errors.New("it is there already")
	var durable, undone atomic.Int64
	hooks := func(tx *store.Tx) error {
		tx.AfterCommit(func() { durable.Add(1) })
		tx.AfterRollback(func() { undone.Add(1) })
		return nil
	}
	errs := s.queued(
		func() error { return s.put("one", hooks) },
		func() error {
			return s.put("two", func(tx *store.Tx) error {
				return errors.Join(hooks(tx), store.ExecIn(ctx, tx, `INSERT INTO children VALUES ('nobody')`))
			})
		},
		func() error {
			return s.put("three", func(tx *store.Tx) error { _ = hooks(tx); return seen })
		},
		func() error { return s.put("four", hooks) },
	)
	for i, err := range errs {
		if err == nil || errors.Is(err, seen) || !strings.HasPrefix(err.Error(), "commit: ") {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if d, u := durable.Load(), undone.Load(); d != 0 || u != 4 {
		t.Errorf("%d told that they are durable, %d that they are not", d, u)
	}
	if got := s.has(s.Store, "one", "two", "three", "four"); len(got) > 0 {
		t.Errorf("written: %v", got)
	}
	if err := s.put("after", nil); err != nil {
		t.Error(err)
	}
	if got := s.has(s.Store, "one", "after"); !slices.Equal(got, []string{"after"}) {
		t.Errorf("written: %v", got)
	}
}

// What a crash finds on the disk before the commit has nothing of any of them, and none was answered.
func TestACrashBeforeASharedCommit(t *testing.T) {
	s := newSharing(t)
	names := named(6)
	copied := filepath.Join(t.TempDir(), "crashed.db")
	crash := func() {
		if n := s.answered.Load(); n != 1 {
			t.Errorf("%d calls were answered before the commit", n-1)
		}
		for _, end := range []string{"", "-wal"} {
			text, err := os.ReadFile(s.path + end)
			if err == nil {
				err = os.WriteFile(copied+end, text, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	s.onCommit.Store(&crash)
	var calls []func() error
	for _, n := range names {
		calls = append(calls, func() error { return s.put(n, nil) })
	}
	if err := errors.Join(s.queued(calls...)...); err != nil {
		t.Fatal(err)
	}
	s.onCommit.Store(nil)
	if got := s.has(s.open("sqlite:"+copied, nil), append(names, "first")...); !slices.Equal(got, []string{"first"}) {
		t.Errorf("after the crash there is %v", got)
	}
	if got := s.has(s.Store, names...); !slices.Equal(got, names) {
		t.Errorf("written: %v", got)
	}
}

// Urgent work is durable before less urgent work begins, however long that takes.
func TestUrgentWorkDoesNotWaitForTheCommitOfOthers(t *testing.T) {
	s := newSharing(t)
	urgent := make(chan struct{})
	before := s.commits.Load()
	errs := s.queued(
		func() error { return s.put("ordinary", func(*store.Tx) error { <-urgent; return nil }) },
		func() error {
			defer close(urgent)
			return s.putAs(priority.With(ctx, priority.Urgent), "urgent", nil)
		},
		func() error { return s.putAs(priority.With(ctx, priority.Report), "report", nil) },
	)
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if n := s.commits.Load() - before; n != 3 {
		t.Errorf("%d commits for three levels", n)
	}
}

// Many callers of all levels, some of whom fail, give up or panic: what was answered with success is there, nothing else, and the audit
// trail is sound.
func TestManySharedTransactions(t *testing.T) {
	s := newSharing(t)
	store.ShareFor(s.Store, 5*time.Millisecond)
	before := s.commits.Load()
	var mu sync.Mutex
	var good, bad []string
	var all sync.WaitGroup
	for worker := range 16 {
		rnd := rand.New(rand.NewPCG(uint64(worker), 3))
		all.Go(func() {
			for i := range 30 {
				name := fmt.Sprintf("w%02d-%02d", worker, i)
				bounded, cancel := context.WithCancel(priority.With(ctx, priority.Level(rnd.IntN(priority.Levels))))
				fate := rnd.IntN(8)
				if fate == 0 {
					time.AfterFunc(time.Duration(rnd.IntN(3000))*time.Microsecond, cancel)
				}
				err := func() (err error) {
					defer func() {
						if p := recover(); p != nil {
							err = fmt.Errorf("panic: %v", p)
						}
					}()
					return s.putAs(bounded, name, func(*store.Tx) error {
						switch fate {
						case 1:
							return errors.New("not wanted")
						case 2:
							panic("in a transaction")
						}
						return nil
					})
				}()
				cancel()
				mu.Lock()
				if err == nil {
					good = append(good, name)
				} else {
					bad = append(bad, name)
					if fate > 2 {
						t.Errorf("%s: %v", name, err)
					}
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(good)
	if got := s.has(s.Store, good...); !slices.Equal(got, good) {
		t.Errorf("%d of %d are there", len(got), len(good))
	}
	if got := s.has(s.Store, bad...); len(got) > 0 {
		t.Errorf("there although they failed: %v", got)
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	if n := s.commits.Load() - before; n >= int64(len(good)) {
		t.Errorf("%d commits for %d transactions", n, len(good))
	}
}

// BenchmarkCommits is how many transactions sixteen callers get committed, each on the disk
// before it returns: alone, and sharing commits.
func BenchmarkCommits(b *testing.B) {
	for name, d := range map[string]time.Duration{"each its own": 0, "shared": 10 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			keys, err := secret.Parse(secret.Generate())
			if err != nil {
				b.Fatal(err)
			}
			s, err := store.Open(ctx, store.Options{Database: "sqlite:" + b.TempDir() + "/bench.db", Keys: keys, Clock: clock.System{}})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close() }) // nothing is to be kept
			if _, err := s.Migrate(ctx); err != nil {
				b.Fatal(err)
			}
			store.ShareFor(s, d)
			var n atomic.Int64
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					name := fmt.Sprint("s", n.Add(1))
					if err := s.InTx(ctx, actor.Named("bench"), func(tx *store.Tx) error {
						tx.Audit("bench.put", name, nil)
						return tx.PutSetting(ctx, name, `"1"`)
					}); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}
