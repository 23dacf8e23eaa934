package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gerai/internal/catalog"
)

const brandKey = "brand"

var sqlSetting = request(`SELECT value FROM settings WHERE key = $1`)

// Brand reads how the shop presents itself; the default until one is set.
func (r reads) Brand(ctx context.Context) (catalog.Brand, error) {
	text, found, err := maybe(ctx, r.q, scanString, sqlSetting, brandKey)
	if err != nil || !found {
		return catalog.DefaultBrand, err
	}
	var b catalog.Brand
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		return b, fmt.Errorf("read brand: %w", err)
	}
	return b, nil
}

// PutBrand replaces the brand.
func (t *Tx) PutBrand(ctx context.Context, b catalog.Brand) error {
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms`, brandKey, string(text), at(t.now))
	if err != nil {
		return fmt.Errorf("put brand: %w", err)
	}
	return nil
}

// PutSetting keeps a plain value under a key.
func (t *Tx) PutSetting(ctx context.Context, key, value string) error {
	if _, err := t.exec(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms`, key, value, at(t.now)); err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return nil
}
