package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// routerRetry bounds the wait before a router that was away is tried again:
// short, because customers stand in front of it.
const (
	RouterRetryFirst = time.Second
	routerRetryMost  = 8 * time.Second
	// refundRetry is when an order is looked at again whose money may have gone back.
	refundRetry = 5 * time.Second
)

// Activate makes the voucher of a paid order work on its router and records it as
// activated. The router is called outside any transaction and the call is idempotent:
// after a crash on either side of it the job runs again.
func (s *Service) Activate(ctx context.Context, j jobs.Job) error {
	o, facts, err := s.Store.Facts(ctx, order.ID(j.Subject))
	if err != nil {
		return err
	}
	v := order.Derive(facts, s.Clock.Now())
	if !v.Activate || o.Status != order.Paid {
		return s.deactivateRefunded(ctx, j, o.ID)
	}
	if ledger.DelayedAhead(o, s.Clock.Now()) {
		if o, err = s.ledger.Rederive(ctx, o.ID); err != nil || o.Status != order.Paid {
			return err
		}
	}
	if wait := o.ActivateAt.Sub(s.Clock.Now()); wait > 0 {
		return &jobs.Snooze{After: wait, Err: fault.New(fault.Unavailable, "order.delayed")}
	}
	if unread, err := s.ledger.RefundsUnread(ctx, o); err != nil || unread {
		if err == nil {
			err = &jobs.Snooze{After: refundRetry, Err: ledger.ErrHeld}
		}
		return err
	}
	if o.Extends != "" {
		if handled, err := s.extendVoucher(ctx, j, &o); handled || err != nil {
			return err
		}
	}
	try, err := s.candidates(ctx, o)
	if err != nil {
		return err
	}
	if len(try.routers) == 0 {
		return s.problem(ctx, o, order.ReasonNoRouter, fault.New(fault.Config, "site.no_router"))
	}
	if o.Remade() && !o.RouterTouched {
		r, adopted, err := s.adoptUser(ctx, j, &o, &try)
		switch {
		case err != nil || o.Status != order.Paid:
			return err
		case adopted:
			return s.activated(ctx, j, o, r, catalog.Router{}, nil) // the router has what was delivered, and what lengthened it
		}
	}
	if o.Item.Delivery.Stocked() && !o.RouterTouched {
		if done, err := s.allocateStock(ctx, j, o, try.stock); done || err != nil {
			return err
		}
		if o.Item.Delivery == order.OnlyStock {
			return s.problem(ctx, o, order.ReasonOutOfStock, fault.New(fault.Conflict, "stock.sold_out"))
		}
	}
	// Whether a router may have been asked for a user is written down first
	// where there is another way to deliver.
	pinned := try.failover || o.Item.Delivery.Stocked() || o.RouterTouched
	for i, r := range try.routers {
		asked := o.RouterTouched && o.RouterID == r.ID // before, and it may have done it
		if pinned {
			if err := s.pinDelivery(ctx, &o, r.ID); err != nil || o.Status != order.Paid {
				return err
			}
		}
		_, fresh, err := s.apply(ctx, r, s.FactsOf(o))
		if err == nil {
			return s.activated(ctx, j, o, r, try.preferred, fresh)
		}
		if pinned && !asked && try.notAsked(err) {
			if pinErr := s.pin(ctx, &o, r.ID, false); pinErr != nil {
				return pinErr
			}
		}
		if pinned && try.notAsked(err) && i < len(try.routers)-1 {
			if err := s.ledger.RouterFailed(ctx, r, err); err != nil {
				return err
			}
			continue
		}
		return s.notActivated(ctx, j, o, r, try, err)
	}
	return nil
}

// activated writes the activation fact and what follows from it.
// preferred is the router that would have been asked first, were it not away; made is the user
// that it was given, nil where it may have been used before.
func (s *Service) activated(ctx context.Context, j jobs.Job, o order.Order, r, preferred catalog.Router, made *hotspot.User) error {
	unseen, err := s.ledger.Unseen(ctx, r)
	if err != nil {
		return err
	}
	record := func(tx *store.Tx, now *order.Order) error {
		if now.Status == order.Refunded {
			return ledger.ErrUnchanged // the money went back during the call
		}
		if now.Username != o.Username {
			// Another worker renamed the order's user during the call: this router user
			// is not the one that the customer will see. Look again.
			return fault.New(fault.Conflict, "order.renamed")
		}
		v := store.Voucher{ID: tx.NewID(), OrderID: o.ID, SiteID: o.SiteID, PlanID: o.Item.PlanID, RouterID: r.ID,
			Username: o.Username, State: voucher.Sold, SoldAt: soldAt(o, tx.Now())}
		v.ValidUntil = WithItem(v, o.Item).EndsAt()
		fresh, err := tx.InsertVoucher(ctx, v, o.CreatedAt)
		if err != nil || !fresh {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		if made != nil {
			tx.AfterCommit(func() { s.noteUnused(v.ID, *made) })
		}
		if err := s.ledger.NoteClock(ctx, tx, store.ErrorSold, v.ID); err != nil {
			return err
		}
		now.RouterID, now.RouterTouched, now.ValidUntil = r.ID, true, v.ValidUntil
		if !v.ValidUntil.IsZero() {
			if err := s.ledger.Enqueue(ctx, tx, ExpiryJob(o.ID, r.ID, v.ValidUntil)); err != nil {
				return err
			}
		}
		if err := s.stoodIn(ctx, tx, v, r, preferred); err != nil {
			return err
		}
		if err := s.stopIfRefunded(ctx, tx, o, r.ID); err != nil {
			return err
		}
		return s.handOver(ctx, tx, o, r)
	}
	ended := false
	now, _, err := s.ledger.ChangeThen(ctx, actor.Server, o.ID, func(tx *store.Tx, now *order.Order) (string, error) {
		ended = false
		return "order.activate", record(tx, now)
	}, func(tx *store.Tx, v order.View) error {
		if v.Status == order.Refunded {
			return nil
		}
		if unseen {
			if err := s.ledger.NoteSeen(ctx, tx, r); err != nil {
				return err
			}
		}
		ended = true
		return s.ledger.Finish(ctx, tx, j)
	})
	if err != nil {
		return fmt.Errorf("note activation of order %s: %w", o.ID, err)
	}
	if now.Status == order.Refunded {
		return s.deactivateRefunded(ctx, j, o.ID)
	}
	if ended {
		return nil
	}
	return s.ledger.RouterSeen(ctx, r)
}

// handOver queues what brings the buyer online: their pass ends and their
// device is logged in.
func (s *Service) handOver(ctx context.Context, tx *store.Tx, o order.Order, r catalog.Router) error {
	if p, found, err := tx.Pass(ctx, o.ID); err != nil {
		return err
	} else if found && p.RemovedAt.IsZero() {
		if err := s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.PassEnd, Queue: jobs.RouterQueue(p.RouterID), Subject: string(o.ID), DueAt: tx.Now()}); err != nil {
			return err
		}
	}
	if o.Hints.MAC == "" || o.Hints.IP == "" {
		return nil
	}
	return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.DeviceConnect, Queue: jobs.RouterQueue(r.ID), Subject: string(o.ID), DueAt: tx.Now()})
}

// notActivated decides what a failed router call means for the order.
func (s *Service) notActivated(ctx context.Context, j jobs.Job, o order.Order, r catalog.Router, try candidates, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	cause = fmt.Errorf("activate order %s on router %s: %w", o.ID, r.ID, cause)
	if fault.Is(cause, fault.Unknown) && len(try.routers) > 0 {
		if err := s.pinDelivery(ctx, &o, r.ID); err != nil {
			return err
		}
	}
	switch fault.KindOf(cause) {
	case fault.Conflict:
		return s.rename(ctx, j, o, cause)
	case fault.Refused:
		return s.problem(ctx, o, order.ReasonRouterRefused, cause)
	case fault.Config:
		if err := s.ledger.RouterFailed(ctx, r, cause); err != nil {
			return err
		}
		return s.problem(ctx, o, order.ReasonRouterConfig, cause)
	case fault.Unavailable, fault.Unknown, fault.Limited:
		if err := s.ledger.RouterFailed(ctx, r, cause); err != nil {
			return err
		}
		if s.Clock.Now().Sub(o.ActivateAt) > s.Patience && s.ledger.Ends(ctx) {
			return s.problem(ctx, o, order.ReasonPatience, cause)
		}
		s.ledger.Tell(ctx, "order retried", o, "step", "activation", "router", r.ID, "failure", fault.CodeOf(cause), "try", j.Snoozes+1)
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, RouterRetryFirst, routerRetryMost), BlockQueue: true, Err: cause}
	}
	return cause
}

// rename gives the voucher another user name, because a foreign user on the
// router has this one. The customer has not seen it yet.
func (s *Service) rename(ctx context.Context, j jobs.Job, o order.Order, cause error) error {
	if j.Attempts >= ledger.Tries {
		return s.problem(ctx, o, order.ReasonRouterRefused, cause)
	}
	_, _, err := s.ledger.Change(ctx, actor.Server, "order.rename", o.ID, func(_ *store.Tx, now *order.Order) error {
		if now.Status != order.Paid || now.Username != o.Username {
			return ledger.ErrUnchanged
		}
		return s.ledger.DrawCredentials(now)
	})
	if err != nil {
		return err
	}
	return cause // counts as an attempt, so it cannot go on for ever
}

// problem stops the order in front of a person.
func (s *Service) problem(ctx context.Context, o order.Order, why order.Reason, cause error) error {
	_, _, err := s.ledger.Change(ctx, actor.Server, "order.problem", o.ID, func(tx *store.Tx, now *order.Order) error {
		if now.Status != order.Paid {
			return ledger.ErrUnchanged
		}
		now.Problem, now.ProblemAt = why, tx.Now()
		return nil
	})
	if err != nil {
		return err
	}
	return &jobs.Give{Err: cause}
}

// Retry clears an order's problem and activates it again.
func (s *Service) Retry(ctx context.Context, by actor.Actor, id order.ID) error {
	_, _, err := s.ledger.Change(ctx, by, "order.retry", id, func(tx *store.Tx, o *order.Order) error {
		if err := order.MayRetry(*o); err != nil {
			return err
		}
		o.Problem, o.ProblemAt, o.ActivateAt = order.NoReason, time.Time{}, tx.Now()
		tx.AfterCommit(func() { s.ledger.Tell(ctx, "order retried", *o, "step", "activation", "by", by.AuditName) })
		return nil
	})
	return err
}

// FreeStopped retries orders that stopped because of a router's settings, now that it lets us
// in, or that this one stands in for it.
func (s *Service) FreeStopped(ctx context.Context, r catalog.Router, _ hotspot.Health) error {
	return s.ledger.Each(ctx, store.OrderFilter{Status: order.Paid, Attention: true}, func(o order.Order) error {
		if o.Problem != order.ReasonRouterConfig || clock.Within(o.ProblemAt, s.Clock.Now(), time.Minute) {
			return nil
		}
		if o.RouterID != r.ID {
			if o.SiteID != r.SiteID {
				return nil
			}
			if try, err := s.candidates(ctx, o); err != nil || !try.has(r.ID) {
				return err
			}
		}
		if err := s.Retry(ctx, actor.Server, o.ID); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
		return nil
	})
}
