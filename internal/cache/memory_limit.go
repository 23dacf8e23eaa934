package cache

import (
	"context"
	"sync"
	"time"

	"gerai/internal/clock"
)

// maxCounters bounds the memory of the in-process limiter to a few megabytes.
const maxCounters = 50_000

// counters is GCRA in a map: per key the time at which its whole allowance
// will be back.
type counters struct {
	clock clock.Clock
	max   int

	mu   sync.Mutex
	full map[string]time.Time
}

func newCounters(c clock.Clock, max int) *counters {
	return &counters{clock: c, max: max, full: make(map[string]time.Time)}
}

func (c *counters) Allow(ctx context.Context, key string, l Limit) (bool, time.Duration) {
	return c.AllowN(ctx, key, l, 1)
}

func (c *counters) AllowN(_ context.Context, key string, l Limit, n int) (bool, time.Duration) {
	if n < 1 {
		return true, 0
	}
	if !l.admits(n) {
		return false, l.Per
	}
	each := l.Per / time.Duration(l.Count)
	whole := each * time.Duration(l.Count)

	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	at, known := c.full[key]
	if at.Before(now) {
		at = now
	}
	if at.After(now.Add(whole)) {
		// The clock was set back. Keeping the time, or cutting it to a spent
		// allowance, would refuse every caller until the old time is reached again.
		at = now
	}
	next := at.Add(each * time.Duration(n))
	if wait := next.Add(-whole).Sub(now); wait > 0 {
		return false, wait
	}
	if !known {
		c.makeRoom(now)
	}
	c.full[key] = next
	return true, 0
}

func (c *counters) GiveBack(_ context.Context, key string, l Limit) {
	if !l.admits(1) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, known := c.full[key]; known {
		c.full[key] = at.Add(-l.Per / time.Duration(l.Count))
	}
}

// makeRoom looks at a few keys for every new one: what is whole again is
// dropped, and when the map is full the one nearest to whole has to go. A flood
// of keys can therefore make the limiter forget, but never make it grow.
func (c *counters) makeRoom(now time.Time) {
	const look = 8
	var (
		seen    int
		nearest string
		soonest time.Time
	)
	for key, at := range c.full { // starts at a random place
		if !at.After(now) {
			delete(c.full, key)
		} else if soonest.IsZero() || at.Before(soonest) {
			nearest, soonest = key, at
		}
		if seen++; seen == look {
			break
		}
	}
	if len(c.full) >= c.max {
		delete(c.full, nearest)
	}
}
