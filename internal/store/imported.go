package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gerai/internal/catalog"
)

var sqlImported = request(`SELECT subject, fields FROM imported`)

// Imported reads what the last import of a catalogue said.
func (r reads) Imported(ctx context.Context) (catalog.Imported, error) {
	out := catalog.Imported{}
	_, err := queryAll(ctx, r.q, func(row scanner) (string, error) {
		var subject, text string
		if err := row.Scan(&subject, &text); err != nil {
			return "", err
		}
		fields := catalog.Fields{}
		err := json.Unmarshal([]byte(text), &fields)
		out[subject] = fields
		return subject, err
	}, sqlImported)
	return out, err
}

// PutImported replaces what is known of the things that an import spoke of.
func (t *Tx) PutImported(ctx context.Context, said catalog.Imported) error {
	for subject, fields := range said {
		text, err := json.Marshal(fields)
		if err == nil {
			_, err = t.exec(ctx, `INSERT INTO imported (subject, fields) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE SET fields = excluded.fields`, subject, string(text))
		}
		if err != nil {
			return fmt.Errorf("put what was imported of %s: %w", subject, err)
		}
	}
	return nil
}
