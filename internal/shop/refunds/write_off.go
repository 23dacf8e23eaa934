package refunds

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments/counter"
)

// WriteOffIn is a confirmed wish to give money up that the counter counted and
// that never came.
type WriteOffIn struct {
	Key    string   // of the counter's payment
	Sites  []string // those the person works on, none means all
	Typed  string   // the amount, typed again
	Reason string
	Actor  actor.Actor
}

// WriteOff gives up a transfer or credit that has not arrived: it counts as never
// received, the order is flagged, and what it paid for ends unless the order is paid in
// full without it. A second call changes nothing. Errors: Invalid at "typed" and
// "reason", NotFound "payment.not_found", Conflict "counter.confirmed".
func (s *Service) WriteOff(ctx context.Context, in WriteOffIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	c, err := s.Store.CounterPayment(ctx, in.Key)
	if err == nil && !ledger.Serves(in.Sites, c.SiteID) {
		err = store.ErrPaymentNotFound
	}
	if err == nil {
		err = ledger.ConfirmedAmount(in.Typed, c.Amount)
	}
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, in.Actor, "payment.write_off", c.OrderID, func(tx *store.Tx, o *order.Order) error {
		if err := tx.LockCounterSale(ctx, c.SaleKey); err != nil {
			return err
		}
		if c, err = tx.CounterPayment(ctx, in.Key); err != nil || !c.WrittenOffAt.IsZero() {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		if err := order.MayWriteOff(c.Receivable()); err != nil {
			return err
		}
		written, err := tx.WriteOff(ctx, c.Key)
		if err == nil && !written {
			err = fault.New(fault.Conflict, "counter.confirmed")
		}
		if err != nil {
			return err
		}
		tx.Audit("payment.write_off", "order:"+string(o.ID), map[string]any{"key": c.Key, "amount": int64(c.Amount), "method": string(c.Method), "reason": why})
		if err := s.closeReceivableAlerts(ctx, tx, o.ID); err != nil {
			return err
		}
		if err := keepAlert(ctx, tx, c.SaleKey); err != nil {
			return err
		}
		if err := s.reduceRefundsDue(ctx, tx, o.ID, c.Key); err != nil {
			return err
		}
		return s.endUnpaid(ctx, tx, o, c.Key)
	})
	if err != nil {
		return fmt.Errorf("write off payment %s: %w", in.Key, err)
	}
	return nil
}

// reduceRefundsDue withdraws refunds that were due because of a payment that never came:
// of that payment, and of others that are not too much without it, unless they are
// approved.
func (s *Service) reduceRefundsDue(ctx context.Context, tx *store.Tx, id order.ID, key string) error {
	p, err := tx.Payment(ctx, counter.Name, key)
	if err == nil {
		err = s.makeRoom(ctx, tx, p)
	}
	if err != nil {
		return err
	}
	_, facts, err := tx.Facts(ctx, id)
	if err != nil {
		return err
	}
	var over money.Rupiah // what is queued beyond what is due
	for _, f := range facts.Refunds {
		if !f.Gift() {
			over += f.Amount
		}
	}
	for _, f := range order.Derive(facts, tx.Now()).RefundsDue {
		over -= f.Amount
	}
	for _, f := range facts.Refunds {
		if f.Gift() || f.State != order.RefundRequested || over <= 0 {
			continue
		}
		if err := s.fit(ctx, tx, f, max(f.Amount-over, 0)); err != nil {
			return err
		}
		over -= f.Amount
	}
	return s.closeRefundAlerts(ctx, tx, id)
}

// endUnpaid ends what an order got, if it is not paid for any more or what else
// was paid is going back.
func (s *Service) endUnpaid(ctx context.Context, tx *store.Tx, o *order.Order, key string) error {
	_, facts, err := tx.Facts(ctx, o.ID)
	if err != nil {
		return err
	}
	if v := order.Derive(facts, tx.Now()); !v.PaidAt.IsZero() && !v.GoingBack {
		return nil
	}
	if o.Status == order.Paid { // never delivered, and never will be
		o.ClosedAt = tx.Now()
		return nil
	}
	x, longer, err := tx.Extension(ctx, o.ID)
	if err != nil || !longer {
		return cmp.Or(err, s.vouchers.EndForMoney(ctx, tx, o.ID, map[string]any{"written_off": key}))
	}
	if err := s.endExtension(ctx, tx, o, x); err != nil {
		return err
	}
	v, _, err := tx.Voucher(ctx, x.VoucherOrder)
	if err != nil || !v.State.Living() {
		return err
	}
	return s.ledger.Enqueue(ctx, tx, vouchers.SwitchJob(tx, v))
}

// closeReceivableAlerts closes the alerts about money of the counter.
func (s *Service) closeReceivableAlerts(ctx context.Context, tx *store.Tx, id order.ID) error {
	for _, kind := range []string{"transfer_unconfirmed", "transfer_overdue"} {
		if _, err := tx.CloseAlert(ctx, kind, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// keepAlert keeps an alert open for what is left of a sale of several vouchers, which had one.
func keepAlert(ctx context.Context, tx *store.Tx, saleKey string) error {
	parts, err := tx.CounterSale(ctx, saleKey)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(parts, func(c store.CounterPayment) bool { return !c.ConfirmedAt.IsZero() || !c.WrittenOffAt.IsZero() })
	if len(open) == 0 {
		return nil
	}
	about := max(0, slices.IndexFunc(open, func(c store.CounterPayment) bool { return c.Key == saleKey })) // the first has it while it is open
	_, err = tx.OpenAlert(ctx, "transfer_unconfirmed", string(open[about].OrderID), "")
	return err
}

// CheckOverdue opens alerts about transfers that stay unconfirmed for too long.
func (s *Service) CheckOverdue(ctx context.Context) error {
	rules, err := s.Store.CounterRules(ctx)
	if err != nil || rules.OverdueDays == 0 {
		return err
	}
	late, err := s.Store.Overdue(ctx, s.Clock.Now().Add(-time.Duration(rules.OverdueDays)*24*time.Hour))
	if err != nil || len(late) == 0 {
		return err
	}
	told, err := s.alerts.OpenSubjects(ctx, "transfer_overdue")
	if err != nil {
		return err
	}
	for _, c := range late {
		if told[string(c.OrderID)] {
			continue
		}
		if err := s.ledger.Alert(ctx, "transfer_overdue", string(c.OrderID), c.Amount.String()); err != nil {
			return err
		}
	}
	return nil
}
