package store

import (
	"context"
	"time"
)

// Outage is a time in which a router did not do its part.
type Outage struct {
	BeganAt, EndedAt time.Time // EndedAt is zero while it lasts
	Failure          string    // fault code
}

var sqlOutages = request(`SELECT began_ms, ended_ms, failure FROM router_outages WHERE router_id = $1 ORDER BY began_ms DESC LIMIT $2`)

// Outages lists the latest failures of a router, newest first.
func (r reads) Outages(ctx context.Context, routerID string, limit int) ([]Outage, error) {
	return queryAll(ctx, r.q, func(row scanner) (Outage, error) {
		var o Outage
		var began, ended unixMillis
		err := row.Scan(&began, &ended, &o.Failure)
		o.BeganAt, o.EndedAt = began.Time, ended.Time
		return o, err
	}, sqlOutages, routerID, limit)
}

// noteOutage begins or ends what the list of failures shows.
func (t *Tx) noteOutage(ctx context.Context, routerID, failure string) error {
	if _, err := t.exec(ctx, `UPDATE router_outages SET ended_ms = $2 WHERE router_id = $1 AND ended_ms IS NULL`, routerID, at(t.now)); err != nil || failure == "" {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO router_outages (router_id, began_ms, failure) VALUES ($1, $2, $3)
		ON CONFLICT (router_id, began_ms) DO UPDATE SET failure = excluded.failure, ended_ms = NULL`, routerID, at(t.now), failure)
	return err
}
