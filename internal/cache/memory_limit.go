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
	keys []string // of full, in the order in which they are looked at
	next int      // in keys
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
		c.keys = append(c.keys, key)
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

// makeRoom looks at the next few keys for every new one: what is whole again is
// dropped, and when the map is full the one nearest to whole has to go. A flood
// of keys can therefore make the limiter forget, but never make it grow. All keys
// are looked at once while an eighth of them arrive.
func (c *counters) makeRoom(now time.Time) {
	const look = 8
	nearest, soonest := 0, time.Time{}
	for range min(look, len(c.keys)) {
		if c.next >= len(c.keys) {
			c.next = 0
		}
		at := c.full[c.keys[c.next]]
		if !at.After(now) {
			c.drop(c.next)
			continue // another key has taken its place
		}
		if soonest.IsZero() || at.Before(soonest) {
			nearest, soonest = c.next, at
		}
		c.next++
	}
	if len(c.full) >= c.max { // so none was dropped above, and nearest is where it was
		c.drop(nearest)
	}
}

// drop forgets keys[i]; the last key takes its place.
func (c *counters) drop(i int) {
	delete(c.full, c.keys[i])
	last := len(c.keys) - 1
	c.keys[i], c.keys[last] = c.keys[last], ""
	c.keys = c.keys[:last]
}
