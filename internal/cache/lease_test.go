package cache

import (
	"crypto/rand"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLeaseIsExclusive(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		var holders atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, ok := b.Acquire(t.Context(), "sweep", time.Hour); ok {
					holders.Add(1)
				}
			})
		}
		all.Wait()
		if holders.Load() != 1 {
			t.Fatalf("%d holders", holders.Load())
		}
		if _, ok := b.Acquire(t.Context(), "other", time.Hour); !ok {
			t.Fatal("keys are not independent")
		}
		if free, ok := b.Acquire(t.Context(), "short", 0); ok || free == nil {
			t.Fatal("a lease without time")
		}
	})
}

func TestLeaseEndsByReleaseAndByTime(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		take := func(ttl time.Duration) (func(), bool) { return b.Acquire(t.Context(), "k", ttl) }
		free, ok := take(time.Hour)
		if !ok {
			t.Fatal("free lease refused")
		}
		free()
		free()
		old, ok := take(300 * time.Millisecond)
		if !ok {
			t.Fatal("released lease refused")
		}
		if _, ok := take(time.Hour); ok {
			t.Fatal("held lease given")
		}
		until(t, "the lease runs out", b.step, func() bool { _, ok := take(time.Hour); return ok })
		old() // must not end the lease of the next holder
		if _, ok := take(time.Hour); ok {
			t.Fatal("an old holder released somebody else's lease")
		}
	})
}

func TestLeaseAcrossProcesses(t *testing.T) {
	url, prefix := redisURL(t), rand.Text()
	a, b := open(t, url, prefix, io.Discard), open(t, url, prefix, io.Discard)
	free, ok := a.Acquire(t.Context(), "k", time.Hour)
	if !ok {
		t.Fatal("free lease refused")
	}
	if _, ok := b.Acquire(t.Context(), "k", time.Hour); ok {
		t.Fatal("held by two processes")
	}
	free()
	freeB, ok := b.Acquire(t.Context(), "k", time.Hour)
	if !ok {
		t.Fatal("the refusal left something behind, or the release did not arrive")
	}
	freeB()
}
