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

// SavedFilter is a view of the order list that a person keeps.
type SavedFilter struct {
	ID, StaffID, Name string
	Query             string // the list's parameters, encoded
}

var (
	sqlNotes        = request(`SELECT id, order_id, staff_name, text, at_ms FROM notes WHERE order_id = $1 ORDER BY at_ms, id`)
	sqlSavedFilters = request(`SELECT id, staff_id, name, query FROM saved_filters WHERE staff_id = $1 ORDER BY name`)
)

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

// SavedFilters lists a person's filters by name.
func (r reads) SavedFilters(ctx context.Context, staffID string) ([]SavedFilter, error) {
	return queryAll(ctx, r.q, func(row scanner) (SavedFilter, error) {
		var f SavedFilter
		err := row.Scan(&f.ID, &f.StaffID, &f.Name, &f.Query)
		return f, err
	}, sqlSavedFilters, staffID)
}

// InsertNote writes a note.
func (t *Tx) InsertNote(ctx context.Context, n Note) error {
	if _, err := t.exec(ctx, `INSERT INTO notes (id, order_id, staff_name, text, at_ms) VALUES ($1, $2, $3, $4, $5)`, t.NewID(), string(n.OrderID), n.StaffName, n.Text, at(t.now)); err != nil {
		return fmt.Errorf("note on order %s: %w", n.OrderID, err)
	}
	return nil
}

// PutSavedFilter keeps a filter; one of the same name is replaced.
func (t *Tx) PutSavedFilter(ctx context.Context, f SavedFilter) error {
	if _, err := t.exec(ctx, `INSERT INTO saved_filters (id, staff_id, name, query) VALUES ($1, $2, $3, $4)
		ON CONFLICT (staff_id, name) DO UPDATE SET query = excluded.query`, t.NewID(), f.StaffID, f.Name, f.Query); err != nil {
		return fmt.Errorf("keep filter of %s: %w", f.StaffID, err)
	}
	return nil
}

// DeleteSavedFilter forgets a person's filter.
func (t *Tx) DeleteSavedFilter(ctx context.Context, staffID, id string) error {
	_, err := t.exec(ctx, `DELETE FROM saved_filters WHERE id = $1 AND staff_id = $2`, id, staffID)
	return err
}
