package stock_test

import (
	"context"
	"errors"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/shop/shoptest"
)

// ending has a router make the first vouchers of a part and answers the rest with an error.
type ending struct {
	hotspot.Driver
	makes int
	rest  error
}

func (e *ending) AddUsers(ctx context.Context, r hotspot.Router, users []hotspot.User) []error {
	out := e.Driver.AddUsers(ctx, r, users[:e.makes])
	for range users[e.makes:] {
		out = append(out, e.rest)
	}
	return out
}

// A router that was not asked for lack of time is well, and its batch goes on. One whose
// answer was lost is not, also when there was no time left to look for what became of it.
func TestLackOfTimeIsNoFailureOfTheRouter(t *testing.T) {
	lost := fault.Wrap(fault.Unknown, "router.unreachable", errors.New("connection reset"))
	unread := fault.Wrap(fault.Unknown, "router.unreachable", errors.Join(lost.Err, hotspot.ErrBusy.With(context.DeadlineExceeded)))
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
			k.NewBatch("sehari", "pojok", 3)
			k.Must(k.Shop.Stock.MakeBatch(ctx, k.LeaseAndDie())) // draws the rows
			k.Shop.Stock.Hotspot = &ending{k.Shop.Hotspot, c.makes, c.rest}
			err := k.Shop.Stock.MakeBatch(ctx, k.LeaseAndDie())
			if waits := (*jobs.Snooze)(nil); errors.As(err, &waits) != c.waits || (err != nil) != c.waits {
				t.Errorf("%v, waits shall be %v", err, c.waits)
			}
			states, err := k.Store.RouterStates(ctx)
			k.Must(err)
			for _, s := range states {
				if s.ID == "pojok" && s.Failure != c.failed {
					t.Errorf("the router's failure is %q, not %q", s.Failure, c.failed)
				}
			}
		}})
	}
	shoptest.Run(t, rows)
}
