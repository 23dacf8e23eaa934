package store

import (
	"context"
	"fmt"
)

var sqlCountRecovery = request(`SELECT COUNT(*) FROM recovery_codes WHERE staff_id = $1 AND used_ms IS NULL`)

// CountRecoveryCodes counts a person's codes that still work.
func (r reads) CountRecoveryCodes(ctx context.Context, staffID string) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlCountRecovery, staffID)
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
