package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/actor"
)

// Process is a running shop and the keys that it knows.
type Process struct {
	ID     string
	KeyIDs []string
	SeenAt time.Time
}

// processLife is how long a process counts as running after it was last seen.
const processLife = 2 * time.Minute

var sqlProcesses = request(`SELECT id, key_ids, seen_ms FROM processes WHERE seen_ms > $1 ORDER BY id`)

// Processes lists the shops that run on this database.
func (r reads) processes(ctx context.Context, now time.Time) ([]Process, error) {
	return queryAll(ctx, r.q, func(row scanner) (Process, error) {
		var p Process
		var ids string
		var seen unixMillis
		err := row.Scan(&p.ID, &ids, &seen)
		p.KeyIDs, p.SeenAt = strings.Fields(ids), seen.Time
		return p, err
	}, sqlProcesses, at(now.Add(-processLife)))
}

// Announce says that a process runs and which keys it knows. It is repeated well within
// processLife.
func (s *Store) Announce(ctx context.Context, id string) error {
	return s.InTx(ctx, actor.Server, func(t *Tx) error {
		if _, err := t.exec(ctx, `INSERT INTO processes (id, key_ids, seen_ms) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET key_ids = excluded.key_ids, seen_ms = excluded.seen_ms`,
			id, strings.Join(s.o.Keys.IDs(), " "), at(t.now)); err != nil {
			return fmt.Errorf("announce process %s: %w", id, err)
		}
		_, err := t.exec(ctx, `DELETE FROM processes WHERE seen_ms < $1`, at(t.now.Add(-10*processLife)))
		return err
	})
}

// Withdraw says that a process ends.
func (s *Store) Withdraw(ctx context.Context, id string) error {
	return s.InTx(ctx, actor.Server, func(t *Tx) error {
		_, err := t.exec(ctx, `DELETE FROM processes WHERE id = $1`, id)
		return err
	})
}
