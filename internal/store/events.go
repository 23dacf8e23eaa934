package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
	"gerai/payments"
)

// States of a kept gateway message.
const (
	EventNew       = "new"
	EventDone      = "done"
	EventIgnored   = "ignored"
	EventUnmatched = "unmatched"
)

// Event is one gateway message as it came.
type Event struct {
	ID         string
	Gateway    string
	Key        string // unique per gateway
	Name       string
	GatewayID  string
	Reference  string
	Claim      payments.Status
	Sample     bool
	Body       []byte
	State      string
	OrderID    string
	Note       string
	ReceivedAt time.Time
}

const eventColumns = `id, gateway, key, name, gateway_id, reference, claim, sample, body, state, order_id, note, received_ms`

func scanEvent(r scanner) (Event, error) {
	var e Event
	var received stamp
	err := r.Scan(&e.ID, &e.Gateway, &e.Key, &e.Name, &e.GatewayID, &e.Reference, &e.Claim, &e.Sample, &e.Body, &e.State, &e.OrderID, &e.Note, &received)
	e.ReceivedAt = received.Time
	return e, err
}

var (
	sqlEvent    = request(`SELECT ` + eventColumns + ` FROM events WHERE id = $1`)
	sqlEventsOf = request(`SELECT ` + eventColumns + ` FROM events WHERE order_id = $1 AND order_id <> '' ORDER BY received_ms`)
)

// Event reads one kept message. Errors: NotFound "event.not_found".
func (r reads) Event(ctx context.Context, id string) (Event, error) {
	return one(ctx, r.q, scanEvent, "event.not_found", sqlEvent, id)
}

// EventsOf lists the messages that spoke of an order.
func (r reads) EventsOf(ctx context.Context, id order.ID) ([]Event, error) {
	return list(ctx, r.q, scanEvent, sqlEventsOf, string(id))
}

// InsertEvent keeps a message once per gateway and key and returns its id.
func (t *Tx) InsertEvent(ctx context.Context, e Event) (fresh bool, id string, err error) {
	e.ID = t.NewID()
	fresh, err = t.touched(ctx, `INSERT INTO events (`+eventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (gateway, key) DO NOTHING`,
		e.ID, e.Gateway, e.Key, e.Name, e.GatewayID, e.Reference, string(e.Claim), e.Sample, e.Body, e.State, e.OrderID, e.Note, at(e.ReceivedAt))
	if err != nil {
		return false, "", fmt.Errorf("insert event %s: %w", e.Key, err)
	}
	return fresh, e.ID, nil
}

// FinishEvent notes what became of a message.
func (t *Tx) FinishEvent(ctx context.Context, id, state, orderID, note string) error {
	if _, err := t.exec(ctx, `UPDATE events SET state = $2, order_id = $3, note = $4 WHERE id = $1`, id, state, orderID, note); err != nil {
		return fmt.Errorf("finish event %s: %w", id, err)
	}
	return nil
}
