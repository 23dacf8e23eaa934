package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/fault"
)

// Staff is one account of the operator's people.
type Staff struct {
	ID, Name, Role, PasswordHash string
	Disabled                     bool
	CreatedAt                    time.Time
}

// Session is one signed-in browser.
type Session struct {
	TokenHash string
	StaffID   string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Address   string
}

const staffColumns = `id, name, role, password_hash, disabled, created_ms`

func scanStaff(r scanner) (Staff, error) {
	var s Staff
	var created stamp
	err := r.Scan(&s.ID, &s.Name, &s.Role, &s.PasswordHash, &s.Disabled, &created)
	s.CreatedAt = created.Time
	return s, err
}

var (
	sqlStaffByName = request(`SELECT ` + staffColumns + ` FROM staff WHERE name = $1`)
	sqlStaffByID   = request(`SELECT ` + staffColumns + ` FROM staff WHERE id = $1`)
	sqlSession     = request(`SELECT token_hash, staff_id, created_ms, seen_ms, expires_ms, address FROM sessions WHERE token_hash = $1 AND expires_ms > $2`)
)

// StaffByName reads an account. Errors: NotFound "staff.not_found".
func (r reads) StaffByName(ctx context.Context, name string) (Staff, error) {
	return one(ctx, r.q, scanStaff, "staff.not_found", sqlStaffByName, name)
}

// ListStaff lists every account by name.
func (r reads) ListStaff(ctx context.Context) ([]Staff, error) {
	return list(ctx, r.q, scanStaff, `SELECT `+staffColumns+` FROM staff ORDER BY name`)
}

// StaffBySession reads who is behind a session that has not ended. Errors:
// NotFound "staff.not_found".
func (r reads) StaffBySession(ctx context.Context, tokenHash string, now time.Time) (Staff, Session, error) {
	s, err := one(ctx, r.q, func(row scanner) (Session, error) {
		var s Session
		var created, seen, expires stamp
		err := row.Scan(&s.TokenHash, &s.StaffID, &created, &seen, &expires, &s.Address)
		s.CreatedAt, s.SeenAt, s.ExpiresAt = created.Time, seen.Time, expires.Time
		return s, err
	}, "staff.not_found", sqlSession, tokenHash, at(now))
	if err != nil {
		return Staff{}, s, err
	}
	person, err := one(ctx, r.q, scanStaff, "staff.not_found", sqlStaffByID, s.StaffID)
	return person, s, err
}

// InsertStaff writes a new account. Errors: Conflict "staff.name_taken".
func (t *Tx) InsertStaff(ctx context.Context, s Staff) error {
	fresh, err := t.touched(ctx, `INSERT INTO staff (`+staffColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING`,
		s.ID, strings.ToLower(s.Name), s.Role, s.PasswordHash, s.Disabled, at(s.CreatedAt))
	if err != nil {
		return fmt.Errorf("insert staff: %w", err)
	}
	if !fresh {
		return fault.New(fault.Conflict, "staff.name_taken")
	}
	return nil
}

// SaveStaff writes role, password and whether the account is disabled.
func (t *Tx) SaveStaff(ctx context.Context, s Staff) error {
	_, err := t.exec(ctx, `UPDATE staff SET role = $2, password_hash = $3, disabled = $4 WHERE id = $1`, s.ID, s.Role, s.PasswordHash, s.Disabled)
	return err
}

// InsertSession opens a session.
func (t *Tx) InsertSession(ctx context.Context, s Session) error {
	_, err := t.exec(ctx, `INSERT INTO sessions (token_hash, staff_id, created_ms, seen_ms, expires_ms, address) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.TokenHash, s.StaffID, at(s.CreatedAt), at(s.SeenAt), at(s.ExpiresAt), s.Address)
	return err
}

// TouchSession notes that a session is in use.
func (t *Tx) TouchSession(ctx context.Context, tokenHash string, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE sessions SET seen_ms = $2 WHERE token_hash = $1`, tokenHash, at(now))
	return err
}

// DeleteSession ends a session.
func (t *Tx) DeleteSession(ctx context.Context, tokenHash string) error {
	_, err := t.exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
	return err
}

// CleanSessions deletes sessions that have ended.
func (t *Tx) CleanSessions(ctx context.Context) (int64, error) {
	return t.exec(ctx, `DELETE FROM sessions WHERE expires_ms < $1`, at(t.now))
}
