package cache

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/clock"
)

func TestLimitIsExactUnderRace(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		limit := Limit{Count: 20, Per: time.Hour}
		var allowed, refused atomic.Int64
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				for range 4 {
					ok, wait := b.Allow(t.Context(), "buy:1.2.3.4", limit)
					switch {
					case ok && wait == 0:
						allowed.Add(1)
					case !ok && wait > 0 && wait <= limit.Per/20:
						refused.Add(1)
					default:
						t.Errorf("ok %v, wait %v", ok, wait)
					}
				}
			})
		}
		all.Wait()
		if allowed.Load() != 20 || refused.Load() != 180 {
			t.Fatalf("%d allowed, %d refused", allowed.Load(), refused.Load())
		}
		if ok, _ := b.Allow(t.Context(), "buy:1.2.3.5", limit); !ok {
			t.Fatal("keys are not independent")
		}
	})
}

func TestLimitComesBackOneByOne(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		limit := Limit{Count: 2, Per: 400 * time.Millisecond}
		take := func() bool { ok, _ := b.Allow(t.Context(), "k", limit); return ok }
		if !take() || !take() || take() {
			t.Fatal("the burst is not two")
		}
		until(t, "one event is allowed again", b.step, take)
		if take() {
			t.Fatal("both came back at once")
		}
	})
}

func TestAllowNTakesAllOrNone(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		ctx, limit := t.Context(), Limit{Count: 7, Per: time.Hour}
		for i, c := range []struct {
			n  int
			ok bool
		}{{8, false}, {5, true}, {3, false}, {0, true}, {-1, true}, {2, true}, {1, false}} {
			if ok, wait := b.AllowN(ctx, "n", limit, c.n); ok != c.ok || ok == (wait > 0) {
				t.Fatalf("step %d: %d gave %v, %v", i, c.n, ok, wait)
			}
		}
		if ok, _ := b.AllowN(ctx, "whole", limit, 7); !ok {
			t.Fatal("the whole limit at once must pass")
		}
		for _, none := range []Limit{{}, {Count: 5}, {Per: time.Hour}, {Count: -1, Per: time.Hour}} {
			if ok, _ := b.Allow(ctx, "none", none); ok {
				t.Fatalf("%+v allowed something", none)
			}
		}
	})
}

// What was taken for nothing comes back, and never more than that.
func TestGivingBack(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		ctx, limit := t.Context(), Limit{Count: 3, Per: time.Hour}
		take := func(n int) bool { ok, _ := b.AllowN(ctx, "k", limit, n); return ok }
		b.GiveBack(ctx, "k", limit) // nothing was taken
		if !take(3) || take(1) {
			t.Fatal("the burst is not three")
		}
		b.GiveBack(ctx, "k", limit)
		if !take(1) || take(1) {
			t.Fatal("not exactly one came back")
		}
		for range 9 {
			b.GiveBack(ctx, "k", limit)
		}
		if take(4) || !take(3) || take(1) {
			t.Fatal("more came back than was taken")
		}
		b.GiveBack(ctx, "k", Limit{})
	})
}

func TestCountersStayBounded(t *testing.T) {
	c := clock.NewFixed(time.Unix(0, 0))
	s := newCounters(c, 1000)
	limit := Limit{Count: 5, Per: time.Minute}
	for i := range 5000 {
		if ok, _ := s.Allow(context.Background(), fmt.Sprint("flood", i), limit); !ok {
			t.Fatal("a fresh key was refused")
		}
		if len(s.full) > 1000 {
			t.Fatalf("%d entries", len(s.full))
		}
	}
	c.Add(time.Hour)
	for i := range 1000 {
		s.Allow(context.Background(), fmt.Sprint("later", i), limit)
	}
	if n := len(s.full); n > 1000 {
		t.Fatalf("%d entries", n)
	}
	for key, at := range s.full {
		if at.Before(c.Now()) {
			t.Fatalf("%s is whole again and was kept", key)
		}
	}
}

// A limit that is used up does not come back because a client counts under ever
// new keys: those that are nearest to whole have to go.
func TestAFloodOfKeysFreesNobody(t *testing.T) {
	s := newCounters(clock.NewFixed(time.Unix(1_000_000, 0)), 1000)
	account, address := Limit{Count: 20, Per: 10 * time.Minute}, Limit{Count: 60, Per: 10 * time.Minute}
	for range 20 {
		s.Allow(context.Background(), "account", account)
	}
	for i := range 20_000 {
		s.Allow(context.Background(), fmt.Sprint("address", i), address)
		if ok, _ := s.Allow(context.Background(), "account", account); ok || len(s.full) > 1000 {
			t.Fatalf("after %d new keys: allowed %v, %d entries", i, ok, len(s.full))
		}
	}
}

func TestClockSetBackPunishesNobody(t *testing.T) {
	c := clock.NewFixed(time.Unix(1_000_000, 0))
	s := newCounters(c, 10)
	limit := Limit{Count: 1, Per: time.Minute}
	s.Allow(context.Background(), "k", limit)
	c.Add(-24 * time.Hour)
	if _, wait := s.Allow(context.Background(), "k", limit); wait > time.Minute {
		t.Fatalf("must wait %v", wait)
	}
}

func BenchmarkMemoryAllow(b *testing.B) {
	s := newCounters(clock.System{}, maxCounters)
	limit := Limit{Count: 5, Per: time.Minute}
	keys := make([]string, 100_000)
	for i := range keys {
		keys[i] = fmt.Sprint("client", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Allow(context.Background(), keys[i%len(keys)], limit)
	}
}
