package store

import (
	"context"

	"gerai/internal/report"
)

const feesKey = "fees"

// Fees reads the fee rules; the default until they are set.
func (r reads) Fees(ctx context.Context) (report.Fees, error) {
	return setting(ctx, r, feesKey, report.DefaultFees)
}

// PutFees replaces the fee rules.
func (t *Tx) PutFees(ctx context.Context, f report.Fees) error {
	return t.putSetting(ctx, feesKey, f)
}
