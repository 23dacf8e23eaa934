package cache

import (
	"context"
	"sync"
	"time"

	"gerai/internal/clock"
)

// leases remembers who holds what in this process.
type leases struct {
	clock clock.Clock

	mu    sync.Mutex
	held  map[string]lease
	count uint64
}

type lease struct {
	number uint64
	until  time.Duration // by the time that passes, so that setting the clock ends and prolongs nothing
}

func newLeases(c clock.Clock) *leases {
	return &leases{clock: c, held: make(map[string]lease)}
}

func (s *leases) Acquire(_ context.Context, key string, ttl time.Duration) (func(), bool) {
	if ttl < time.Millisecond {
		return func() {}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := clock.Elapsed(s.clock)
	if l, found := s.held[key]; found && now < l.until {
		return func() {}, false
	}
	for k, l := range s.held { // few are held at a time, so sweeping all is cheap
		if now >= l.until {
			delete(s.held, k)
		}
	}
	s.count++
	mine := s.count
	s.held[key] = lease{number: mine, until: now + ttl}
	return func() { s.release(key, mine) }, true
}

func (s *leases) release(key string, number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[key].number == number {
		delete(s.held, key)
	}
}
