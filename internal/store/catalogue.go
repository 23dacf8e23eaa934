package store

import (
	"context"
	"fmt"

	"gerai/internal/catalog"
)

// catalogueLock is the row that changes of the catalogue lock, so that one waits for the other.
const catalogueLock = "catalogue_lock"

// LockCatalogue keeps other changes of sites, plans and the brand waiting until this
// transaction ends: what was checked against the whole catalogue stays true.
func (t *Tx) LockCatalogue(ctx context.Context) error { return t.lockSetting(ctx, catalogueLock) }

// Catalogue reads everything that is sold, router passwords opened.
func (r reads) Catalogue(ctx context.Context) (catalog.Catalogue, error) {
	var c catalog.Catalogue
	var err error
	if c.Brand, err = r.Brand(ctx); err != nil {
		return c, err
	}
	if c.Sites, err = r.Sites(ctx); err != nil {
		return c, err
	}
	if c.Routers, err = r.Routers(ctx); err != nil {
		return c, err
	}
	c.Plans, err = queryAll(ctx, r.q, scanPlan, sqlAllPlans)
	return c, err
}

// PutCatalogue makes the tables say what the document says. Sites and plans
// that it does not name are hidden, routers disabled. A router without a
// password keeps the one it has. Errors: Conflict "catalogue.slug_taken" when a
// site's address was ever another site's.
func (t *Tx) PutCatalogue(ctx context.Context, c catalog.Catalogue) error {
	for _, hide := range []string{`UPDATE sites SET hidden = TRUE`, `UPDATE plans SET hidden = TRUE`, `UPDATE routers SET disabled = TRUE`} {
		if _, err := t.exec(ctx, hide); err != nil {
			return fmt.Errorf("put catalogue: %w", err)
		}
	}
	for _, s := range c.Sites {
		if err := t.putSite(ctx, s); err != nil {
			return fmt.Errorf("put site %s: %w", s.ID, err)
		}
	}
	for _, r := range c.Routers {
		if err := t.putRouter(ctx, r); err != nil {
			return fmt.Errorf("put router %s: %w", r.ID, err)
		}
	}
	for _, p := range c.Plans {
		if err := t.putPlan(ctx, p); err != nil {
			return fmt.Errorf("put plan %s: %w", p.ID, err)
		}
	}
	return nil
}
