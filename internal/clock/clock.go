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
	mu      sync.Mutex
	at      time.Time
	elapsed time.Duration
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

// Add lets d pass; a negative d sets the clock back and lets no time pass.
func (f *Fixed) Add(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.move(f.at.Add(d).Truncate(time.Millisecond))
}

// Set is Add until t.
func (f *Fixed) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.move(t.UTC().Truncate(time.Millisecond))
}

// Step sets the clock forward or back by d; no time passes.
func (f *Fixed) Step(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = f.at.Add(d).Truncate(time.Millisecond)
}

// Elapsed is the time that has passed.
func (f *Fixed) Elapsed() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.elapsed
}

func (f *Fixed) move(to time.Time) {
	f.elapsed += max(to.Sub(f.at), 0)
	f.at = to
}
