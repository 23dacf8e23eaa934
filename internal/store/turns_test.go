package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gerai/internal/priority"
)

// served is what waited for a turn, in the order it was served.
type served struct {
	level priority.Level
	no    int // of those that came
}

// queue has work of these levels wait for the one turn, in this order, and returns in
// which order it was served once the turn was given back.
func queue(t *testing.T, levels []priority.Level) (out []served) {
	turns := newTurns(1, 1)
	if err := turns.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for no, level := range levels {
		ctx := priority.With(t.Context(), level)
		all.Go(func() {
			if err := turns.take(ctx); err != nil {
				t.Error(err)
				return
			}
			out = append(out, served{level, no}) // the turn is the lock
			turns.release(ctx)
		})
		synctest.Wait() // it waits
	}
	turns.release(t.Context())
	all.Wait()
	return out
}

func TestUrgentWorkGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var levels []priority.Level
		for range 3 {
			levels = append(levels, priority.Report, priority.Ordinary, priority.Urgent)
		}
		got := fmt.Sprint(queue(t, levels))
		if want := "[{2 2} {2 5} {2 8} {1 1} {1 4} {1 7} {0 0} {0 3} {0 6}]"; got != want {
			t.Errorf("served %s, want %s", got, want)
		}
	})
}

// Whatever comes: each level is served in the order it came, higher ones first, and no
// more than patience turns in a row go past work that waits.
func TestTurnsAreFair(t *testing.T) {
	for seed := range uint64(50) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			levels := make([]priority.Level, 60)
			for i := range levels {
				levels[i] = priority.Level(rnd.IntN(priority.Levels))
			}
			got := queue(t, levels)
			if len(got) != len(levels) {
				t.Fatalf("seed %d: %d served", seed, len(got))
			}
			waiting := map[priority.Level][]int{}
			for no, level := range levels {
				waiting[level] = append(waiting[level], no)
			}
			passed := 0
			for i, s := range got {
				if waiting[s.level][0] != s.no {
					t.Fatalf("seed %d: %d was served out of order: %v", seed, s.no, got)
				}
				waiting[s.level] = waiting[s.level][1:]
				higher, lower := 0, 0
				for level, left := range waiting {
					switch {
					case level > s.level:
						higher += len(left)
					case level < s.level:
						lower += len(left)
					}
				}
				switch {
				case higher > 0 && passed != patience:
					t.Fatalf("seed %d: turn %d is of level %d, %d of higher ones wait and only %d went past: %v", seed, i, s.level, higher, passed, got)
				case higher > 0 || lower == 0:
					passed = 0
				default:
					passed++
				}
				if passed > patience {
					t.Fatalf("seed %d: %d in a row went past: %v", seed, passed, got)
				}
			}
		})
	}
}

// Work below Urgent leaves turns free, however much of it there is.
func TestSomeTurnsStayFree(t *testing.T) {
	turns := newTurns(3, 2)
	for range 2 {
		if err := turns.take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := turns.take(short); err == nil {
		t.Error("a third ordinary turn")
	}
	urgent := priority.With(t.Context(), priority.Urgent)
	if err := turns.take(urgent); err != nil {
		t.Error(err)
	}
	turns.release(urgent)
}

// Waits that end in the same moment as they are served leave no turn behind and take none
// along.
func TestNoTurnIsLost(t *testing.T) {
	const most, shared = 3, 2
	turns := newTurns(most, shared)
	var held, below atomic.Int32
	var all sync.WaitGroup
	for worker := range 12 {
		rnd := rand.New(rand.NewPCG(uint64(worker), 2))
		all.Go(func() {
			for range 300 {
				level := priority.Level(rnd.IntN(priority.Levels))
				ctx, cancel := context.WithTimeout(priority.With(t.Context(), level), time.Duration(rnd.IntN(200))*time.Microsecond)
				if turns.take(ctx) == nil {
					if n := held.Add(1); n > most {
						t.Errorf("%d turns are held", n)
					}
					if level != priority.Urgent && below.Add(1) > shared {
						t.Error("work below Urgent holds too many")
					}
					for range rnd.IntN(50) {
						runtime.Gosched()
					}
					if level != priority.Urgent {
						below.Add(-1)
					}
					held.Add(-1)
					turns.release(ctx)
				}
				cancel()
			}
		})
	}
	all.Wait()
	left := []int{turns.free, turns.shared}
	for level := range turns.waiting {
		left = append(left, turns.waiting[level].Len())
	}
	if want := []int{most, shared, 0, 0, 0}; !slices.Equal(left, want) {
		t.Errorf("free, shared and waiting are %v, want %v", left, want)
	}
}
