package store

import (
	"context"
	"encoding/base64"
	"fmt"
)

// Logo is a logo that the brand has or had, by a name that its content gives.
type Logo struct {
	Name, Type string
	Content    []byte
}

var sqlLogo = request(`SELECT name, type, content FROM logos WHERE name = $1`)

// Logo reads a logo by its name; found is false when it was never kept.
func (r reads) Logo(ctx context.Context, name string) (l Logo, found bool, err error) {
	return queryOptional(ctx, r.q, func(row scanner) (l Logo, err error) {
		var text string
		if err = row.Scan(&l.Name, &l.Type, &text); err == nil {
			l.Content, err = base64.StdEncoding.DecodeString(text)
		}
		return l, err
	}, sqlLogo, name)
}

// KeepLogo keeps a logo; one that is kept already stays.
func (t *Tx) KeepLogo(ctx context.Context, l Logo) error {
	if _, err := t.exec(ctx, `INSERT INTO logos (name, type, content) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`, l.Name, l.Type, base64.StdEncoding.EncodeToString(l.Content)); err != nil {
		return fmt.Errorf("keep logo %s: %w", l.Name, err)
	}
	return nil
}
