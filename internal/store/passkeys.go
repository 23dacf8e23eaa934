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
)

// PasskeysOf lists a person's passkeys, the oldest first.
func (r reads) PasskeysOf(ctx context.Context, staffID string) ([]Passkey, error) {
	return queryAll(ctx, r.q, scanPasskey, sqlPasskeysOf, staffID)
}

// CountPasskeys counts them.
func (r reads) CountPasskeys(ctx context.Context, staffID string) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlCountPasskeys, staffID)
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
