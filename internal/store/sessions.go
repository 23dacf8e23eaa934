package store

import (
	"context"
	"time"
)

// Session is one signed-in browser. The token itself is not stored.
type Session struct {
	TokenHash         string
	StaffID           string
	CreatedAt         time.Time
	SeenAt            time.Time
	ExpiresAt         time.Time
	ReauthenticatedAt time.Time // when the password or the second factor was last given
	TwoFactorAt       time.Time // when the second factor was; zero: not yet
	Address           string
	Agent             string // the browser as it calls itself, shortened
}

const sessionColumns = `token_hash, staff_id, created_ms, seen_ms, expires_ms, fresh_ms, second_ms, address, agent`

func scanSession(r scanner) (Session, error) {
	var s Session
	var created, seen, expires, fresh, second unixMillis
	err := r.Scan(&s.TokenHash, &s.StaffID, &created, &seen, &expires, &fresh, &second, &s.Address, &s.Agent)
	s.CreatedAt, s.SeenAt, s.ExpiresAt, s.ReauthenticatedAt, s.TwoFactorAt = created.Time, seen.Time, expires.Time, fresh.Time, second.Time
	return s, err
}

var (
	sqlSession         = request(`SELECT ` + sessionColumns + ` FROM sessions WHERE token_hash = $1 AND expires_ms > $2`)
	sqlSessionsOfStaff = request(`SELECT ` + sessionColumns + ` FROM sessions WHERE staff_id = $1 AND expires_ms > $2 ORDER BY seen_ms DESC`)
)

// StaffBySession reads who is behind a session that has not ended. Errors: ErrStaffNotFound.
func (r reads) StaffBySession(ctx context.Context, tokenHash string, now time.Time) (Staff, Session, error) {
	s, err := queryRow(ctx, r.q, scanSession, ErrStaffNotFound, sqlSession, tokenHash, at(now))
	if err != nil {
		return Staff{}, s, err
	}
	person, err := r.StaffByID(ctx, s.StaffID)
	return person, s, err
}

// SessionsOf lists a person's sessions that have not ended, the last used
// first.
func (r reads) SessionsOf(ctx context.Context, staffID string, now time.Time) ([]Session, error) {
	return queryAll(ctx, r.q, scanSession, sqlSessionsOfStaff, staffID, at(now))
}

// InsertSession opens a session.
func (t *Tx) InsertSession(ctx context.Context, s Session) error {
	_, err := t.exec(ctx, `INSERT INTO sessions (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.TokenHash, s.StaffID, at(s.CreatedAt), at(s.SeenAt), at(s.ExpiresAt), at(s.ReauthenticatedAt), at(s.TwoFactorAt), s.Address, s.Agent)
	return err
}

// SaveSession writes when a session was last used and when its person last
// proved who they are.
func (t *Tx) SaveSession(ctx context.Context, s Session) error {
	_, err := t.exec(ctx, `UPDATE sessions SET seen_ms = $2, fresh_ms = $3, second_ms = $4 WHERE token_hash = $1`, s.TokenHash, at(s.SeenAt), at(s.ReauthenticatedAt), at(s.TwoFactorAt))
	return err
}

// DeleteSession ends a session.
func (t *Tx) DeleteSession(ctx context.Context, tokenHash string) error {
	_, err := t.exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
	return err
}

// DeleteSessionsOf ends all sessions of a person but one; except may be "".
func (t *Tx) DeleteSessionsOf(ctx context.Context, staffID, except string) (int64, error) {
	return t.exec(ctx, `DELETE FROM sessions WHERE staff_id = $1 AND token_hash <> $2`, staffID, except)
}

// CleanSessions deletes sessions that have ended.
func (t *Tx) CleanSessions(ctx context.Context) (int64, error) {
	return t.exec(ctx, `DELETE FROM sessions WHERE expires_ms < $1`, at(t.now))
}
