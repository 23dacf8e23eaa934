package orders

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// noMoney is what is noted of a message that is no hint of anything.
const noMoney = "no order and no money"

// RecordWebhookEvent keeps one verified gateway message and queues the work, in one
// transaction. It thinks about nothing: the message is a hint that some charge
// is worth reading, unless it speaks of no money and names no order of ours. The same
// message again is kept once. Any error means that nothing was stored and the gateway must repeat.
func (s *Service) RecordWebhookEvent(ctx context.Context, n payments.Notification, body []byte) error {
	_, err := s.recordEvent(ctx, n, body)
	return err
}

// FollowUp keeps what the gateway's list names and the books lack, as a message of the
// gateway would be kept, so that it takes the same way: a hint that some charge or refund
// is worth reading. fresh is false for one that was kept before.
func (s *Service) FollowUp(ctx context.Context, n payments.Notification, body []byte) (fresh bool, err error) {
	n.Event = store.ListedEvent
	return s.recordEvent(ctx, n, body)
}

func (s *Service) recordEvent(ctx context.Context, n payments.Notification, body []byte) (fresh bool, err error) {
	err = s.Store.InTx(ctx, actor.Named(s.Gateway.Name()), func(tx *store.Tx) error {
		ev := store.WebhookEvent{Gateway: s.Gateway.Name(), Key: n.Key, Name: n.Event, GatewayID: n.GatewayID,
			Reference: n.Reference, Status: n.Status, Sample: n.Sample, Body: body, State: store.WebhookEventNew, ReceivedAt: tx.Now()}
		if ev.Status != payments.Paid && ev.Status != payments.RefundNews && !ev.Sample {
			if _, found, err := orderOf(ctx, tx, ev); err != nil {
				return err
			} else if !found {
				ev.State, ev.Note = store.WebhookEventIgnored, noMoney
			}
		}
		var id string
		fresh, id, err = tx.InsertWebhookEvent(ctx, ev)
		if err != nil || !fresh || ev.State != store.WebhookEventNew {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.EventProcess, Queue: jobs.QueueGateway, Subject: id, DueAt: tx.Now()})
	})
	if err != nil {
		return false, fmt.Errorf("keep event %s: %w", n.Key, err)
	}
	return fresh, nil
}

const (
	// GatewayBehind is how often a claimed payment that the gateway's own read
	// does not confirm is read again before a person is told.
	GatewayBehind = 4
	// unreadable is how long a claimed payment may wait for the gateway to
	// answer reads before a person is told.
	unreadable = time.Minute
)

// ProcessWebhookEvent follows up one kept message.
func (s *Service) ProcessWebhookEvent(ctx context.Context, j jobs.Job) error {
	ev, err := s.Store.WebhookEvent(ctx, j.Subject)
	if err != nil || ev.State != store.WebhookEventNew {
		return err
	}
	if ev.Sample {
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventIgnored, "", "sample", "")
	}
	if ev.Status == payments.RefundNews {
		return s.RefundEvent(ctx, j, ev)
	}
	id, found, err := orderOf(ctx, s.Store, ev)
	if err != nil {
		return err
	}
	if !found {
		return s.processUnmatched(ctx, j, ev)
	}
	unconfirmed := false
	_, err = s.reconcile(ctx, id, ev.GatewayID, func(tx *store.Tx, v order.View) error {
		if unconfirmed = ev.Status == payments.Paid && v.PaidTotal == 0; unconfirmed {
			return nil
		}
		if err := s.finishWebhookEvent(ctx, tx, ev, store.WebhookEventDone, id, "", ""); err != nil {
			return err
		}
		return s.ledger.Finish(ctx, tx, j)
	})
	if err != nil {
		return s.retryUnread(ctx, j, ev, id, err)
	}
	if unconfirmed {
		if j.Snoozes < GatewayBehind {
			return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, time.Second, 8*time.Second), Err: fault.New(fault.Unavailable, "gateway.unconfirmed")}
		}
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventDone, id, "gateway does not confirm the payment", "unconfirmed_claim")
	}
	return nil
}

func orderOf(ctx context.Context, from interface {
	OrderOfReference(context.Context, string) (order.ID, bool, error)
	OrderOfGatewayID(context.Context, string) (order.ID, bool, error)
}, ev store.WebhookEvent) (order.ID, bool, error) {
	if ev.Reference != "" {
		if id, found, err := from.OrderOfReference(ctx, ev.Reference); found || err != nil {
			return id, found, err
		}
	}
	if ev.GatewayID == "" {
		return "", false, nil
	}
	return from.OrderOfGatewayID(ctx, ev.GatewayID)
}

// retryUnread keeps trying while the gateway cannot be read; the order stays
// unpaid in our books until it can, and after a minute a person knows.
func (s *Service) retryUnread(ctx context.Context, j jobs.Job, ev store.WebhookEvent, id order.ID, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	if ev.Status == payments.Paid && !clock.Within(ev.ReceivedAt, s.Clock.Now(), unreadable) {
		if err := s.ledger.Alert(ctx, "gateway_unreadable", string(id), fault.CodeOf(cause)); err != nil {
			return err
		}
	}
	return ledger.SteerGateway(j, cause)
}

// processUnmatched handles a message that names no order of ours. Money that
// the gateway itself confirms is kept as an unmatched payment and told; a charge
// that it does not know, or that is not paid, is no money.
func (s *Service) processUnmatched(ctx context.Context, j jobs.Job, ev store.WebhookEvent) error {
	if ev.Status != payments.Paid {
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventIgnored, "", noMoney, "")
	}
	if ev.GatewayID == "" {
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventUnmatched, "", "names no charge", "unmatched_money")
	}
	c, found, err := s.lookupCharge(ctx, ev.GatewayID)
	switch {
	case err != nil:
		return ledger.SteerGateway(j, err)
	case (!found || c.Status != payments.Paid) && j.Snoozes < GatewayBehind: // its reads may be behind its messages
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, time.Second, 8*time.Second), Err: fault.New(fault.Unavailable, "gateway.unconfirmed")}
	case !found:
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventIgnored, "", "the gateway does not know this charge", "")
	case c.Status != payments.Paid:
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventIgnored, "", "gateway does not confirm the payment", "")
	case empty(c):
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventUnmatched, "", "a payment of no amount", "unmatched_money")
	}
	id, why, err := s.Remake(ctx, c)
	if err != nil {
		return ledger.SteerGateway(j, err)
	}
	if id != "" {
		if _, err := s.Reconcile(ctx, id, c.GatewayID); err != nil {
			return ledger.SteerGateway(j, err)
		}
		return s.endWebhookEvent(ctx, j, ev, store.WebhookEventDone, id, "", "")
	}
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		fresh, _, err := tx.InsertPayment(ctx, s.paymentOf(c, tx.Now()))
		if err == nil && fresh {
			tx.Audit("payment.unmatched", "payment:"+c.GatewayID, map[string]any{"amount": int64(c.Amount), "reference": c.Reference})
		}
		return err
	})
	if err != nil {
		return err
	}
	ev.Reason = why
	return s.endWebhookEvent(ctx, j, ev, store.WebhookEventUnmatched, "", "money without an order", "unmatched_money")
}

// FinishWebhookEvent notes what became of a message, with the reason that ev has; alert is the
// kind to open, "" for none.
func (s *Service) FinishWebhookEvent(ctx context.Context, ev store.WebhookEvent, state string, id order.ID, note, alert string) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return s.finishWebhookEvent(ctx, tx, ev, state, id, note, alert) })
}

// endWebhookEvent is FinishWebhookEvent that ends the job of the message as well.
func (s *Service) endWebhookEvent(ctx context.Context, j jobs.Job, ev store.WebhookEvent, state string, id order.ID, note, alert string) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := s.finishWebhookEvent(ctx, tx, ev, state, id, note, alert); err != nil {
			return err
		}
		return s.ledger.Finish(ctx, tx, j)
	})
}

func (s *Service) finishWebhookEvent(ctx context.Context, tx *store.Tx, ev store.WebhookEvent, state string, id order.ID, note, alert string) error {
	ev.State, ev.OrderID, ev.Note = state, string(id), note
	err := tx.FinishWebhookEvent(ctx, ev)
	if err == nil && alert != "" {
		_, err = tx.OpenAlert(ctx, alert, ledger.AlertSubject(ev, id), strings.TrimSpace(note+" "+ev.Reason))
	}
	if err == nil && id != "" {
		_, err = tx.CloseAlert(ctx, "gateway_unreadable", string(id))
	}
	if err != nil {
		return fmt.Errorf("finish event %s: %w", ev.ID, err)
	}
	return nil
}
