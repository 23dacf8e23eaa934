package store

import "context"

const (
	policyKey = "staff_policy"
	anchorKey = "audit_anchors"
)

// StaffPolicy reads the stored rules for accounts; found is false while there are none.
func (r reads) StaffPolicy(ctx context.Context) (text string, found bool, err error) {
	return queryOptional(ctx, r.q, scanString, sqlSetting, policyKey)
}

// PutStaffPolicy replaces them.
func (t *Tx) PutStaffPolicy(ctx context.Context, text string) error {
	return t.PutSetting(ctx, policyKey, text)
}

// AuditAnchors reads the kept ends of the audit chain, as staff wrote them.
func (r reads) AuditAnchors(ctx context.Context) (text string, found bool, err error) {
	return queryOptional(ctx, r.q, scanString, sqlSetting, anchorKey)
}

// PutAuditAnchors replaces them.
func (t *Tx) PutAuditAnchors(ctx context.Context, text string) error {
	return t.PutSetting(ctx, anchorKey, text)
}
