package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

// Note is what staff wrote down about an order.
type Note struct {
	ID        string
	OrderID   order.ID
	StaffName string
	Text      string
	At        time.Time
}

var sqlNotes = request(`SELECT id, order_id, staff_name, text, at_ms FROM notes WHERE order_id = $1 ORDER BY at_ms, id`)

// Notes lists what was written about an order, first one first.
func (r reads) Notes(ctx context.Context, id order.ID) ([]Note, error) {
	return queryAll(ctx, r.q, func(row scanner) (Note, error) {
		var n Note
		var when unixMillis
		err := row.Scan(&n.ID, &n.OrderID, &n.StaffName, &n.Text, &when)
		n.At = when.Time
		return n, err
	}, sqlNotes, string(id))
}

// InsertNote writes a note.
func (t *Tx) InsertNote(ctx context.Context, n Note) error {
	if _, err := t.exec(ctx, `INSERT INTO notes (id, order_id, staff_name, text, at_ms) VALUES ($1, $2, $3, $4, $5)`, t.NewID(), string(n.OrderID), n.StaffName, n.Text, at(t.now)); err != nil {
		return fmt.Errorf("note on order %s: %w", n.OrderID, err)
	}
	return nil
}
