package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

const (
	// watchedEvery is how often an order with an open page is read. Together
	// with the sweep's own pace it stays under ten seconds.
	watchedEvery = 7 * time.Second
	// SweepBatch is how many orders one gateway call covers.
	SweepBatch = 50
	// sweepHold keeps other replicas from taking the same orders during a sweep.
	sweepHold = 30 * time.Second
)

// Sweep looks at every order whose gateway read is due: one listing call for
// up to fifty charges, then a full Reconcile for those that changed. It is the
// net under lost webhooks, and it closes orders whose time is over. It returns
// how many orders it looked at.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	now := s.Clock.Now()
	if err := s.pullPolls(ctx, now); err != nil {
		return 0, err
	}
	// Most rounds find nothing: a read spares the one writer a transaction a second.
	if found, err := s.Store.PollsDue(ctx, now); err != nil || !found {
		return 0, err
	}
	var due []order.Order
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) (err error) {
		due, err = tx.LeasePolls(ctx, now, now.Add(sweepHold), SweepBatch)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	read, changed, err := s.listCharges(ctx, due)
	var errs []error
	if err != nil {
		errs = append(errs, err)
	}
	for _, o := range due {
		errs = append(errs, s.sweepOne(ctx, o, read[o.ID], changed[o.ID]))
	}
	return len(due), errors.Join(errs...)
}

// pullPolls makes the reads due that a clock scheduled which was set back
// since.
func (s *Service) pullPolls(ctx context.Context, now time.Time) error {
	after := now.Add(clock.Skew)
	ahead, err := s.Store.PollsAhead(ctx, after)
	if err != nil || !ahead {
		return err
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.PullPolls(ctx, after) })
}

// listCharges asks for all known charges of the orders at once. read says
// which orders were fully covered by the answer, changed which need a closer
// look.
func (s *Service) listCharges(ctx context.Context, due []order.Order) (read, changed map[order.ID]bool, err error) {
	read, changed = map[order.ID]bool{}, map[order.ID]bool{}
	owner := map[string]order.Attempt{}
	var ids []string
	for _, o := range due {
		attempts, err := s.Store.Attempts(ctx, o.ID)
		if err != nil {
			return nil, nil, err
		}
		read[o.ID] = true
		for _, a := range attempts {
			switch {
			case !ledger.NeedsLookup(a, ""):
			case a.GatewayID == "":
				changed[o.ID] = true
			default:
				owner[a.GatewayID] = a
				ids = append(ids, a.GatewayID)
			}
		}
	}
	for start := 0; start < len(ids); start += SweepBatch {
		part := ids[start:min(start+SweepBatch, len(ids))]
		charges, err := s.listPart(ctx, part)
		if err != nil {
			for _, id := range ids[start:] {
				read[owner[id].OrderID] = false
			}
			return read, changed, err
		}
		for _, c := range charges {
			if a, ok := owner[c.GatewayID]; ok && moved(a, c) {
				changed[a.OrderID] = true
			}
		}
	}
	return read, changed, nil
}

func (s *Service) listPart(ctx context.Context, ids []string) ([]payments.Charge, error) {
	if err := s.allowSweep(ctx); err != nil {
		return nil, err
	}
	charges, err := s.Gateway.List(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("list %d charges: %w", len(ids), err)
	}
	return charges, nil
}

// moved reports whether the gateway's word differs from ours.
func moved(a order.Attempt, c payments.Charge) bool {
	switch c.Status {
	case payments.Pending, payments.Unrecognised:
		return false
	case payments.Paid:
		return true
	}
	return a.State == order.Open
}

// sweepOne reconciles an order that changed, or else only notes that it was
// looked at, which also closes it when its time is over.
func (s *Service) sweepOne(ctx context.Context, o order.Order, read, changed bool) (err error) {
	over := false
	if s.overdue(o) && s.ledger.Ends(ctx) {
		if o, err = s.Store.Order(ctx, o.ID); err != nil { // a wrong clock may have written its times
			return err
		}
		over = s.overdue(o)
	}
	if changed {
		_, err := s.Reconcile(ctx, o.ID, "")
		if err == nil || !over {
			return err
		}
		s.Log.WarnContext(ctx, "closing an order the gateway cannot be asked about", "order", o.ID, "error", err)
	}
	if !read && !over {
		return nil
	}
	_, _, err = s.ledger.Change(ctx, actor.Server, "", o.ID, func(tx *store.Tx, now *order.Order) error {
		if read {
			now.CheckedAt = tx.Now()
		}
		return nil
	})
	return err
}

// overdue reports whether the order must be closed even if the gateway cannot
// be asked: money that still comes is then simply late.
func (s *Service) overdue(o order.Order) bool {
	return o.Status == order.Pending && s.Clock.Now().After(o.ExpiresAt.Add(order.Grace))
}
