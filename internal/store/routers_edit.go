package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/catalog"
)

var (
	sqlRouterNamed = request(`SELECT id FROM routers WHERE name = $1`)
	sqlGoneRouters = request(`SELECT id, name, site_id, deleted_ms FROM routers WHERE deleted_ms >= $1 ORDER BY deleted_ms DESC`)
)

// GoneRouter is a router that was taken away.
type GoneRouter struct {
	ID, Name, SiteID string
	DeletedAt        time.Time
}

// GoneRouters lists routers taken away since a moment, the latest first.
func (r reads) GoneRouters(ctx context.Context, since time.Time) ([]GoneRouter, error) {
	return queryAll(ctx, r.q, func(row scanner) (GoneRouter, error) {
		var g GoneRouter
		var deleted unixMillis
		err := row.Scan(&g.ID, &g.Name, &g.SiteID, &deleted)
		g.DeletedAt = deleted.Time
		return g, err
	}, sqlGoneRouters, at(since))
}

// PutRouter makes a router or changes one; an empty password keeps the present
// one. Errors: Conflict "router.name_used".
func (t *Tx) PutRouter(ctx context.Context, r catalog.Router) error {
	id, used, err := queryOptional(ctx, t.q, scanString, sqlRouterNamed, r.Name)
	if err == nil && used && id != r.ID {
		err = ErrRouterNameUsed
	}
	if err == nil {
		err = t.putRouter(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("put router %s: %w", r.ID, err)
	}
	return nil
}

// SetRouterDeleted takes a router away or, with the zero time, brings it back.
// Errors: ErrRouterNotFound when it is so already.
func (t *Tx) SetRouterDeleted(ctx context.Context, id string, when time.Time) error {
	ok, err := t.touched(ctx, `UPDATE routers SET deleted_ms = $2 WHERE id = $1 AND (deleted_ms IS NULL) = ($3 = 1)`, id, at(when), oneIf(!when.IsZero()))
	if err == nil && !ok {
		err = ErrRouterNotFound
	}
	if err != nil {
		return fmt.Errorf("take away router %s: %w", id, err)
	}
	return nil
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
