package store

import (
	"context"
	"fmt"

	"gerai/internal/fault"
)

// RekeyStaff seals every second factor under the current key and returns how
// many were sealed under an older one. Errors: Config "secret.unreadable".
func (t *Tx) RekeyStaff(ctx context.Context) (int, error) {
	type row struct{ id, sealed string }
	all, err := queryAll(ctx, t.q, func(s scanner) (row, error) {
		var r row
		err := s.Scan(&r.id, &r.sealed)
		return r, err
	}, `SELECT id, totp_sealed FROM staff WHERE totp_sealed <> '' ORDER BY id`)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range all {
		plain, current, err := t.keys.Open(r.sealed, totpPurpose)
		if err != nil {
			return n, fault.Wrap(fault.Config, "secret.unreadable", fmt.Errorf("staff %s: %w", r.id, err))
		}
		if current {
			continue
		}
		fresh, err := t.keys.Seal(plain, totpPurpose)
		if err != nil {
			return n, err
		}
		if _, err := t.exec(ctx, `UPDATE staff SET totp_sealed = $2 WHERE id = $1`, r.id, fresh); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
