package store

import (
	"context"
	"fmt"
)

// SavedFilter is a view of the order list that a person keeps.
type SavedFilter struct {
	ID, StaffID, Name string
	Query             string // the list's parameters, encoded
}

var sqlSavedFilters = request(`SELECT id, staff_id, name, query FROM saved_filters WHERE staff_id = $1 ORDER BY name`)

// SavedFilters lists a person's filters by name.
func (r reads) SavedFilters(ctx context.Context, staffID string) ([]SavedFilter, error) {
	return queryAll(ctx, r.q, func(row scanner) (SavedFilter, error) {
		var f SavedFilter
		err := row.Scan(&f.ID, &f.StaffID, &f.Name, &f.Query)
		return f, err
	}, sqlSavedFilters, staffID)
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
