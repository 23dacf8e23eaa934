package refunds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
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

// errConfirmed: the money was confirmed by another request.
var errConfirmed = fault.New(fault.Conflict, "counter.confirmed")

// Confirm records that counted money has arrived: a transfer seen at the bank, or
// credit that was paid, the latter perhaps in cash into the open shift of the actor. What paid
// for several vouchers at once has arrived for all of them. Money that was
// written off counts again; what it had paid for is not restored. Errors: NotFound
// "payment.not_found", Conflict "counter.confirmed" and "shift.closed".
func (s *Service) Confirm(ctx context.Context, by actor.Actor, key string, inCash bool) error {
	c, err := s.Store.CounterPayment(ctx, key)
	if err != nil {
		return err
	}
	if err := s.confirm(ctx, by, c.OrderID, key, inCash); err != nil {
		return err
	}
	others, err := s.Store.CounterSale(ctx, c.SaleKey)
	if err != nil {
		return fmt.Errorf("payments of the sale of %s: %w", key, err)
	}
	for _, o := range others {
		if o.Key == key || order.MayConfirm(o.Receivable()) != nil {
			continue
		}
		if err := s.confirm(ctx, by, o.OrderID, o.Key, inCash); err != nil && !errors.Is(err, errConfirmed) {
			return err
		}
	}
	return nil
}

func (s *Service) confirm(ctx context.Context, by actor.Actor, id order.ID, key string, inCash bool) error {
	// It may be given up this moment: then the order is looked at again.
	_, _, err := s.ledger.ChangeAs(ctx, by, id, func(tx *store.Tx, _ *order.Order) (string, error) {
		c, err := tx.CounterPayment(ctx, key)
		if err != nil {
			return "", err
		}
		if err := order.MayConfirm(c.Receivable()); err != nil {
			return "", err
		}
		inCash := inCash && order.MayComeInCash(c.Receivable())
		fresh, err := tx.ConfirmCounterPayment(ctx, key, by.Name)
		if err != nil || !fresh {
			return "", cmp.Or[error](err, errConfirmed)
		}
		how := "transfer"
		if inCash {
			how = "cash"
			shift, err := s.ledger.OpenShift(ctx, tx, by)
			if err != nil {
				return "", err
			}
			if _, err := tx.MoveTill(ctx, store.TillMove{Source: "credit:" + key, ShiftID: shift.ID, Kind: store.TillCredit, Amount: c.Amount, OrderID: c.OrderID, Code: c.Code}); err != nil {
				return "", err
			}
		}
		tx.Audit("payment.confirm", "order:"+string(c.OrderID), map[string]any{"key": key, "amount": int64(c.Amount), "method": string(c.Method), "how": how})
		action := ""
		if !c.WrittenOffAt.IsZero() { // it was given up, and came after all
			action = "payment.confirm"
		}
		return action, s.closeReceivableAlerts(ctx, tx, c.OrderID)
	})
	if err != nil {
		return fmt.Errorf("confirm payment %s: %w", key, err)
	}
	return nil
}
