package refunds

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/payments/counter"
)

// ForceIn is a decision to deliver against the rules.
type ForceIn struct {
	OrderID order.ID
	Typed   string // the order's code, typed again
	Reason  string
	Actor   actor.Actor
}

// Force has an order activated although it is unpaid, underpaid, expired, cancelled,
// late or stopped. What is missing becomes credit, a receivable until the money is
// confirmed; refunds due that are not approved yet are withdrawn. Errors: Invalid at
// "typed" and "reason", Conflict "order.already_active", "order.closed" and
// "refund.under_way".
func (s *Service) Force(ctx context.Context, in ForceIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, in.Actor, "order.force", in.OrderID, func(tx *store.Tx, o *order.Order) error {
		if err := ledger.Confirmed(in.Typed, string(o.Code)); err != nil {
			return err
		}
		refunds, err := tx.Refunds(ctx, o.ID)
		if err == nil {
			err = order.MayForce(*o, refunds)
		}
		if err != nil {
			return err
		}
		_, facts, err := tx.Facts(ctx, o.ID)
		if err != nil {
			return err
		}
		rest := order.Derive(facts, tx.Now()).Remaining
		if rest > 0 {
			if err := s.GiveCredit(ctx, tx, *o, counter.OnCredit("credit-"+string(o.ID), rest, tx.Now()), in.Actor); err != nil {
				return err
			}
		}
		withdrawn, err := tx.WithdrawRefunds(ctx, o.ID)
		if err != nil {
			return err
		}
		if err := s.closeRefundAlerts(ctx, tx, o.ID); err != nil {
			return err
		}
		o.ForcedAt, o.ActivateAt = tx.Now(), tx.Now()
		o.Problem, o.ProblemAt = order.NoReason, time.Time{}
		tx.Audit("order.reason", "order:"+string(o.ID), map[string]any{"act": "force", "reason": why, "credit": int64(rest), "refunds_withdrawn": withdrawn, "before": string(o.Status)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("force order %s: %w", in.OrderID, err)
	}
	return nil
}

// GiveCredit records a payment that is announced and not received.
func (s *Service) GiveCredit(ctx context.Context, tx *store.Tx, o order.Order, p order.Payment, by actor.Actor) error {
	p.OrderID = o.ID
	if _, _, err := tx.InsertPayment(ctx, p); err != nil {
		return err
	}
	tx.Audit("payment.record", "order:"+string(o.ID), map[string]any{"amount": int64(p.Amount), "method": string(p.Method), "key": p.Key})
	_, err := tx.InsertCounterPayment(ctx, store.CounterPayment{Key: p.Key, OrderID: o.ID, Method: payments.Credit, Amount: p.Amount, Given: p.Amount,
		StaffID: by.ID, StaffName: by.Name, TakenAt: tx.Now()})
	return err
}
