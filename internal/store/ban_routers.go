package store

import (
	"context"
	"fmt"
	"time"
)

var sqlBanRouters = request(`SELECT router_id, at_ms, held FROM ban_routers`)

// BanRouter is how a router was last found, or made, to hold bans.
type BanRouter struct {
	RouterID string
	At       time.Time
	Held     int
}

// BanRouters lists the routers that were ever told of bans.
func (r reads) BanRouters(ctx context.Context) ([]BanRouter, error) {
	return queryAll(ctx, r.q, func(row scanner) (BanRouter, error) {
		var x BanRouter
		var when unixMillis
		err := row.Scan(&x.RouterID, &when, &x.Held)
		x.At = when.Time
		return x, err
	}, sqlBanRouters)
}

// ExpectBans notes that a router may hold so many rows of bans from now on, whatever comes of
// telling it. When it was last told stays as it was.
func (t *Tx) ExpectBans(ctx context.Context, routerID string, most int) error {
	_, err := t.exec(ctx, `INSERT INTO ban_routers (router_id, at_ms, held) VALUES ($1, 0, $2) ON CONFLICT (router_id) DO UPDATE SET held = excluded.held WHERE ban_routers.held < excluded.held`, routerID, most)
	if err != nil {
		return fmt.Errorf("expect bans on router %s: %w", routerID, err)
	}
	return nil
}

// NoteBans notes how many rows of bans a router holds.
func (t *Tx) NoteBans(ctx context.Context, routerID string, held int) error {
	_, err := t.exec(ctx, `INSERT INTO ban_routers (router_id, at_ms, held) VALUES ($1, $2, $3) ON CONFLICT (router_id) DO UPDATE SET at_ms = excluded.at_ms, held = excluded.held`, routerID, at(t.now), held)
	if err != nil {
		return fmt.Errorf("note bans of router %s: %w", routerID, err)
	}
	return nil
}
