package store

import (
	"context"
	"fmt"
	"time"
)

var (
	sqlInvite        = request(`SELECT staff_id FROM invites WHERE token_hash = $1 AND expires_ms > $2`)
	sqlInviteOfStaff = request(`SELECT expires_ms FROM invites WHERE staff_id = $1 AND expires_ms > $2 ORDER BY expires_ms DESC LIMIT 1`)
)

// InvitedBy reads whose one-time link a token is: a person's id, "" for the
// link that makes the first admin. Errors: ErrLinkDead.
func (r reads) InvitedBy(ctx context.Context, tokenHash string, now time.Time) (string, error) {
	return queryRow(ctx, r.q, scanString, ErrLinkDead, sqlInvite, tokenHash, at(now))
}

// InviteOf says until when a person's link works; found is false without one.
func (r reads) InviteOf(ctx context.Context, staffID string, now time.Time) (expires time.Time, found bool, err error) {
	ms, found, err := queryOptional(ctx, r.q, scanInt, sqlInviteOfStaff, staffID, at(now))
	if !found || err != nil {
		return time.Time{}, false, err
	}
	return time.UnixMilli(ms).UTC(), true, nil
}

// PutInvite makes a link the only one of its person.
func (t *Tx) PutInvite(ctx context.Context, tokenHash, staffID string, expires time.Time) error {
	if _, err := t.DeleteInvites(ctx, staffID); err != nil {
		return err
	}
	return t.AddInvite(ctx, tokenHash, staffID, expires)
}

// AddInvite adds a link beside others.
func (t *Tx) AddInvite(ctx context.Context, tokenHash, staffID string, expires time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO invites (token_hash, staff_id, created_ms, expires_ms) VALUES ($1, $2, $3, $4)`, tokenHash, staffID, at(t.now), at(expires))
	if err != nil {
		return fmt.Errorf("insert invite: %w", err)
	}
	return nil
}

// DeleteInvites ends an account's links and returns how many there were. Of two parallel
// calls one deletes none.
func (t *Tx) DeleteInvites(ctx context.Context, staffID string) (int64, error) {
	return t.exec(ctx, `DELETE FROM invites WHERE staff_id = $1`, staffID)
}
