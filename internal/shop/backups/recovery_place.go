package backups

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
)

const (
	// placeStep bounds what is asked for at a time, so that customers' own reads have
	// their share of the gateway.
	placeStep = 50
	// mostTries is how often the gateway is asked about a line that it lists and does not
	// confirm.
	mostTries = 3
)

// mostRefunds bounds how many refunds are looked at before payments have their place.
const mostRefunds = 1000

// chargesOfRefunds asks the gateway which charge each refund is of, where its list does not
// say: an order whose money went back is not delivered before that is recorded.
func (s *Service) chargesOfRefunds(ctx context.Context, m backup.Recovery, began time.Duration) (open int, err error) {
	rows, err := s.Store.RecoveryRows(ctx, m.Since, backup.FoundRefund, backup.FoundOpen, mostRefunds)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if row.ChargeID != "" || row.ProductID == "" {
			continue
		}
		if clock.Elapsed(s.Clock)-began > recoverFor {
			return len(rows), nil
		}
		out, err := s.orders.LookupRefund(ctx, row.ProductID)
		switch {
		case fault.Is(err, fault.NotFound):
			row.State = backup.FoundUnconfirmed
		case fault.Is(err, fault.Limited):
			return 0, fmt.Errorf("charge of refund %s: %w", row.ProductID, err)
		case err != nil: // payments do not wait for it; what is delivered waits a while for a refund of an unknown charge
			s.Log.WarnContext(ctx, "charge of a refund not read", "refund", row.ProductID, "error", err)
			continue
		}
		row.ChargeID = out.ChargeID
		if _, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error { return tx.SaveRecoveryRow(ctx, m.Since, row) }); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// placeAll has the gateway asked about what has no place yet, the oldest first, payments
// before refunds: a refund is recorded with its payment. open is how much is left.
func (s *Service) placeAll(ctx context.Context, m backup.Recovery, began time.Duration) (open int, err error) {
	if open, err := s.chargesOfRefunds(ctx, m, began); err != nil || open > 0 {
		return open, err
	}
	for _, kind := range []string{backup.FoundPayment, backup.FoundRefund} {
		rows, err := s.Store.RecoveryRows(ctx, m.Since, kind, backup.FoundOpen, placeStep)
		if err != nil {
			return 0, err
		}
		left := 0
		for _, row := range rows {
			if clock.Elapsed(s.Clock)-began > recoverFor {
				return len(rows), nil
			}
			if err := s.place(ctx, m, &row); err != nil {
				return 0, fmt.Errorf("place %s %s: %w", row.Kind, row.Key, err)
			}
			if row.State == backup.FoundOpen {
				left++
			}
		}
		if left > 0 || len(rows) == placeStep {
			return max(left, 1), nil
		}
	}
	return 0, nil
}

// place asks for one row's charge or refund as if the gateway had told of it, and once
// that was done notes what became of it.
func (s *Service) place(ctx context.Context, m backup.Recovery, row *store.RecoveryRow) error {
	before := *row
	ev, found, err := s.Store.WebhookEventByKey(ctx, s.Gateway.Name(), eventKey(m, *row))
	switch {
	case err != nil:
		return err
	case !found:
		err = s.ask(ctx, m, row)
	case ev.State == store.WebhookEventNew:
		err = s.unanswered(ctx, row, ev)
	case row.Kind == backup.FoundRefund:
		refundPlaced(row, ev)
	default:
		err = s.paymentPlaced(ctx, row, ev)
	}
	if err != nil || *row == before {
		return err
	}
	_, err = s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error { return tx.SaveRecoveryRow(ctx, m.Since, *row) })
	return err
}

func eventKey(m backup.Recovery, row store.RecoveryRow) string {
	return fmt.Sprintf("recovery:%d:%s:%d", m.Since.UnixMilli(), row.Key, row.Tries)
}

// ask keeps the question as a message of the gateway: it takes the way of all messages,
// and only what the gateway answers then is recorded.
func (s *Service) ask(ctx context.Context, m backup.Recovery, row *store.RecoveryRow) error {
	n := payments.Notification{Key: eventKey(m, *row), GatewayID: row.ChargeID, Reference: row.Reference, Status: payments.Paid}
	switch {
	case row.Kind == backup.FoundRefund:
		if n.GatewayID = row.ProductID; n.GatewayID == "" {
			row.State = backup.FoundUnconfirmed
			return nil
		}
		n.Status, n.Reference = payments.RefundNews, ""
	case row.ChargeID == "":
		// The list does not say which charge it was: the reference does.
		find, cancel := context.WithTimeout(ctx, pageWithin)
		charges, err := s.Gateway.Find(find, payments.ChargeReference(row.Reference))
		cancel()
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		for _, c := range charges {
			if c.Status == payments.Paid {
				n.GatewayID, n.Reference, row.ChargeID = c.GatewayID, c.Reference, c.GatewayID
			}
		}
		if row.ChargeID == "" {
			row.State = backup.FoundUnconfirmed
			return nil
		}
	}
	body, err := json.Marshal(row)
	if err != nil {
		return err
	}
	_, err = s.orders.FollowUp(ctx, n, body)
	return err
}

// unanswered counts a stored question whose job has died, which was told. It is asked again as
// a new one, and after mostTries a person has to look.
func (s *Service) unanswered(ctx context.Context, row *store.RecoveryRow, ev store.WebhookEvent) error {
	waits, err := s.Store.HasJob(ctx, jobs.EventProcess, ev.ID)
	if err == nil && !waits {
		missed(row)
	}
	return err
}

// paymentPlaced says from the books what became of a payment.
func (s *Service) paymentPlaced(ctx context.Context, row *store.RecoveryRow, ev store.WebhookEvent) error {
	p, err := s.Store.Payment(ctx, s.Gateway.Name(), ev.GatewayID)
	switch {
	case fault.Is(err, fault.NotFound):
		missed(row)
		return nil
	case err != nil:
		return err
	case p.OrderID == "":
		row.State, row.Reason = backup.FoundUnmatched, ev.Reason
		return nil
	}
	o, err := s.Store.Order(ctx, p.OrderID)
	if err != nil {
		return err
	}
	row.State, row.OrderID = backup.FoundMatched, o.ID
	if o.Remade() {
		row.State = backup.FoundRemade
	}
	return nil
}

// missed counts a try that found nothing.
func missed(row *store.RecoveryRow) {
	if row.Tries++; row.Tries >= mostTries {
		row.State = backup.FoundUnconfirmed
	}
}

func refundPlaced(row *store.RecoveryRow, ev store.WebhookEvent) {
	switch ev.State {
	case store.WebhookEventDone:
		row.State = backup.FoundMatched
	case store.WebhookEventUnmatched:
		row.State = backup.FoundUnmatched
	default:
		row.State = backup.FoundUnconfirmed
	}
	row.OrderID = order.ID(ev.OrderID)
}
