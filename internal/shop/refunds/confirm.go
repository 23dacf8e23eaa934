package refunds

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// errConfirmed: the money was confirmed by another request.
var errConfirmed = fault.New(fault.Conflict, "counter.confirmed")

// Confirm records that counted money has arrived: a transfer seen at the bank, or
// credit that was paid, the latter perhaps in cash into the open shift of the actor. What paid
// for several vouchers at once has arrived for all of them but those that were given up, in one
// transaction. Money that was written off counts again where it is named; what it had paid for
// is not restored. Errors: NotFound "payment.not_found", Conflict "counter.confirmed" and
// "shift.closed".
func (s *Service) Confirm(ctx context.Context, by actor.Actor, key string, inCash bool) error {
	var err error
	for range ledger.Tries {
		err = s.Store.InTx(ctx, by, func(tx *store.Tx) error { return s.confirmAll(ctx, tx, by, key, inCash) })
		if !errors.Is(err, store.ErrOrderChanged) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("confirm payment %s: %w", key, err)
	}
	return nil
}

// confirmAll confirms what is open of a payment and of those that were made with it.
func (s *Service) confirmAll(ctx context.Context, tx *store.Tx, by actor.Actor, key string, inCash bool) error {
	c, err := tx.CounterPayment(ctx, key)
	if err != nil {
		return err
	}
	parts := []store.CounterPayment{c}
	if c.SaleKey != "" {
		if err := tx.LockCounterSale(ctx, c.SaleKey); err != nil {
			return err
		}
		if parts, err = tx.CounterSale(ctx, c.SaleKey); err != nil {
			return err
		}
	}
	some := false
	for _, c := range parts {
		if order.MayConfirm(c.Receivable()) != nil || (c.Key != key && !c.WrittenOffAt.IsZero()) {
			if err := s.closeReceivableAlerts(ctx, tx, c.OrderID); err != nil {
				return err
			}
			continue
		}
		if err := s.confirm(ctx, tx, by, c, inCash); err != nil {
			return err
		}
		some = true
	}
	if !some {
		return errConfirmed
	}
	return nil
}

func (s *Service) confirm(ctx context.Context, tx *store.Tx, by actor.Actor, c store.CounterPayment, inCash bool) error {
	action := ""
	if !c.WrittenOffAt.IsZero() { // it was given up, and came after all
		action = "payment.confirm"
	}
	return s.ledger.ChangeIn(ctx, tx, action, c.OrderID, func(tx *store.Tx, _ *order.Order) error {
		fresh, err := tx.ConfirmCounterPayment(ctx, c.Key, by.Name)
		if err != nil || !fresh {
			return cmp.Or[error](err, errConfirmed)
		}
		how := "transfer"
		if inCash && order.MayComeInCash(c.Receivable()) {
			how = "cash"
			shift, err := s.ledger.OpenShift(ctx, tx, by)
			if err != nil {
				return err
			}
			if _, err := tx.MoveTill(ctx, store.TillMove{Source: "credit:" + c.Key, ShiftID: shift.ID, Kind: store.TillCredit, Amount: c.Amount, OrderID: c.OrderID, Code: c.Code}); err != nil {
				return err
			}
		}
		tx.Audit("payment.confirm", "order:"+string(c.OrderID), map[string]any{"key": c.Key, "amount": int64(c.Amount), "method": string(c.Method), "how": how})
		return s.closeReceivableAlerts(ctx, tx, c.OrderID)
	})
}
