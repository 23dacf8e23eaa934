package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
)

// Passkey is one WebAuthn credential of a person. Credential is the library's
// own record as JSON; it holds a public key and nothing secret.
type Passkey struct {
	ID         string // credential id, base64url
	StaffID    string
	Name       string
	Credential string
	CreatedAt  time.Time
	UsedAt     time.Time // zero: never
}

const passkeyColumns = `id, staff_id, name, credential, created_ms, used_ms`

func scanPasskey(r scanner) (Passkey, error) {
	var p Passkey
	var created, used unixMillis
	err := r.Scan(&p.ID, &p.StaffID, &p.Name, &p.Credential, &created, &used)
	p.CreatedAt, p.UsedAt = created.Time, used.Time
	return p, err
}

var (
	sqlPasskeysOf    = request(`SELECT ` + passkeyColumns + ` FROM passkeys WHERE staff_id = $1 ORDER BY created_ms, id`)
	sqlCountPasskeys = request(`SELECT COUNT(*) FROM passkeys WHERE staff_id = $1`)
	sqlCountRecovery = request(`SELECT COUNT(*) FROM recovery_codes WHERE staff_id = $1 AND used_ms IS NULL`)
	sqlCeremony      = request(`SELECT data FROM ceremonies WHERE id = $1 AND kind = $2 AND staff_id = $3 AND expires_ms > $4`)
	sqlInvite        = request(`SELECT staff_id FROM invites WHERE token_hash = $1 AND expires_ms > $2`)
	sqlInviteOfStaff = request(`SELECT expires_ms FROM invites WHERE staff_id = $1 AND expires_ms > $2 ORDER BY expires_ms DESC LIMIT 1`)
)

// PasskeysOf lists a person's passkeys, the oldest first.
func (r reads) PasskeysOf(ctx context.Context, staffID string) ([]Passkey, error) {
	return queryAll(ctx, r.q, scanPasskey, sqlPasskeysOf, staffID)
}

// CountPasskeys counts them.
func (r reads) CountPasskeys(ctx context.Context, staffID string) (int64, error) {
	return queryRow(ctx, r.q, scanInt, "internal", sqlCountPasskeys, staffID)
}

// CountRecoveryCodes counts a person's codes that still work.
func (r reads) CountRecoveryCodes(ctx context.Context, staffID string) (int64, error) {
	return queryRow(ctx, r.q, scanInt, "internal", sqlCountRecovery, staffID)
}

// InsertPasskey adds one. Errors: Conflict "staff.passkey_known" when the credential is
// registered already, for this account or another.
func (t *Tx) InsertPasskey(ctx context.Context, p Passkey) error {
	fresh, err := t.touched(ctx, `INSERT INTO passkeys (`+passkeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
		p.ID, p.StaffID, p.Name, p.Credential, at(p.CreatedAt), at(p.UsedAt))
	if err != nil {
		return fmt.Errorf("insert passkey: %w", err)
	}
	if !fresh {
		return fault.New(fault.Conflict, "staff.passkey_known")
	}
	return nil
}

// SavePasskey writes what a use changed: counter, flags, time. It is false when
// the passkey is its person's no more: one that was removed does not come back.
func (t *Tx) SavePasskey(ctx context.Context, p Passkey) (bool, error) {
	return t.touched(ctx, `UPDATE passkeys SET credential = $3, used_ms = $4 WHERE id = $1 AND staff_id = $2`, p.ID, p.StaffID, p.Credential, at(p.UsedAt))
}

// DeletePasskey removes one of a person's; false when there is none.
func (t *Tx) DeletePasskey(ctx context.Context, staffID, id string) (bool, error) {
	return t.touched(ctx, `DELETE FROM passkeys WHERE staff_id = $1 AND id = $2`, staffID, id)
}

// UseTOTPStep records the time step a code was used in; false when that step or a later
// one was used before.
func (t *Tx) UseTOTPStep(ctx context.Context, staffID string, step int64) (bool, error) {
	return t.touched(ctx, `UPDATE staff SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, staffID, step)
}

// PutRecoveryCodes replaces a person's codes, given as hashes.
func (t *Tx) PutRecoveryCodes(ctx context.Context, staffID string, hashes []string) error {
	if _, err := t.exec(ctx, `DELETE FROM recovery_codes WHERE staff_id = $1`, staffID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := t.exec(ctx, `INSERT INTO recovery_codes (staff_id, code_hash) VALUES ($1, $2)`, staffID, h); err != nil {
			return fmt.Errorf("insert recovery code: %w", err)
		}
	}
	return nil
}

// UseRecoveryCode spends a code; false when there is none or it is spent.
func (t *Tx) UseRecoveryCode(ctx context.Context, staffID, hash string) (bool, error) {
	return t.touched(ctx, `UPDATE recovery_codes SET used_ms = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_ms IS NULL`, staffID, hash, at(t.now))
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

// InsertCeremony keeps a passkey question until its answer comes.
func (t *Tx) InsertCeremony(ctx context.Context, id, kind, staffID, data string, expires time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO ceremonies (id, kind, staff_id, data, expires_ms) VALUES ($1, $2, $3, $4, $5)`, id, kind, staffID, data, at(expires))
	return err
}

// TakeCeremony returns a stored challenge once. Errors: NotFound "staff.passkey_late".
func (t *Tx) TakeCeremony(ctx context.Context, id, kind, staffID string) (string, error) {
	data, err := queryRow(ctx, t.q, scanString, "staff.passkey_late", sqlCeremony, id, kind, staffID, at(t.now))
	if err != nil {
		return "", err
	}
	taken, err := t.touched(ctx, `DELETE FROM ceremonies WHERE id = $1`, id)
	if err == nil && !taken {
		err = fault.New(fault.NotFound, "staff.passkey_late")
	}
	return data, err
}

// CleanStaff deletes sessions, questions, links and failures that have run out.
func (t *Tx) CleanStaff(ctx context.Context) error {
	for _, statement := range []string{`DELETE FROM ceremonies WHERE expires_ms < $1`, `DELETE FROM invites WHERE expires_ms < $1`, `DELETE FROM failed_sign_ins WHERE expires_ms < $1`} {
		if _, err := t.exec(ctx, statement, at(t.now)); err != nil {
			return fmt.Errorf("clean people: %w", err)
		}
	}
	_, err := t.CleanSessions(ctx)
	return err
}
