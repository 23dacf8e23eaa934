package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// pollTimeout bounds what a customer waits for the gateway after pressing the
// button.
const pollTimeout = 1800 * time.Millisecond

// PollGateway asks the gateway about one order right now, on the customer's wish, or
// with the next sweep when many others ask as well, or when the gateway does
// not answer soon. Errors: Limited "limit.check", the gateway's faults.
func (s *Service) PollGateway(ctx context.Context, token order.Token, client string) error {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return err
	}
	if !order.MayPoll(o) {
		return nil
	}
	if ok, after := s.Cache.Allow(ctx, "check:"+string(o.ID), s.Limits.PollsPerOrder); !ok {
		return fault.TooOften("limit.check", after)
	}
	ask, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	if err := s.CreateCharge(ctx, o.ID); err != nil && !fault.Is(err, fault.Unavailable) {
		s.Log.WarnContext(ctx, "charge not created yet", "order", o.ID, "error", err)
	}
	if !s.mayPoll(ctx, o, client) {
		return s.bringForward(ctx, o.ID)
	}
	_, err = s.Reconcile(ask, o.ID, "")
	if err != nil && ask.Err() != nil {
		return errors.Join(fault.Wrap(fault.Unavailable, "gateway.busy", err), s.bringForward(ctx, o.ID))
	}
	return err
}

// customersShare is the part of the read budget for reads that customers start: a
// client that polls many orders must not use up the reads that webhooks and the sweep
// need.
const customersShare = 3

func (s *Service) mayPoll(ctx context.Context, o order.Order, client string) bool {
	allow := func(key string, of int) bool {
		share := part(s.budget(s.Limits.GatewayReads), of)
		share.Count = max(share.Count, s.Limits.AttemptsPerOrder)
		ok, _ := s.Cache.AllowN(ctx, key, share, o.AttemptNo) // one read for each attempt
		return ok
	}
	return allow("gateway:checks:"+client, clientShare) && allow("gateway:checks", customersShare)
}

// noteWithin bounds how long a page that is being read waits to note that it is open: it can be
// shown without, and notes it the next time.
const noteWithin = time.Second

// bringForward lets the next sweep read the order together with others.
func (s *Service) bringForward(ctx context.Context, id order.ID) error {
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		_, err := tx.TouchPoll(ctx, id, watchedEvery)
		return err
	})
	if err != nil {
		return fmt.Errorf("bring check of order %s forward: %w", id, err)
	}
	return nil
}

// PollGatewayNow is PollGateway for staff: no limit, any status, recorded in the audit
// trail. Errors: NotFound "attempt.not_found" for an order without a charge.
func (s *Service) PollGatewayNow(ctx context.Context, by actor.Actor, id order.ID) error {
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		attempts, err := tx.Attempts(ctx, id)
		if err == nil {
			err = order.MayPollNow(attempts)
		}
		if err != nil {
			return err
		}
		tx.Audit("order.check", "order:"+string(id), nil)
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.OrderReconcile, Queue: jobs.QueueGateway, Subject: string(id), DueAt: tx.Now()})
	})
}

// watched brings an order's next gateway read forward while its page is open; the
// sweeper then reads many such orders in one call.
func (s *Service) watched(ctx context.Context, o order.Order) {
	if !o.Payable() && !(o.Status == order.Expired && s.Clock.Now().Sub(o.ExpiresAt) < ledger.PollLate) {
		return
	}
	if clock.Within(ledger.Later(o.CheckedAt, o.CreatedAt), s.Clock.Now(), watchedEvery) {
		return
	}
	if !s.mayWatch(ctx, o) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	if err := s.bringForward(ctx, o.ID); err != nil {
		s.Log.WarnContext(ctx, "watched order not brought forward", "order", o.ID, "error", err)
	}
}
