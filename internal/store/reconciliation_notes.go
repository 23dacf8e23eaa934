package store

import (
	"context"
	"fmt"
	"time"
)

// ReconciliationNote is what staff wrote down about a row.
type ReconciliationNote struct {
	RowID     string
	StaffName string
	Text      string
	At        time.Time
}

var sqlReconciliationNotes = request(`SELECT row_id, staff_name, text, at_ms FROM reconciliation_notes WHERE row_id = $1 ORDER BY at_ms, id`)

// ReconciliationNotes lists what was written about a row, first one first.
func (r reads) ReconciliationNotes(ctx context.Context, rowID string) ([]ReconciliationNote, error) {
	return queryAll(ctx, r.q, func(row scanner) (ReconciliationNote, error) {
		var n ReconciliationNote
		var when unixMillis
		err := row.Scan(&n.RowID, &n.StaffName, &n.Text, &when)
		n.At = when.Time
		return n, err
	}, sqlReconciliationNotes, rowID)
}

// InsertReconciliationNote writes a note.
func (t *Tx) InsertReconciliationNote(ctx context.Context, n ReconciliationNote) error {
	_, err := t.exec(ctx, `INSERT INTO reconciliation_notes (id, row_id, staff_name, text, at_ms) VALUES ($1, $2, $3, $4, $5)`, t.NewID(), n.RowID, n.StaffName, n.Text, at(t.now))
	if err != nil {
		return fmt.Errorf("note on row %s: %w", n.RowID, err)
	}
	return nil
}

func (t *Tx) dropReconciliationNotes(ctx context.Context, rowID string) error {
	_, err := t.exec(ctx, `DELETE FROM reconciliation_notes WHERE row_id = $1`, rowID)
	return err
}
