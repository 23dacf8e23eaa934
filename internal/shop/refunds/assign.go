package refunds

import (
	"cmp"
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// AssignIn gives money without an order to one.
type AssignIn struct {
	Gateway, Key string
	OrderID      order.ID
	Typed        string // the order's code, typed again
	Reason       string
	Actor        actor.Actor
}

// Assign makes an unmatched payment a payment of an order. The consequences are derived
// as for any payment: the order is activated, or what is too much is refunded. Errors:
// Invalid at "typed" and "reason", NotFound, Conflict "payment.matched" and
// "refund.under_way".
func (s *Service) Assign(ctx context.Context, in AssignIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, in.Actor, "payment.assign", in.OrderID, func(tx *store.Tx, o *order.Order) error {
		if err := ledger.Confirmed(in.Typed, string(o.Code)); err != nil {
			return err
		}
		p, err := tx.Payment(ctx, in.Gateway, in.Key)
		if err != nil {
			return err
		}
		matched, err := tx.MatchPayment(ctx, in.Gateway, in.Key, o.ID)
		if err != nil || !matched {
			return cmp.Or[error](err, fault.New(fault.Conflict, "payment.matched"))
		}
		// The row is locked now: a refund of it was requested before or cannot be.
		leaving, err := tx.RefundsOf(ctx, in.Gateway, in.Key)
		if err == nil {
			err = order.MayAssign(p, leaving)
		}
		if err != nil {
			return err
		}
		tx.Audit("order.reason", "order:"+string(o.ID), map[string]any{"act": "assign", "reason": why, "payment": p.Key, "amount": int64(p.Amount), "reference": p.Reference})
		return s.closeUnmatchedAlerts(ctx, tx, p)
	})
	if err != nil {
		return fmt.Errorf("assign payment %s to order %s: %w", in.Key, in.OrderID, err)
	}
	return nil
}

// closeUnmatchedAlerts closes the alerts about a payment that was assigned or refunded.
func (s *Service) closeUnmatchedAlerts(ctx context.Context, tx *store.Tx, p order.Payment) error {
	events, err := tx.WebhookEventsOfCharge(ctx, p.Key)
	if err != nil {
		return err
	}
	for _, id := range events {
		if _, err := tx.CloseAlert(ctx, "unmatched_money", id); err != nil {
			return err
		}
	}
	return nil
}
