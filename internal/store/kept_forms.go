package store

import (
	"context"
	"fmt"
	"time"
)

var (
	sqlKeptForm  = request(`SELECT body_sealed FROM kept_forms WHERE id = $1 AND staff_id = $2 AND expires_ms > $3`)
	sqlKeptForms = request(`SELECT id FROM kept_forms WHERE staff_id = $1 ORDER BY expires_ms DESC, id DESC`)
)

// KeepForm keeps a sealed form of a person until it expires, and the latest of theirs only.
func (t *Tx) KeepForm(ctx context.Context, id, staffID, sealed string, expires time.Time, most int) error {
	if _, err := t.exec(ctx, `INSERT INTO kept_forms (id, staff_id, body_sealed, expires_ms) VALUES ($1, $2, $3, $4)`, id, staffID, sealed, at(expires)); err != nil {
		return fmt.Errorf("keep form: %w", err)
	}
	all, err := queryAll(ctx, t.q, scanString, sqlKeptForms, staffID)
	if err != nil {
		return fmt.Errorf("kept forms of %s: %w", staffID, err)
	}
	for _, old := range all[min(most, len(all)):] {
		if _, err := t.exec(ctx, `DELETE FROM kept_forms WHERE id = $1`, old); err != nil {
			return fmt.Errorf("forget kept form: %w", err)
		}
	}
	return nil
}

// TakeForm returns a kept form of a person once; found is false for one that was taken or is
// too old.
func (t *Tx) TakeForm(ctx context.Context, id, staffID string) (sealed string, found bool, err error) {
	if sealed, found, err = queryOptional(ctx, t.q, scanString, sqlKeptForm, id, staffID, at(t.now)); err != nil || !found {
		return "", false, err
	}
	found, err = t.touched(ctx, `DELETE FROM kept_forms WHERE id = $1`, id)
	return sealed, found, err
}

// cleanForms forgets what has expired.
func (t *Tx) cleanForms(ctx context.Context) error {
	_, err := t.exec(ctx, `DELETE FROM kept_forms WHERE expires_ms < $1`, at(t.now))
	return err
}
