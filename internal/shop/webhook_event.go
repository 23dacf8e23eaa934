package shop

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
)

// RecordWebhookEvent keeps one verified gateway message and queues the work, in one
// transaction. It thinks about nothing: the message is a hint that some charge
// is worth reading. The same message again is kept once. Any error means that
// nothing was stored and the gateway must repeat.
func (s *Shop) RecordWebhookEvent(ctx context.Context, n payments.Notification, body []byte) error {
	err := s.Store.InTx(ctx, s.Gateway.Name(), func(tx *store.Tx) error {
		fresh, id, err := tx.InsertWebhookEvent(ctx, store.WebhookEvent{Gateway: s.Gateway.Name(), Key: n.Key, Name: n.Event, GatewayID: n.GatewayID,
			Reference: n.Reference, Status: n.Status, Sample: n.Sample, Body: body, State: store.WebhookEventNew, ReceivedAt: tx.Now()})
		if err != nil || !fresh {
			return err
		}
		return s.enqueue(ctx, tx, jobs.New{Kind: jobs.EventProcess, Queue: jobs.QueueGateway, Subject: id, DueAt: tx.Now()})
	})
	if err != nil {
		return fmt.Errorf("keep event %s: %w", n.Key, err)
	}
	return nil
}

const (
	// gatewayBehind is how often a claimed payment that the gateway's own read
	// does not confirm is read again before a person is told.
	gatewayBehind = 4
	// unreadable is how long a claimed payment may wait for the gateway to
	// answer reads before a person is told.
	unreadable = time.Minute
)

// ProcessWebhookEvent follows up one kept message.
func (s *Shop) ProcessWebhookEvent(ctx context.Context, j jobs.Job) error {
	ev, err := s.Store.WebhookEvent(ctx, j.Subject)
	if err != nil || ev.State != store.WebhookEventNew {
		return err
	}
	if ev.Sample {
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventIgnored, "", "sample", "")
	}
	if ev.Status == payments.RefundNews {
		return s.RefundEvent(ctx, j, ev)
	}
	o, found, err := s.orderOf(ctx, ev)
	if err != nil {
		return err
	}
	if !found {
		return s.processUnmatched(ctx, j, ev)
	}
	view, err := s.Reconcile(ctx, o.ID, ev.GatewayID)
	if err != nil {
		return s.retryUnread(ctx, j, ev, o, err)
	}
	if ev.Status == payments.Paid && view.PaidTotal == 0 {
		if j.Snoozes < gatewayBehind {
			return &jobs.Snooze{After: backoff(j.Snoozes, time.Second, 8*time.Second), Err: fault.New(fault.Unavailable, "gateway.unconfirmed")}
		}
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventDone, o.ID, "gateway does not confirm the payment", "unconfirmed_claim")
	}
	return s.finishWebhookEvent(ctx, ev, store.WebhookEventDone, o.ID, "", "")
}

func (s *Shop) orderOf(ctx context.Context, ev store.WebhookEvent) (order.Order, bool, error) {
	if ev.Reference != "" {
		o, err := s.Store.OrderByReference(ctx, ev.Reference)
		if !fault.Is(err, fault.NotFound) {
			return o, err == nil, err
		}
	}
	if ev.GatewayID == "" {
		return order.Order{}, false, nil
	}
	o, err := s.Store.OrderByGatewayID(ctx, ev.GatewayID)
	if fault.Is(err, fault.NotFound) {
		return o, false, nil
	}
	return o, err == nil, err
}

// retryUnread keeps trying while the gateway cannot be read; the order stays
// unpaid in our books until it can, and after a minute a person knows.
func (s *Shop) retryUnread(ctx context.Context, j jobs.Job, ev store.WebhookEvent, o order.Order, cause error) error {
	if ev.Status == payments.Paid && !clock.Within(ev.ReceivedAt, s.Clock.Now(), unreadable) {
		if err := s.alert(ctx, "gateway_unreadable", string(o.ID), fault.CodeOf(cause)); err != nil {
			return err
		}
	}
	return steerGateway(j, cause)
}

// processUnmatched handles a message that names no order of ours. Money that
// the gateway itself confirms is kept as an unmatched payment and told; a charge
// that it does not know, or that is not paid, is no money.
func (s *Shop) processUnmatched(ctx context.Context, j jobs.Job, ev store.WebhookEvent) error {
	if ev.Status != payments.Paid {
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventIgnored, "", "no order and no money", "")
	}
	if ev.GatewayID == "" {
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventUnmatched, "", "names no charge", "unmatched_money")
	}
	c, found, err := s.lookupCharge(ctx, ev.GatewayID)
	switch {
	case err != nil:
		return steerGateway(j, err)
	case (!found || c.Status != payments.Paid) && j.Snoozes < gatewayBehind: // its reads may be behind its messages
		return &jobs.Snooze{After: backoff(j.Snoozes, time.Second, 8*time.Second), Err: fault.New(fault.Unavailable, "gateway.unconfirmed")}
	case !found:
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventIgnored, "", "the gateway does not know this charge", "")
	case c.Status != payments.Paid:
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventIgnored, "", "gateway does not confirm the payment", "")
	case empty(c):
		return s.finishWebhookEvent(ctx, ev, store.WebhookEventUnmatched, "", "a payment of no amount", "unmatched_money")
	}
	err = s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		fresh, _, err := tx.InsertPayment(ctx, s.paymentOf(c, tx.Now()))
		if err == nil && fresh {
			tx.Audit("payment.unmatched", "payment:"+c.GatewayID, map[string]any{"amount": int64(c.Amount), "reference": c.Reference})
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.finishWebhookEvent(ctx, ev, store.WebhookEventUnmatched, "", "money without an order", "unmatched_money")
}

func (s *Shop) finishWebhookEvent(ctx context.Context, ev store.WebhookEvent, state string, id order.ID, note, alert string) error {
	err := s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		if err := tx.FinishWebhookEvent(ctx, ev.ID, state, string(id), note); err != nil {
			return err
		}
		if alert != "" {
			if _, err := tx.OpenAlert(ctx, alert, alertSubject(ev, id), note); err != nil {
				return err
			}
		}
		if id != "" {
			_, err := tx.CloseAlert(ctx, "gateway_unreadable", string(id))
			return err
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("finish event %s: %w", ev.ID, err)
	}
	return nil
}

func alertSubject(ev store.WebhookEvent, id order.ID) string {
	if id != "" {
		return string(id)
	}
	return ev.ID
}

// alert opens one alert in a transaction of its own.
func (s *Shop) alert(ctx context.Context, kind, subject, detail string) error {
	return s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		_, err := tx.OpenAlert(ctx, kind, subject, detail)
		return err
	})
}

func (s *Shop) closeAlert(ctx context.Context, kind, subject string) error {
	return s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		_, err := tx.CloseAlert(ctx, kind, subject)
		return err
	})
}
