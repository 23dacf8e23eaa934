package testenv

import (
	"testing"
	"time"
)

// Poll intervals of Eventually: quick at first, gentle on a busy machine later.
const (
	firstLook = time.Millisecond
	lastLook  = 50 * time.Millisecond
)

// Eventually asks until the condition is done. When the timeout is over, the
// test fails at once with the last why. The condition runs at least once, on the
// calling goroutine. Inside one process, prefer to wait for a signal.
func Eventually(t testing.TB, timeout time.Duration, condition func() (done bool, why string)) {
	t.Helper()
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		done, why := condition()
		if done {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("not within %v: %s", timeout, why)
			return
		case <-time.After(pause):
		}
	}
}
