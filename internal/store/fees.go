package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gerai/internal/report"
)

const feesKey = "fees"

// Fees reads the fee rules; the default until they are set.
func (r reads) Fees(ctx context.Context) (report.Fees, error) {
	text, found, err := maybe(ctx, r.q, scanString, sqlSetting, feesKey)
	if err != nil || !found {
		return report.DefaultFees, err
	}
	var f report.Fees
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, fmt.Errorf("read fees: %w", err)
	}
	return f, nil
}

// PutFees replaces the fee rules.
func (t *Tx) PutFees(ctx context.Context, f report.Fees) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms`, feesKey, string(text), at(t.now))
	if err != nil {
		return fmt.Errorf("put fees: %w", err)
	}
	return nil
}
