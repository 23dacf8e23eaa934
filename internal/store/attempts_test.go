package store_test

import (
	"testing"
	"time"

	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// A caller that was slow to write down its failure takes nothing from the one
// that asks the gateway by now: what that one makes is still looked for.
func TestALateReleaseTakesNothing(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		id, now := "a"+string(o.ID), o.CreatedAt
		lease := func(at time.Time, asked bool) (until time.Time) {
			until = at.Add(2 * time.Second)
			f.Write(func(tx *store.Tx) error {
				leased, had, err := tx.LeaseAttempt(ctx, id, at, until, at.Add(10*time.Second))
				if !leased || had != asked {
					t.Errorf("at %s: leased %v, asked before %v", at, leased, had)
				}
				return err
			})
			return until
		}
		first := lease(now, false)
		second := lease(now.Add(3*time.Second), true)
		f.Write(func(tx *store.Tx) error { return tx.ReleaseAttempt(ctx, id, first, now, true) })
		f.Write(func(tx *store.Tx) error {
			leased, _, err := tx.LeaseAttempt(ctx, id, now.Add(4*time.Second), now.Add(6*time.Second), now.Add(14*time.Second))
			if leased {
				t.Error("two callers at once")
			}
			return err
		})
		if found, err := f.Attempt(ctx, o.ID, 1); err != nil || found.AskedAt.IsZero() {
			t.Errorf("the gateway was asked: %+v %v", found, err)
		}
		f.Write(func(tx *store.Tx) error { return tx.ReleaseAttempt(ctx, id, second, now, true) })
		lease(now.Add(5*time.Second), false)
	})
}
