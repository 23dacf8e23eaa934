package store_test

import (
	"testing"
	"time"

	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// What is scheduled for about then is not written again, neither is it put off by a change.
func TestAPollAboutThenStays(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		placed := f.Clock.Now()
		save := func(next time.Time) {
			f.Write(func(tx *store.Tx) error { return tx.SaveOrderAndPoll(ctx, o, next) })
			o.Version++
		}
		due := func(at time.Time) bool {
			found, err := f.PollsDue(ctx, at)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		save(placed.Add(40 * time.Second))
		for _, x := range []struct {
			next time.Duration // since the order was placed
			due  bool          // 40 s after it
		}{{42 * time.Second, true}, {45 * time.Second, true}, {46 * time.Second, false}, {30 * time.Second, true}, {0, false}, {40 * time.Second, true}} {
			var next time.Time
			if x.next > 0 {
				next = placed.Add(x.next)
			}
			save(next)
			if got := due(placed.Add(40 * time.Second)); got != x.due {
				t.Errorf("next after %s: due %v", x.next, got)
			}
		}
	})
}
