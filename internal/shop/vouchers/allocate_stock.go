package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// stockBusy is how long an order waits when every ready voucher is locked by an
// unfinished transaction of another order.
const stockBusy = 100 * time.Millisecond

// allocateStock gives a paid order a voucher that lies ready on one of the routers.
// Taking it and writing that the order has it is one transaction and asks no
// router: a crash leaves the voucher in the stock or the order with it, never
// anything between. done is also true when the order needs nothing any more;
// false means that nothing lies ready.
func (s *Service) allocateStock(ctx context.Context, j jobs.Job, o order.Order, routers []catalog.Router) (done bool, err error) {
	if routers, err = s.healthyFirst(ctx, routers); err != nil {
		return false, err
	}
	taken, busy := false, false
	_, _, err = s.ledger.Change(ctx, actor.Server, "order.activate", o.ID, func(tx *store.Tx, now *order.Order) error {
		done, taken, busy = false, false, false
		_, facts, err := tx.Facts(ctx, now.ID)
		if err != nil {
			return err
		}
		if !order.Derive(facts, tx.Now()).Activate {
			done = true // delivered, or its money is going back
			return ledger.ErrUnchanged
		}
		if has, err := mayHaveUser(ctx, tx, *now); err != nil || has {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		for _, r := range routers {
			v, b, found, waits, err := s.reserveReady(ctx, tx, *now, r)
			busy = busy || waits
			if err != nil || !found {
				if err != nil {
					return err
				}
				continue
			}
			done, taken = true, true
			if err := s.assignVoucher(ctx, tx, now, v, b, r); err != nil {
				return err
			}
			return s.ledger.Finish(ctx, tx, j)
		}
		return ledger.ErrUnchanged
	})
	switch {
	case err != nil:
		return false, fmt.Errorf("deliver order %s from stock: %w", o.ID, err)
	case taken:
		s.CountStock(ctx)
	case busy:
		return false, &jobs.Snooze{After: stockBusy, Err: fault.New(fault.Unavailable, "stock.not_ready")}
	}
	return done, nil
}

// mayHaveUser reports whether a router may have a user for an order, so that a voucher of the
// stock would be a second one.
func mayHaveUser(ctx context.Context, tx *store.Tx, o order.Order) (bool, error) {
	if o.RouterTouched || o.Item.Delivery == order.OnlyStock { // of that one nothing but an extension was asked
		return o.RouterTouched, nil
	}
	former, err := tx.FormerOfOrder(ctx, o.ID)
	return slices.ContainsFunc(former, func(f store.FormerRouter) bool { return f.LeftAt.IsZero() }), err
}

// healthyFirst puts routers that failed last to the end.
func (s *Service) healthyFirst(ctx context.Context, routers []catalog.Router) ([]catalog.Router, error) {
	if len(routers) < 2 {
		return routers, nil
	}
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return nil, err
	}
	ill := map[string]int{}
	for _, r := range states {
		if r.Failure != "" {
			ill[r.ID] = 1
		}
	}
	routers = slices.Clone(routers)
	slices.SortStableFunc(routers, func(a, b catalog.Router) int { return cmp.Compare(ill[a.ID], ill[b.ID]) })
	return routers, nil
}

// reserveReady takes the first voucher on a router that gives what was sold. busy
// reports that there was one which another transaction has locked.
func (s *Service) reserveReady(ctx context.Context, tx *store.Tx, o order.Order, r catalog.Router) (v store.Voucher, b store.Batch, found, busy bool, err error) {
	for after := ""; ; after = b.ID {
		if b, found, err = readyBatch(ctx, tx, o, r, after); err != nil || !found {
			return v, b, false, busy, err
		}
		if v, found, err = tx.ReserveReady(ctx, o.Item.PlanID, r.ID, b.ID); err != nil || found {
			return v, b, found, busy, err
		}
		busy = true
	}
}

// readyBatch is the next batch, after one, with a voucher that lies ready on a
// router and gives what was sold.
func readyBatch(ctx context.Context, from interface {
	NextReady(ctx context.Context, planID, routerID, after string) (string, bool, error)
	Batch(context.Context, string) (store.Batch, error)
}, o order.Order, r catalog.Router, after string) (store.Batch, bool, error) {
	for {
		id, found, err := from.NextReady(ctx, o.Item.PlanID, r.ID, after)
		if err != nil || !found {
			return store.Batch{}, false, err
		}
		b, err := from.Batch(ctx, id)
		if err != nil || Gives(b, r, o.Item) {
			return b, err == nil, err
		}
		after = id
	}
}

// Gives reports whether the vouchers of a batch are on their router as an item
// was sold.
func Gives(b store.Batch, r catalog.Router, x order.Item) bool {
	return voucher.Gives(b.Item, x) && (b.Server == "" || b.Server == r.Server)
}

// assignVoucher makes a voucher of the stock the order's own.
func (s *Service) assignVoucher(ctx context.Context, tx *store.Tx, o *order.Order, v store.Voucher, b store.Batch, r catalog.Router) error {
	v.OrderID, v.SoldAt, v.SoldBy = o.ID, tx.Now(), actor.Server.AuditName
	if v.ValidUntil = WithItem(v, o.Item).EndsAt(); !v.ValidUntil.IsZero() {
		if err := s.ledger.Enqueue(ctx, tx, ExpiryJob(o.ID, r.ID, v.ValidUntil)); err != nil {
			return err
		}
	}
	if err := s.ledger.NoteClock(ctx, tx, store.ErrorSold, v.ID); err != nil {
		return err
	}
	sold, err := tx.SellStock(ctx, v)
	if err == nil && !sold {
		err = fault.New(fault.Conflict, "stock.not_for_sale")
	}
	if err != nil {
		return err
	}
	o.Username, o.Password, o.RouterID, o.RouterTouched, o.ValidUntil = v.Username, v.Password, r.ID, true, v.ValidUntil
	tx.Audit("stock.deliver", "batch:"+b.ID, map[string]any{"order": string(o.ID), "no": v.No})
	return s.handOver(ctx, tx, *o, r)
}

// mostStarved is how many waiting orders are read at once, and how many of one
// plan a look lets try again.
const mostStarved = 50

// retryAllocations lets orders try again that waited for stock which is there now, as
// many of each plan as there are vouchers.
func (s *Service) retryAllocations(ctx context.Context) error {
	left := map[string]int{}
	for after := (store.Cursor{}); ; {
		waiting, err := s.Store.StarvedOrders(ctx, after, mostStarved)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for _, o := range waiting {
			n, known := left[o.Item.PlanID]
			if !known {
				if n, err = s.Store.StockUpTo(ctx, o.Item.PlanID, mostStarved); err != nil {
					return err
				}
			}
			if n > 0 {
				again, err := s.retryAllocation(ctx, o)
				if err != nil {
					return err
				}
				if again {
					n--
				}
			}
			left[o.Item.PlanID] = n
		}
		last := waiting[len(waiting)-1]
		after = store.Cursor{CreatedAt: last.CreatedAt, ID: last.ID}
	}
}

// retryAllocation lets an order try again if a voucher for it lies ready.
func (s *Service) retryAllocation(ctx context.Context, o order.Order) (bool, error) {
	try, err := s.candidates(ctx, o)
	if err != nil {
		return false, err
	}
	for _, r := range try.stock {
		_, found, err := readyBatch(ctx, s.Store, o, r, "")
		if err != nil {
			return false, err
		}
		if found {
			if err := s.Retry(ctx, actor.Server, o.ID); err != nil && !fault.Is(err, fault.Conflict) {
				return false, err
			}
			return true, nil
		}
	}
	return false, nil
}
