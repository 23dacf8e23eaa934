package clock

import (
	"sync"
	"time"
)

// Clock tells the time in UTC, truncated to milliseconds.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Fixed is a clock that moves only when told to. Its zero value stands at the
// zero time; it is safe for use by several goroutines.
type Fixed struct {
	mu sync.Mutex
	at time.Time
}

// NewFixed returns a clock standing at t.
func NewFixed(t time.Time) *Fixed {
	return &Fixed{at: t.UTC().Truncate(time.Millisecond)}
}

// Now returns the time it stands at.
func (f *Fixed) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// Add moves the clock by d, backwards when d is negative.
func (f *Fixed) Add(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = f.at.Add(d).Truncate(time.Millisecond)
}

// Set moves the clock to t.
func (f *Fixed) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = t.UTC().Truncate(time.Millisecond)
}
