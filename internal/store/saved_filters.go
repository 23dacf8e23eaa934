package store

import (
	"context"
	"fmt"
	"slices"
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
		if err == nil {
			err = r.unseal(&f.Query, savedFilterPurpose(f.ID)) // people search for phone numbers
		}
		return f, err
	}, sqlSavedFilters, staffID)
}

// PutSavedFilter keeps a filter; one of the same name is replaced.
func (t *Tx) PutSavedFilter(ctx context.Context, f SavedFilter) error {
	kept, err := t.SavedFilters(ctx, f.StaffID)
	if err != nil {
		return fmt.Errorf("filters of %s: %w", f.StaffID, err)
	}
	if slices.ContainsFunc(kept, func(k SavedFilter) bool { return k.Name == f.Name && k.Query == f.Query }) {
		return nil // each sealing has other bytes
	}
	id := t.NewID()
	query, err := t.sealer.seal(f.Query, savedFilterPurpose(id))
	if err != nil {
		return fmt.Errorf("seal filter of %s: %w", f.StaffID, err)
	}
	if _, err := t.exec(ctx, `INSERT INTO saved_filters (id, staff_id, name, query) VALUES ($1, $2, $3, $4)
		ON CONFLICT (staff_id, name) DO UPDATE SET id = excluded.id, query = excluded.query`, id, f.StaffID, f.Name, query); err != nil {
		return fmt.Errorf("keep filter of %s: %w", f.StaffID, err)
	}
	return nil
}

// DeleteSavedFilter forgets a person's filter.
func (t *Tx) DeleteSavedFilter(ctx context.Context, staffID, id string) error {
	_, err := t.exec(ctx, `DELETE FROM saved_filters WHERE id = $1 AND staff_id = $2`, id, staffID)
	return err
}
