package alerts_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

func TestDeadJobsRaiseAnAlert(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t)
	err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderReconcile, Queue: jobs.QueueDefault, Subject: "no-such-order", DueAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		k.Advance(30 * time.Second)
	}
	k.WantAlert("job_dead")
}
