package bench

import (
	"sync"
	"time"
)

// loadClock is the time that a load runs on; tests hand in another one.
type loadClock struct {
	now   func() time.Time
	until func(time.Time) // waits
}

var wallClock = loadClock{now: time.Now, until: func(t time.Time) { <-time.After(time.Until(t)) }}

// openLoop calls fn rate times a second for a while, each call in a goroutine of its own and at a fixed time, whether
// earlier calls have returned or not: customers do not wait until a slow shop has served the others. fn gets the time at which it was
// due; what it measures counts from there, so that a call which began late does not look short. It returns how late each call was begun
// (the generator's own delay) once all calls have returned.
func openLoop(c loadClock, rate float64, span time.Duration, fn func(i int, due time.Time)) (late times) {
	var all sync.WaitGroup
	start := c.now()
	for i := range int(rate * span.Seconds()) {
		due := start.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		if due.After(c.now()) {
			c.until(due)
		}
		late = append(late, c.now().Sub(due))
		all.Go(func() { fn(i, due) })
	}
	all.Wait()
	return late
}
