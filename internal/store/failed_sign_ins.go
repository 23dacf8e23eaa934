package store

import (
	"context"
	"time"

	"gerai/internal/clock"
)

var sqlFailures = request(`SELECT COUNT(*) FROM failed_sign_ins WHERE key = $1 AND at_ms > $2 AND at_ms <= $3`)

// CountFailure notes a sign-in that failed and returns how many did for the key
// within the window, this one included.
func (t *Tx) CountFailure(ctx context.Context, key string, window time.Duration) (int64, error) {
	if _, err := t.exec(ctx, `INSERT INTO failed_sign_ins (key, at_ms, expires_ms) VALUES ($1, $2, $3)`, key, at(t.now), at(t.now.Add(window))); err != nil {
		return 0, err
	}
	return queryOne(ctx, t.q, scanInt, sqlFailures, key, at(t.now.Add(-window)), at(t.now.Add(clock.Skew)))
}
