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
	return setting(ctx, r, brandKey, catalog.DefaultBrand)
}

// PutBrand replaces the brand.
func (t *Tx) PutBrand(ctx context.Context, b catalog.Brand) error {
	return t.putSetting(ctx, brandKey, b)
}

// setting reads the value under a key; fallback until there is one.
func setting[T any](ctx context.Context, r reads, key string, fallback T) (T, error) {
	text, found, err := queryOptional(ctx, r.q, scanString, sqlSetting, key)
	if err != nil || !found {
		return fallback, err
	}
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("read setting %s: %w", key, err)
	}
	return v, nil
}

// putSetting keeps a value under a key.
func (t *Tx) putSetting(ctx context.Context, key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return t.PutSetting(ctx, key, string(text))
}

// PutSetting keeps a plain value under a key.
func (t *Tx) PutSetting(ctx context.Context, key, value string) error {
	if _, err := t.exec(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms`, key, value, at(t.now)); err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return nil
}
