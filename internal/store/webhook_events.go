package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/order"
	"gerai/payments"
)

// States of a kept gateway message.
const (
	WebhookEventNew       = "new"
	WebhookEventDone      = "done"
	WebhookEventIgnored   = "ignored"
	WebhookEventUnmatched = "unmatched"
)

// ListedEvent is the name of what no message told: it was found in the gateway's list.
const ListedEvent = "gateway.listed"

// WebhookEvent is one gateway message as it came.
type WebhookEvent struct {
	ID         string
	Gateway    string
	Key        string // unique per gateway
	Name       string
	GatewayID  string
	Reference  string
	Status     payments.Status
	Sample     bool
	Body       []byte
	State      string
	OrderID    string
	Note       string
	Reason     string // code of why its money has no order, "" where it has one or nothing is known
	ReceivedAt time.Time
}

const webhookEventColumns = `id, gateway, key, name, gateway_id, reference, claim, sample, body, state, order_id, note, reason, received_ms`

func scanWebhookEvent(r scanner) (WebhookEvent, error) {
	var e WebhookEvent
	var received unixMillis
	err := r.Scan(&e.ID, &e.Gateway, &e.Key, &e.Name, &e.GatewayID, &e.Reference, &e.Status, &e.Sample, &e.Body, &e.State, &e.OrderID, &e.Note, &e.Reason, &received)
	e.ReceivedAt = received.Time
	return e, err
}

var (
	sqlWebhookEvent          = request(`SELECT ` + webhookEventColumns + ` FROM events WHERE id = $1`)
	sqlWebhookEventByKey     = request(`SELECT ` + webhookEventColumns + ` FROM events WHERE gateway = $1 AND key = $2`)
	sqlWebhookEventsOf       = request(`SELECT ` + webhookEventColumns + ` FROM events WHERE order_id = $1 AND order_id <> '' ORDER BY received_ms`)
	sqlWebhookEventsOfCharge = request(`SELECT id FROM events WHERE gateway_id = $1 AND gateway_id <> ''`)
	sqlLastWebhookEvent      = request(`SELECT received_ms FROM events WHERE name <> '` + ListedEvent + `' ORDER BY received_ms DESC LIMIT 1`)
	sqlWebhookEventTimes     = request(`SELECT finished_ms, finished_ms - created_ms FROM jobs WHERE finished_ms IS NOT NULL AND finished_ms > $1 AND kind = 'event.process'
		ORDER BY finished_ms DESC LIMIT 101`)
)

// WebhookEvent reads one kept message. Errors: ErrWebhookEventNotFound.
func (r reads) WebhookEvent(ctx context.Context, id string) (WebhookEvent, error) {
	return queryRow(ctx, r.q, scanWebhookEvent, ErrWebhookEventNotFound, sqlWebhookEvent, id)
}

// WebhookEventByKey finds the message of a key, if it was kept.
func (r reads) WebhookEventByKey(ctx context.Context, gateway, key string) (WebhookEvent, bool, error) {
	return queryOptional(ctx, r.q, scanWebhookEvent, sqlWebhookEventByKey, gateway, key)
}

// WebhookEventsOf lists the messages that spoke of an order.
func (r reads) WebhookEventsOf(ctx context.Context, id order.ID) ([]WebhookEvent, error) {
	return queryAll(ctx, r.q, scanWebhookEvent, sqlWebhookEventsOf, string(id))
}

// InsertWebhookEvent keeps a message once per gateway and key and returns its id.
func (t *Tx) InsertWebhookEvent(ctx context.Context, e WebhookEvent) (fresh bool, id string, err error) {
	e.ID = t.NewID()
	fresh, err = t.touched(ctx, `INSERT INTO events (`+webhookEventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (gateway, key) DO NOTHING`,
		e.ID, e.Gateway, e.Key, e.Name, e.GatewayID, e.Reference, string(e.Status), e.Sample, e.Body, e.State, e.OrderID, e.Note, e.Reason, at(e.ReceivedAt))
	if err != nil {
		return false, "", fmt.Errorf("insert event %s: %w", e.Key, err)
	}
	return fresh, e.ID, nil
}

// FinishWebhookEvent notes what became of a message: its State, OrderID, Note and Reason.
func (t *Tx) FinishWebhookEvent(ctx context.Context, e WebhookEvent) error {
	if _, err := t.exec(ctx, `UPDATE events SET state = $2, order_id = $3, note = $4, reason = $5 WHERE id = $1`, e.ID, e.State, e.OrderID, e.Note, e.Reason); err != nil {
		return fmt.Errorf("finish event %s: %w", e.ID, err)
	}
	return nil
}

// dated is a time and how long something took.
type dated struct {
	at   time.Time
	took time.Duration
}

// WebhookEventsOfCharge lists the ids of the messages that named a charge.
func (r reads) WebhookEventsOfCharge(ctx context.Context, gatewayID string) ([]string, error) {
	return queryAll(ctx, r.q, scanString, sqlWebhookEventsOfCharge, gatewayID)
}

// WebhookPulse says when the newest gateway message came and how long, in the
// middle, messages of the last hour waited until their order had moved. found
// is false when there never was one.
func (r reads) WebhookPulse(ctx context.Context, now time.Time) (newest time.Time, median time.Duration, found bool, err error) {
	last, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlLastWebhookEvent)
	if err != nil || !found {
		return newest, 0, false, err
	}
	recent, err := queryAll(ctx, r.q, func(row scanner) (dated, error) {
		var when unixMillis
		var took int64
		err := row.Scan(&when, &took)
		return dated{when.Time, time.Duration(took) * time.Millisecond}, err
	}, sqlWebhookEventTimes, at(now.Add(-time.Hour)))
	if err != nil || len(recent) == 0 {
		return last.Time, 0, true, err
	}
	slices.SortFunc(recent, func(a, b dated) int { return int(a.took - b.took) })
	return last.Time, recent[len(recent)/2].took, true, nil
}
