package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

const routerColumns = `id, site_id, name, address, username, password_sealed, tls, fingerprint, server, priority, hotspot, disabled`

// routerReads show a router that was taken away as disabled: orders still point
// at it, nothing is sold on it.
const routerReads = `id, site_id, name, address, username, password_sealed, tls, fingerprint, server, priority, hotspot, disabled OR deleted_ms IS NOT NULL`

func (r reads) scanRouter(row scanner) (catalog.Router, error) {
	var x catalog.Router
	var sealed string
	err := row.Scan(&x.ID, &x.SiteID, &x.Name, &x.Address, &x.User, &sealed, &x.TLS, &x.Fingerprint, &x.Server, &x.Priority, &x.Hotspot, &x.Disabled)
	if err != nil {
		return x, err
	}
	if x.Password, _, err = r.keys.Open(sealed, routerPurpose(x.ID)); err != nil {
		return x, fault.Wrap(fault.Config, "router.password_unreadable", fmt.Errorf("router %s: %w", x.ID, err))
	}
	return x, nil
}

func routerPurpose(id string) string { return "router:" + id }

var (
	sqlRouters      = request(`SELECT ` + routerReads + ` FROM routers WHERE deleted_ms IS NULL ORDER BY site_id, priority, id`)
	sqlRouter       = request(`SELECT ` + routerReads + ` FROM routers WHERE id = $1`)
	sqlRoutersOf    = request(`SELECT ` + routerReads + ` FROM routers WHERE site_id = $1 AND NOT disabled AND deleted_ms IS NULL ORDER BY priority, id`)
	sqlRouterStates = request(`SELECT id, name, site_id, disabled, seen_ms, failure, failure_ms FROM routers WHERE deleted_ms IS NULL ORDER BY site_id, priority, id`)
)

// Routers lists every router that was not taken away, with its password opened.
func (r reads) Routers(ctx context.Context) ([]catalog.Router, error) {
	return queryAll(ctx, r.q, r.scanRouter, sqlRouters)
}

// Router reads one router. Errors: ErrRouterNotFound, Config
// "router.password_unreadable".
func (r reads) Router(ctx context.Context, id string) (catalog.Router, error) {
	return queryRow(ctx, r.q, r.scanRouter, ErrRouterNotFound, sqlRouter, id)
}

// RoutersOf lists a site's enabled routers by priority.
func (r reads) RoutersOf(ctx context.Context, siteID string) ([]catalog.Router, error) {
	return queryAll(ctx, r.q, r.scanRouter, sqlRoutersOf, siteID)
}

// RouterState is when a router last answered and what went wrong since.
type RouterState struct {
	ID, Name, SiteID string
	SeenAt           time.Time
	Failure          string    // fault code, "" while it answers
	FailureAt        time.Time // since when it has not done its part
	Disabled         bool
}

// RouterStates lists every router's state, those of a site by priority.
func (r reads) RouterStates(ctx context.Context) ([]RouterState, error) {
	return queryAll(ctx, r.q, func(row scanner) (RouterState, error) {
		var s RouterState
		var seen, failed unixMillis
		err := row.Scan(&s.ID, &s.Name, &s.SiteID, &s.Disabled, &seen, &s.Failure, &failed)
		s.SeenAt, s.FailureAt = seen.Time, failed.Time
		return s, err
	}, sqlRouterStates)
}

// AwayRouters are the routers that do not do their part, and since when.
func (r reads) AwayRouters(ctx context.Context) (catalog.Away, error) {
	states, err := r.RouterStates(ctx)
	away := catalog.Away{}
	for _, s := range states {
		if s.Failure != "" {
			away[s.ID] = s.FailureAt
		}
	}
	return away, err
}

// SetRouterState notes an answer (seen set, failure empty) or a failure (seen
// zero keeps the last contact).
func (t *Tx) SetRouterState(ctx context.Context, id string, seen time.Time, failure string) error {
	var err error
	if failure == "" {
		_, err = t.exec(ctx, `UPDATE routers SET seen_ms = $2, failure = '', failure_ms = NULL WHERE id = $1`, id, at(seen))
	} else {
		_, err = t.exec(ctx, `UPDATE routers SET failure = $2, failure_ms = COALESCE(failure_ms, $3) WHERE id = $1`, id, failure, at(t.now))
	}
	if err == nil {
		err = t.noteOutage(ctx, id, failure)
	}
	if err != nil {
		return fmt.Errorf("set state of router %s: %w", id, err)
	}
	return nil
}

func (t *Tx) putRouter(ctx context.Context, r catalog.Router) error {
	sealed, err := t.sealedPassword(ctx, r)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO routers (`+routerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, name = excluded.name, address = excluded.address, username = excluded.username,
		password_sealed = excluded.password_sealed, tls = excluded.tls, fingerprint = excluded.fingerprint, server = excluded.server,
		priority = excluded.priority, hotspot = excluded.hotspot, disabled = excluded.disabled, deleted_ms = NULL`,
		r.ID, r.SiteID, r.Name, r.Address, r.User, sealed, r.TLS, r.Fingerprint, r.Server, r.Priority, r.Hotspot, r.Disabled)
	return err
}

// sealedPassword is what is stored of a router's password: that of a router which was taken away
// comes back with SetRouterDeleted alone.
func (t *Tx) sealedPassword(ctx context.Context, r catalog.Router) (string, error) {
	if r.Password == "" {
		old, found, err := queryOptional(ctx, t.q, scanString, `SELECT password_sealed FROM routers WHERE id = $1 AND deleted_ms IS NULL`, r.ID)
		if err != nil || found {
			return old, err
		}
	}
	return t.keys.Seal(r.Password, routerPurpose(r.ID))
}

// SetRouterAccess changes how the shop reaches a router; the password is
// sealed as always.
func (t *Tx) SetRouterAccess(ctx context.Context, r hotspot.Router) error {
	sealed, err := t.keys.Seal(r.Password, routerPurpose(r.ID))
	if err == nil {
		_, err = t.exec(ctx, `UPDATE routers SET address = $2, username = $3, password_sealed = $4, tls = $5, fingerprint = $6 WHERE id = $1`,
			r.ID, r.Address, r.User, sealed, r.TLS, r.Fingerprint)
	}
	if err != nil {
		return fmt.Errorf("set access of router %s: %w", r.ID, err)
	}
	return nil
}
