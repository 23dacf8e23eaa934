package clock

import "time"

// Skew is how far two clocks of one shop may differ, and how far one may be set
// back, before an instant ahead of the present counts as written by a wrong
// clock.
const Skew = 5 * time.Second

// steady is a clock that also measures how much time passed, whatever it is
// set to.
type steady interface{ Elapsed() time.Duration }

var started = time.Now()

// Elapsed is the time that passed since an arbitrary start. It never goes back
// and does not jump when the clock is set: waits within one process end by it.
func Elapsed(c Clock) time.Duration {
	if s, ok := c.(steady); ok {
		return s.Elapsed()
	}
	return time.Since(started)
}

// Within reports whether an instant lies at most d before now. One ahead of now
// was written by a wrong clock and lies in no such span, so that no pause is
// prolonged by setting the clock back.
func Within(at, now time.Time, d time.Duration) bool {
	age := now.Sub(at)
	return age >= -Skew && age < d
}
