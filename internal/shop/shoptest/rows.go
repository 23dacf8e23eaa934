package shoptest

import (
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// Row is a test of its own. One of docs/reference/faults.md has its id in the name.
type Row struct {
	Name string
	Test func(t *testing.T, k *Harness)
}

// Run runs every row in parallel, each with a shop of its own. A row ends with the
// invariants: confirmed money is somewhere, no order has two vouchers, the audit chain
// holds. Rows take turns on the engines; where everything is asked for, each runs on both.
func Run(t *testing.T, rows []Row, options ...Option) {
	rows = slices.SortedFunc(slices.Values(rows), func(a, b Row) int { return strings.Compare(a.Name, b.Name) })
	turn := fnv.New32a()
	_, _ = turn.Write([]byte(t.Name())) // never fails
	for i, r := range rows {
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			test := func(t *testing.T, k *Harness) {
				r.Test(t, k)
				if !t.Failed() {
					k.Invariants()
				}
			}
			if testenv.Full() || !testenv.HasPostgres() {
				Both(t, test, options...)
				return
			}
			// Neighbours, which are the same case on two router versions, are on different engines, and every second pair the other way round.
			if (i+i/2+int(turn.Sum32()%2))%2 == 0 {
				t.Run("sqlite", func(t *testing.T) { test(t, New(t, append([]Option{OnDatabase(storetest.SQLite(t))}, options...)...)) })
				return
			}
			t.Run("postgres", func(t *testing.T) {
				test(t, New(t, append([]Option{OnDatabase(storetest.Postgres(t))}, options...)...))
			})
		})
	}
}

// Both runs one test on both engines.
func Both(t *testing.T, test func(t *testing.T, k *Harness), options ...Option) {
	storetest.Databases(t, func(t *testing.T, database string) {
		test(t, on(t, database, options))
	})
}

func on(t *testing.T, database string, options []Option) *Harness {
	return New(t, append([]Option{OnDatabase(database)}, options...)...)
}

// Each calls fn n times at once and waits for the last one.
func Each(n int, fn func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Add(1)
		go func() { defer all.Done(); fn(i) }()
	}
	all.Wait()
}

// CodeOf is the code of an answer, "" for success.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

// Must fails the test on an error.
func (k *Harness) Must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// WantCode fails unless the error is the fault with the code.
func (k *Harness) WantCode(err error, code string) {
	k.Helper()
	if err == nil || fault.CodeOf(err) != code {
		k.Fatalf("%v, want %s", err, code)
	}
}
