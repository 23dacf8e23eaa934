package refunds

import (
	"context"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/store"
	"gerai/payments"
)

// RefundNews handles a webhook event about a refund. The event is a hint: the refund is
// read from the gateway. One that was not requested here is recorded and opens an alert.
func (s *Service) RefundNews(ctx context.Context, j jobs.Job, ev store.WebhookEvent) error {
	ours, found, err := s.Store.RefundByGatewayID(ctx, ev.GatewayID)
	if err != nil {
		return err
	}
	var out payments.Refund
	if !found {
		if out, err = s.orders.LookupRefund(ctx, ev.GatewayID); fault.Is(err, fault.NotFound) {
			return s.orders.FinishWebhookEvent(ctx, ev, store.WebhookEventIgnored, "", "the gateway does not know this refund", "")
		}
		if err != nil {
			return ledger.SteerGateway(j, err)
		}
		if id := OfGatewayReference(out.Reference); id != "" {
			if ours, err = s.Store.Refund(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			found = err == nil
		}
	}
	if found {
		if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.RefundSend, Queue: jobs.QueueGateway, Subject: ours.ID, DueAt: tx.Now()})
		}); err != nil {
			return err
		}
		return s.orders.FinishWebhookEvent(ctx, ev, store.WebhookEventDone, ours.OrderID, "", "")
	}
	switch out.Status {
	case payments.RefundFailed:
		return s.orders.FinishWebhookEvent(ctx, ev, store.WebhookEventIgnored, "", "a refund made elsewhere failed", "")
	case payments.RefundPending:
		if j.Snoozes < 2*orders.GatewayBehind {
			return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, time.Second, time.Minute), Err: fault.New(fault.Unavailable, "refund.pending")}
		}
	}
	return s.external(ctx, ev, out)
}

// AckExternal acknowledges a refund that was made at the gateway. Errors: NotFound
// "refund.not_found", Conflict "refund.ours".
func (s *Service) AckExternal(ctx context.Context, by actor.Actor, id string) error {
	f, err := s.Store.Refund(ctx, id)
	if err == nil {
		err = order.MayAck(f)
	}
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		closed, err := tx.CloseAlert(ctx, "external_refund", alertOf(f))
		if err == nil && closed {
			tx.Audit("refund.seen", refundSubject(f), map[string]any{"refund": f.ID})
		}
		return err
	})
}

// external writes down money that went back without us.
func (s *Service) external(ctx context.Context, ev store.WebhookEvent, out payments.Refund) error {
	p, err := s.Store.Payment(ctx, s.Gateway.Name(), out.ChargeID)
	if fault.Is(err, fault.NotFound) {
		return s.orders.FinishWebhookEvent(ctx, ev, store.WebhookEventUnmatched, "", "a refund made elsewhere, of no payment of ours", "external_refund")
	}
	if err != nil {
		return err
	}
	write := func(tx *store.Tx, o order.Order) error {
		f := order.Refund{ID: tx.NewID(), OrderID: p.OrderID, Gateway: p.Gateway, PaymentKey: p.Key, Amount: out.Amount, Reason: order.RefundExternal, State: order.RefundDone,
			AskedBy: p.Gateway, GatewayID: out.ID, DueAt: tx.Now(), DoneAt: tx.Now(), ClosedAt: tx.Now()}
		rules, err := tx.CounterRules(ctx)
		// One under a reference of ours was decided here, and the books have lost it.
		if err == nil && (rules.StopExternal || OfGatewayReference(out.Reference) != "") {
			f.EndsVoucher, err = s.endsVoucher(ctx, tx, o, f)
		}
		if err != nil {
			return err
		}
		fresh, err := tx.InsertRefund(ctx, f)
		if err != nil || !fresh {
			return err
		}
		tx.Audit("refund.external", refundSubject(f), map[string]any{"refund": f.ID, "amount": int64(f.Amount), "gateway_id": out.ID, "ends_voucher": f.EndsVoucher})
		if err := s.makeRoom(ctx, tx, p); err != nil {
			return err
		}
		if f.EndsVoucher {
			if err := s.nextStep(ctx, tx, o, f); err != nil {
				return err
			}
		}
		_, err = tx.OpenAlert(ctx, "external_refund", alertOf(f), out.ID)
		return err
	}
	if p.OrderID == "" {
		err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return write(tx, order.Order{}) })
	} else {
		_, _, err = s.ledger.Change(ctx, actor.Server, "refund.external", p.OrderID, func(tx *store.Tx, o *order.Order) error {
			return write(tx, *o)
		})
	}
	if err != nil {
		return err
	}
	return s.orders.FinishWebhookEvent(ctx, ev, store.WebhookEventDone, p.OrderID, "a refund made elsewhere", "")
}
