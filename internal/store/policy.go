package store

import (
	"context"
	"fmt"
)

const (
	policyKey = "staff_policy"
	anchorKey = "audit_anchors"
)

// StaffPolicy reads the rules for people's accounts as staff wrote them; found
// is false until somebody has.
func (r reads) StaffPolicy(ctx context.Context) (text string, found bool, err error) {
	return maybe(ctx, r.q, scanString, sqlSetting, policyKey)
}

// PutStaffPolicy replaces them.
func (t *Tx) PutStaffPolicy(ctx context.Context, text string) error {
	return t.keepText(ctx, policyKey, text)
}

// AuditAnchors reads the kept ends of the audit chain, as staff wrote them.
func (r reads) AuditAnchors(ctx context.Context) (text string, found bool, err error) {
	return maybe(ctx, r.q, scanString, sqlSetting, anchorKey)
}

// PutAuditAnchors replaces them.
func (t *Tx) PutAuditAnchors(ctx context.Context, text string) error {
	return t.keepText(ctx, anchorKey, text)
}

func (t *Tx) keepText(ctx context.Context, key, value string) error {
	_, err := t.exec(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms`, key, value, at(t.now))
	if err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return nil
}
