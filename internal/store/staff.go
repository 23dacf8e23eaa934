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
	Lang                         string    // "id" or "en"
	Sites                        []string  // site ids the person may work on; empty: all
	PasswordAt                   time.Time // when the password was last changed
	TOTP                         string    // the second factor's secret, "" for none; stored sealed
	TOTPStep                     int64     // the last time step a code was used in
	MustChange                   bool      // an admin chose the password
	Notices                      string    // what the owner has to be told, as staff wrote it
}

const (
	staffColumns = `id, name, role, password_hash, disabled, created_ms, lang, sites, password_ms, totp_sealed, totp_step, must_change, notices`
	totpPurpose  = "staff:totp"
)

func (r reads) scanStaff(row scanner) (Staff, error) {
	var s Staff
	var created, changed unixMillis
	var sites, sealed string
	if err := row.Scan(&s.ID, &s.Name, &s.Role, &s.PasswordHash, &s.Disabled, &created, &s.Lang, &sites, &changed, &sealed, &s.TOTPStep, &s.MustChange, &s.Notices); err != nil {
		return s, err
	}
	s.CreatedAt, s.PasswordAt, s.Sites = created.Time, changed.Time, split(sites)
	if sealed == "" {
		return s, nil
	}
	var err error
	if s.TOTP, _, err = r.keys.Open(sealed, totpPurpose); err != nil {
		return s, errUnreadable(fmt.Errorf("staff %s: %w", s.ID, err))
	}
	return s, nil
}

var (
	sqlStaffByName = request(`SELECT ` + staffColumns + ` FROM staff WHERE name = $1`)
	sqlStaffByID   = request(`SELECT ` + staffColumns + ` FROM staff WHERE id = $1`)
)

// StaffByName reads an account. Errors: ErrStaffNotFound.
func (r reads) StaffByName(ctx context.Context, name string) (Staff, error) {
	return queryRow(ctx, r.q, r.scanStaff, ErrStaffNotFound, sqlStaffByName, name)
}

// ListStaff lists every account by name.
func (r reads) ListStaff(ctx context.Context) ([]Staff, error) {
	return queryAll(ctx, r.q, r.scanStaff, `SELECT `+staffColumns+` FROM staff ORDER BY name`)
}

// StaffByID reads an account. Errors: ErrStaffNotFound.
func (r reads) StaffByID(ctx context.Context, id string) (Staff, error) {
	return queryRow(ctx, r.q, r.scanStaff, ErrStaffNotFound, sqlStaffByID, id)
}

// InsertStaff writes a new account. Errors: Conflict "staff.name_taken".
func (t *Tx) InsertStaff(ctx context.Context, s Staff) error {
	sealed, err := t.sealTOTP(s)
	if err != nil {
		return err
	}
	fresh, err := t.touched(ctx, `INSERT INTO staff (`+staffColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (name) DO NOTHING`,
		s.ID, strings.ToLower(s.Name), s.Role, s.PasswordHash, s.Disabled, at(s.CreatedAt), orIndonesian(s.Lang), strings.Join(s.Sites, ","), at(s.PasswordAt), sealed, s.TOTPStep, s.MustChange, s.Notices)
	if err != nil {
		return fmt.Errorf("insert staff: %w", err)
	}
	if !fresh {
		return fault.New(fault.Conflict, "staff.name_taken")
	}
	return nil
}

// SaveStaff writes everything of an account but its id and when it was made.
// The time step of the last code never goes back.
// Errors: Conflict "staff.name_taken".
func (t *Tx) SaveStaff(ctx context.Context, s Staff) error {
	sealed, err := t.sealTOTP(s)
	if err != nil {
		return err
	}
	other, found, err := queryOptional(ctx, t.q, scanString, `SELECT id FROM staff WHERE name = $1`, strings.ToLower(s.Name))
	if err != nil {
		return err
	}
	if found && other != s.ID {
		return fault.New(fault.Conflict, "staff.name_taken")
	}
	_, err = t.exec(ctx, `UPDATE staff SET name = $2, role = $3, password_hash = $4, disabled = $5, lang = $6, sites = $7, password_ms = $8, totp_sealed = $9,
		totp_step = CASE WHEN totp_step > $10 THEN totp_step ELSE $10 END, must_change = $11, notices = $12 WHERE id = $1`, s.ID, strings.ToLower(s.Name), s.Role, s.PasswordHash, s.Disabled, orIndonesian(s.Lang), strings.Join(s.Sites, ","),
		at(s.PasswordAt), sealed, s.TOTPStep, s.MustChange, s.Notices)
	return err
}

func (t *Tx) sealTOTP(s Staff) (string, error) {
	if s.TOTP == "" {
		return "", nil
	}
	return t.keys.Seal(s.TOTP, totpPurpose)
}

func orIndonesian(lang string) string {
	if lang == "" {
		return "id"
	}
	return lang
}

// HoldStaff reads an account and locks it until the commit. Errors: ErrStaffNotFound.
func (t *Tx) HoldStaff(ctx context.Context, id string) (Staff, error) {
	if _, err := t.exec(ctx, `UPDATE staff SET role = role WHERE id = $1`, id); err != nil {
		return Staff{}, err
	}
	return t.StaffByID(ctx, id)
}

// HoldAdmins makes transactions that could take the last admin away wait for
// each other.
func (t *Tx) HoldAdmins(ctx context.Context) error {
	_, err := t.exec(ctx, `UPDATE staff SET role = role WHERE role = 'admin'`)
	return err
}

// CountAdmins counts the admins who can sign in.
func (r reads) CountAdmins(ctx context.Context) (int64, error) {
	return queryOne(ctx, r.q, scanInt, `SELECT COUNT(*) FROM staff WHERE role = 'admin' AND NOT disabled AND password_hash <> ''`)
}

// CountAllSitesAdmins counts those of them who work on all sites.
func (r reads) CountAllSitesAdmins(ctx context.Context) (int64, error) {
	return queryOne(ctx, r.q, scanInt, `SELECT COUNT(*) FROM staff WHERE role = 'admin' AND NOT disabled AND password_hash <> '' AND sites = ''`)
}

// CountStaff counts every account.
func (r reads) CountStaff(ctx context.Context) (int64, error) {
	return queryOne(ctx, r.q, scanInt, `SELECT COUNT(*) FROM staff`)
}

// UseTOTPStep records the time step a code was used in; false when that step or a later
// one was used before.
func (t *Tx) UseTOTPStep(ctx context.Context, staffID string, step int64) (bool, error) {
	return t.touched(ctx, `UPDATE staff SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, staffID, step)
}

// ClearFactors takes every second factor off a person.
func (t *Tx) ClearFactors(ctx context.Context, staffID string) error {
	for _, statement := range []string{`DELETE FROM passkeys WHERE staff_id = $1`, `DELETE FROM recovery_codes WHERE staff_id = $1`,
		`UPDATE staff SET totp_sealed = '' WHERE id = $1`} {
		if _, err := t.exec(ctx, statement, staffID); err != nil {
			return fmt.Errorf("clear factors: %w", err)
		}
	}
	return nil
}

// CleanStaff deletes sessions, questions, links and failures that have run out.
func (t *Tx) CleanStaff(ctx context.Context) error {
	for _, statement := range []string{`DELETE FROM ceremonies WHERE expires_ms < $1`, `DELETE FROM invites WHERE expires_ms < $1`, `DELETE FROM failed_sign_ins WHERE expires_ms < $1`} {
		if _, err := t.exec(ctx, statement, at(t.now)); err != nil {
			return fmt.Errorf("clean people: %w", err)
		}
	}
	if err := t.cleanForms(ctx); err != nil {
		return fmt.Errorf("clean kept forms: %w", err)
	}
	_, err := t.CleanSessions(ctx)
	return err
}
