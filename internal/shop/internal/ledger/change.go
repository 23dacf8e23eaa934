package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

// ErrUnchanged is what the function of a Change returns to leave the order as it
// is: nothing is derived, saved or audited, and it is no error of the Change.
var ErrUnchanged = errors.New("the order stays as it is")

// Tries bounds how often a change is repeated after losing a race.
const Tries = 8

// Change is the only way an order changes: one transaction that lets fn add
// facts or edit the order's own fields, derives everything else again, saves it
// guarded by version, writes the audit row of the action, and queues what
// follows. A lost race starts over with fresh facts. An empty action writes no
// audit row. Where fn returns ErrUnchanged, the order is left as it is.
func (s *Ledger) Change(ctx context.Context, by actor.Actor, action string, id order.ID, fn func(tx *store.Tx, o *order.Order) error) (order.Order, order.View, error) {
	return s.ChangeAs(ctx, by, id, func(tx *store.Tx, o *order.Order) (string, error) { return action, fn(tx, o) })
}

// ChangeAs is Change where the facts decide which action it is.
func (s *Ledger) ChangeAs(ctx context.Context, by actor.Actor, id order.ID, fn func(tx *store.Tx, o *order.Order) (action string, err error)) (order.Order, order.View, error) {
	return s.ChangeThen(ctx, by, id, fn, func(*store.Tx, order.View) error { return nil })
}

// ChangeThen is ChangeAs with more to write in the transaction, once the order is saved and
// what it came to is known.
func (s *Ledger) ChangeThen(ctx context.Context, by actor.Actor, id order.ID, fn func(tx *store.Tx, o *order.Order) (action string, err error), then func(*store.Tx, order.View) error) (order.Order, order.View, error) {
	var o order.Order
	var v order.View
	for range Tries {
		err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
			var err error
			o, v, err = s.changeIn(ctx, tx, id, fn, then)
			return err
		})
		if !errors.Is(err, store.ErrOrderChanged) {
			return o, v, err
		}
	}
	return o, v, fmt.Errorf("change order %s: %w", id, store.ErrOrderChanged)
}

// ChangeIn is Change for one of many orders that change in one transaction of the caller's.
// A race that is lost is the caller's to start over. Errors: Conflict store.ErrOrderChanged.
func (s *Ledger) ChangeIn(ctx context.Context, tx *store.Tx, action string, id order.ID, fn func(tx *store.Tx, o *order.Order) error) error {
	_, _, err := s.changeIn(ctx, tx, id, func(tx *store.Tx, o *order.Order) (string, error) { return action, fn(tx, o) },
		func(*store.Tx, order.View) error { return nil })
	return err
}

func (s *Ledger) changeIn(ctx context.Context, tx *store.Tx, id order.ID, fn func(tx *store.Tx, o *order.Order) (action string, err error), then func(*store.Tx, order.View) error) (o order.Order, v order.View, err error) {
	if o, err = tx.Order(ctx, id); err != nil {
		return o, v, err
	}
	action, err := fn(tx, &o)
	if errors.Is(err, ErrUnchanged) {
		return o, v, nil // what fn wrote beside the order stays
	}
	if err != nil {
		return o, v, err
	}
	if v, err = s.DeriveAndSave(ctx, tx, &o, action); err != nil {
		return o, v, err
	}
	return o, v, then(tx, v)
}

// DeriveAndSave derives status, flags and next steps from the facts and saves them.
func (s *Ledger) DeriveAndSave(ctx context.Context, tx *store.Tx, o *order.Order, action string) (order.View, error) {
	facts, err := tx.FactsOf(ctx, *o)
	if err != nil {
		return order.View{}, err
	}
	now := tx.Now()
	v := order.Derive(facts, now)
	if v.Status == order.Expired && o.ExpiredAt.IsZero() && !s.mayEnd() {
		v = order.Derive(facts, facts.ExpiresAt) // the customer may still have time
	}
	before, beforeAttention := o.Status, o.Attention
	revived := before == order.Cancelled && !o.ForcedAt.IsZero()
	if before != "" && !before.CanBecome(v.Status) && !revived {
		return v, fmt.Errorf("settle order %s: %s cannot become %s: %w", o.ID, before, v.Status, fault.New(fault.Internal, "order.backwards"))
	}
	o.Status, o.Flags, o.Attention = v.Status, v.Flags, v.Attention
	if !o.Payable() {
		o.Client = ""
	}
	if v.Status == order.Expired && o.ExpiredAt.IsZero() {
		o.ExpiredAt = now
	}
	if v.Status == order.Refunded && o.ClosedAt.IsZero() {
		o.ClosedAt = now
	}
	if !v.PaidAt.IsZero() {
		o.PaidAt = v.PaidAt
		if o.ActivateAt.IsZero() || (v.Status == order.Paid && DelayedAhead(*o, now)) {
			// Money heard of late must not look as if activation were overdue, and a
			// clock that was ahead when it came must not delay it.
			delay := o.Item.SitePolicies.ActivationDelay
			o.ActivateAt = Later(now, v.PaidAt.Add(delay))
			if most := now.Add(delay); o.ActivateAt.After(most) {
				o.ActivateAt = most
			}
		}
	}
	if facts.Activation != nil {
		o.ActivatedAt = facts.Activation.At
	}
	if err := s.follow(ctx, tx, o, v, facts, was{before, beforeAttention}); err != nil {
		return v, err
	}
	if before == order.Paid && v.Status == order.Refunded {
		// The router may have the user: its job finds out.
		if err := s.QueueActivation(ctx, tx, o); err != nil {
			return v, err
		}
	}
	next, err := s.nextPoll(ctx, tx, *o)
	if err != nil {
		return v, err
	}
	if err := tx.SaveOrderAndPoll(ctx, *o, next); err != nil {
		return v, err
	}
	if o.Item.Promotion.ID != "" && (before != o.Status || beforeAttention != o.Attention) {
		reopened, err := tx.FollowPromotion(ctx, *o)
		if err != nil {
			return v, err
		}
		if reopened {
			tx.AfterCommit(func() { CatalogueChanged(ctx, s.Cache) })
		}
	}
	if before != order.Paid { // otherwise it has one since it became that
		if err := s.IssueReceipt(ctx, tx, *o); err != nil {
			return v, err
		}
	}
	detail := map[string]any{"code": string(o.Code), "status": string(o.Status)}
	if before != o.Status {
		detail["was"] = string(before)
	}
	if o.Attention != order.NoReason {
		detail["attention"] = string(o.Attention)
	}
	if action != "" {
		tx.Audit(action, "order:"+string(o.ID), detail)
	}
	if before != o.Status && (o.Status == order.Paid || o.Status == order.Activated) {
		tx.AfterCommit(func() { s.Tell(ctx, "order "+string(o.Status), *o) })
	}
	if action != "" || before != o.Status || beforeAttention != o.Attention {
		id := o.ID
		tx.AfterCommit(func() { s.Announce(id) })
	}
	return v, nil
}

// DelayedAhead reports whether an order waits for its activation longer than its
// site's delay: a clock that was ahead wrote until when.
func DelayedAhead(o order.Order, now time.Time) bool {
	return o.ActivateAt.After(now.Add(o.Item.SitePolicies.ActivationDelay + clock.Skew))
}

// Rederive derives an order again from its facts as they are.
func (s *Ledger) Rederive(ctx context.Context, id order.ID) (order.Order, error) {
	o, _, err := s.Change(ctx, actor.Server, "", id, func(*store.Tx, *order.Order) error { return nil })
	return o, err
}

// follow records what the derived view requires: refunds due, the activation job and
// alerts.
func (s *Ledger) follow(ctx context.Context, tx *store.Tx, o *order.Order, v order.View, facts order.Facts, before was) error {
	for _, r := range v.Missing(facts) {
		r.ID, r.OrderID, r.DueAt, r.AskedBy = tx.NewID(), o.ID, tx.Now(), actor.Server.AuditName
		fresh, err := tx.InsertRefund(ctx, r)
		if err != nil {
			return err
		}
		if fresh {
			tx.Audit("refund.due", "order:"+string(o.ID), map[string]any{"amount": int64(r.Amount), "reason": string(r.Reason)})
			if _, err := tx.OpenAlert(ctx, "refund_due", string(o.ID), string(r.Reason)); err != nil {
				return err
			}
		}
	}
	if v.Activate {
		if err := s.QueueActivation(ctx, tx, o); err != nil {
			return err
		}
	}
	return s.alertAttention(ctx, tx, *o, before)
}

// QueueActivation chooses the router once and queues the work on its queue.
func (s *Ledger) QueueActivation(ctx context.Context, tx *store.Tx, o *order.Order) error {
	if o.RouterID == "" {
		routers, err := tx.RoutersOf(ctx, o.SiteID)
		if err == nil && len(routers) > 1 {
			routers, err = serving(ctx, tx, o.SiteID, routers)
		}
		if err != nil {
			return err
		}
		if len(routers) > 0 {
			o.RouterID = routers[0].ID
		}
	}
	queue := jobs.QueueDefault
	if o.RouterID != "" {
		queue = jobs.RouterQueue(o.RouterID)
	}
	return s.Enqueue(ctx, tx, jobs.New{Kind: jobs.OrderActivate, Queue: queue, Subject: string(o.ID), DueAt: o.ActivateAt})
}

// serving are the routers that take a site's orders now, so that an order does not wait on
// the queue of one that is away.
func serving(ctx context.Context, tx *store.Tx, siteID string, routers []catalog.Router) ([]catalog.Router, error) {
	site, err := tx.Site(ctx, siteID)
	if err != nil || !site.Failover {
		return routers, err
	}
	away, err := tx.AwayRouters(ctx)
	return site.Serving(routers, away, tx.Now()), err
}

// was is what an order was before a change.
type was struct {
	status    order.Status
	attention order.Reason
}

func (s *Ledger) alertAttention(ctx context.Context, tx *store.Tx, o order.Order, before was) error {
	if o.Attention != order.NoReason {
		_, err := tx.OpenAlert(ctx, "attention", string(o.ID), string(o.Attention))
		return err
	}
	if before.attention != order.NoReason {
		if _, err := tx.CloseAlert(ctx, "attention", string(o.ID)); err != nil {
			return err
		}
	}
	if before.status == order.Paid && (o.Status == order.Activated || o.Status == order.Refunded) {
		_, err := tx.CloseAlert(ctx, "stuck", string(o.ID))
		return err
	}
	return nil
}

const (
	pollPending = 40 * time.Second // unwatched orders; a watched page asks earlier
	// PollLate is the pace at which the gateway is asked for late or double money while a
	// code of the order can still be paid there.
	PollLate   = 10 * time.Minute
	pollLater  = time.Hour
	lateWindow = 48 * time.Hour // how long a QRIS code stays payable at the gateway
	lateEnd    = 72 * time.Hour
)

// firstPoll is when the gateway is asked about an order that waits for its first money.
func firstPoll(o order.Order, now time.Time) time.Time {
	next := now.Add(pollPending)
	if end := o.ExpiresAt.Add(order.Grace + time.Second); now.Before(end) && next.After(end) {
		return end
	}
	return next
}

// nextPoll is when the gateway is asked next: soon while the customer may pay, rarely while late
// or double money may still come, never after that.
func (s *Ledger) nextPoll(ctx context.Context, tx *store.Tx, o order.Order) (time.Time, error) {
	now := tx.Now()
	if o.Status == order.Pending {
		return firstPoll(o, now), nil
	}
	attempts, err := tx.Attempts(ctx, o.ID)
	if err != nil {
		return time.Time{}, err
	}
	open, end := false, o.ExpiresAt
	for _, a := range attempts {
		open, end = open || NeedsLookup(a, ""), Later(end, a.ExpiresAt)
	}
	age := now.Sub(end)
	switch {
	case !open:
		return time.Time{}, nil
	case o.Payable() && age < 0: // the rest of an underpaid order
		return now.Add(pollPending), nil
	case age < lateWindow:
		return now.Add(PollLate), nil
	case age < lateEnd:
		return now.Add(pollLater), nil
	}
	return time.Time{}, nil
}

// Later is the later of two instants.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
