package store_test

import (
	"testing"
	"time"

	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// Of two replicas that put the same order right, one moves it.
func TestOrderTimesAreMovedOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Order()
		f.Write(func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) })
		for _, want := range []bool{true, false} {
			f.Write(func(tx *store.Tx) error {
				moved, err := tx.MoveOrderTimes(ctx, o.ID, o.CreatedAt, -7*time.Hour)
				if moved != want {
					t.Errorf("moved: %v", moved)
				}
				return err
			})
		}
		now, err := f.OrderByToken(ctx, o.Token)
		if err != nil || !now.ExpiresAt.Equal(o.ExpiresAt.Add(-7*time.Hour)) {
			t.Fatal(now.ExpiresAt, err)
		}
	})
}
