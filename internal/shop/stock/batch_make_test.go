package stock_test

import (
	"context"
	"errors"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/voucher"
)

// ending has a router do the first vouchers of a part and answers the rest with an error, when
// the time of the job is over.
type ending struct {
	hotspot.Driver
	does int
	rest error
	over func()
}

func (e *ending) answer(done []error, all int) []error {
	for range all - e.does {
		done = append(done, e.rest)
	}
	e.over()
	return done
}

func (e *ending) AddUsers(ctx context.Context, r hotspot.Router, users []hotspot.User) []error {
	return e.answer(e.Driver.AddUsers(ctx, r, users[:e.does]), len(users))
}

func (e *ending) DisableUsers(ctx context.Context, r hotspot.Router, names []string) []error {
	return e.answer(e.Driver.DisableUsers(ctx, r, names[:e.does]), len(names))
}

func routerFailure(k *shoptest.Harness, id string) string {
	k.Helper()
	states, err := k.Store.RouterStates(ctx)
	k.Must(err)
	for _, s := range states {
		if s.ID == id {
			return s.Failure
		}
	}
	return ""
}

// A router that was not asked for lack of time is well, and its batch goes on. One whose
// answer was lost is not, also when there was no time left to look for what became of it.
func TestLackOfTimeIsNoFailureOfTheRouter(t *testing.T) {
	reset := errors.New("connection reset")
	lost := fault.Wrap(fault.Unknown, "router.unreachable", reset)
	unread := fault.Wrap(fault.Unknown, "router.unreachable", errors.Join(reset, hotspot.ErrBusy.With(context.DeadlineExceeded)))
	var rows []shoptest.Row
	for _, c := range []struct {
		name   string
		makes  int
		rest   error
		waits  bool
		failed string
	}{
		{"no time for the rest", 2, hotspot.ErrBusy, false, ""},
		{"no time for any", 0, hotspot.ErrBusy.With(context.DeadlineExceeded), true, ""},
		{"an answer is lost", 2, lost, true, "router.unreachable"},
		{"an answer is lost and not looked for", 2, unread, true, "router.unreachable"},
		{"no answer came and none was looked for", 0, unread, true, "router.unreachable"},
		{"it was not there", 0, fault.New(fault.Unavailable, "router.unreachable"), true, "router.unreachable"},
	} {
		rows = append(rows, shoptest.Row{Name: c.name, Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.NewBatch("sehari", "pojok", 3)
			k.Must(k.Shop.Stock.MakeBatch(ctx, k.LeaseAndDie())) // draws the rows
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			k.Shop.Stock.Hotspot = &ending{k.Shop.Hotspot, c.makes, c.rest, cancel}
			err := k.Shop.Stock.MakeBatch(over, k.LeaseAndDie())
			if _, waits := jobs.AsSnooze(err); waits != c.waits || (err != nil) != c.waits {
				t.Errorf("%v, waits shall be %v", err, c.waits)
			}
			if got := routerFailure(k, "pojok"); got != c.failed {
				t.Errorf("the router's failure is %q, not %q", got, c.failed)
			}
			left, err := k.Store.UnmadeVouchers(ctx, b.ID, 10)
			if k.Must(err); len(left) != 3-c.makes {
				t.Errorf("%d vouchers are not made, and %d were", len(left), c.makes)
			}
		}})
	}
	shoptest.Run(t, rows)
}

// A part of a batch ends as its router answered, also when the job's time is over by then.
func TestPartsEndAfterTheirTimeIsOver(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a login that is refused stops the batch", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.NewBatch("sehari", "pojok", 3)
			k.Must(k.Shop.Stock.MakeBatch(ctx, k.LeaseAndDie()))
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			k.Shop.Stock.Hotspot = &ending{k.Shop.Hotspot, 0, fault.New(fault.Config, "router.login_rejected"), cancel}
			if err := k.Shop.Stock.MakeBatch(over, k.LeaseAndDie()); !jobs.IsFinal(err) {
				t.Error(err)
			}
			if now, err := k.Store.Batch(ctx, b.ID); err != nil || now.State != voucher.BatchStopped || now.Problem != "router.login_rejected" {
				t.Errorf("the batch is %s (%s) %v", now.State, now.Problem, err)
			}
			k.WantAlert("batch_stopped")
		}},
		{Name: "vouchers that are disabled are so in the books", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 3)
			_, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:admin"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang"})
			k.Must(err)
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			k.Shop.Stock.Hotspot = &ending{k.Shop.Hotspot, 2, fault.New(fault.Unavailable, "router.unreachable"), cancel}
			if err := k.Shop.Stock.DisableBatchJob(over, k.LeaseAndDie()); err != nil {
				t.Error(err)
			}
			left, err := k.Store.StillEnabledOnRouter(ctx, b.ID, 10)
			if k.Must(err); len(left) != 1 {
				t.Errorf("%d are enabled, want 1", len(left))
			}
			cancelled, cancel := context.WithCancel(ctx)
			defer cancel()
			k.Shop.Stock.Hotspot = &ending{k.Shop.Hotspot, 0, fault.New(fault.Unavailable, "router.unreachable"), cancel}
			if waits, ok := jobs.AsSnooze(k.Shop.Stock.DisableBatchJob(cancelled, k.LeaseAndDie())); !ok || !waits.BlockQueue {
				t.Errorf("the queue of the router does not wait: %v", waits)
			}
		}},
	})
}
