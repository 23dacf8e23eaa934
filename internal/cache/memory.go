package cache

import (
	"context"

	"gerai/internal/clock"
)

// memory serves one process: three parts that know nothing of each other.
type memory struct {
	*counters
	*hub
	*leases
}

// NewMemory returns a cache for a single process. It starts no goroutine.
func NewMemory(c clock.Clock) Cache { return newMemory(c) }

func newMemory(c clock.Clock) *memory {
	return &memory{counters: newCounters(c, maxCounters), hub: newHub(), leases: newLeases(c)}
}

// Healthy is always nil: there is nothing to lose touch with.
func (m *memory) Healthy(context.Context) error { return nil }

// Close ends every subscription.
func (m *memory) Close() error {
	m.hub.close()
	return nil
}
