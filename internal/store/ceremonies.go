package store

import (
	"context"
	"time"
)

var sqlCeremony = request(`SELECT data FROM ceremonies WHERE id = $1 AND kind = $2 AND staff_id = $3 AND expires_ms > $4`)

// InsertCeremony keeps a passkey question until its answer comes.
func (t *Tx) InsertCeremony(ctx context.Context, id, kind, staffID, data string, expires time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO ceremonies (id, kind, staff_id, data, expires_ms) VALUES ($1, $2, $3, $4, $5)`, id, kind, staffID, data, at(expires))
	return err
}

// TakeCeremony returns a stored challenge once. Errors: ErrPasskeyLate.
func (t *Tx) TakeCeremony(ctx context.Context, id, kind, staffID string) (string, error) {
	data, err := queryRow(ctx, t.q, scanString, ErrPasskeyLate, sqlCeremony, id, kind, staffID, at(t.now))
	if err != nil {
		return "", err
	}
	taken, err := t.touched(ctx, `DELETE FROM ceremonies WHERE id = $1`, id)
	if err == nil && !taken {
		err = ErrPasskeyLate
	}
	return data, err
}
