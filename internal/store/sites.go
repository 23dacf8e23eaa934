package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
)

const siteColumns = `id, slug, name, address, timezone, delay_ms, refund_late, failover, login_hosts, position, hidden, portal, failover_after_ms`

var (
	sqlSites      = request(`SELECT ` + siteColumns + ` FROM sites ORDER BY position, id`)
	sqlSite       = request(`SELECT ` + siteColumns + ` FROM sites WHERE id = $1`)
	sqlSiteBySlug = request(`SELECT ` + siteColumns + ` FROM sites WHERE id = (SELECT site_id FROM slugs WHERE slug = $1)`)
	sqlSlugSite   = request(`SELECT site_id FROM slugs WHERE slug = $1`)
)

func scanSite(r scanner) (catalog.Site, error) {
	var s catalog.Site
	var delay, after int64
	var hosts, portal string
	err := r.Scan(&s.ID, &s.Slug, &s.Name, &s.Address, &s.Timezone, &delay, &s.Policies.RefundLate, &s.Failover, &hosts, &s.Position, &s.Hidden, &portal, &after)
	s.Policies.ActivationDelay, s.FailoverAfter = span(delay), span(after)
	s.LoginHosts = split(hosts)
	if err == nil && portal != "" {
		err = json.Unmarshal([]byte(portal), &s.Portal)
	}
	return s, err
}

// Sites lists every site, hidden ones too, in page order.
func (r reads) Sites(ctx context.Context) ([]catalog.Site, error) {
	return queryAll(ctx, r.q, scanSite, sqlSites)
}

// Site reads one site. Errors: ErrSiteNotFound.
func (r reads) Site(ctx context.Context, id string) (catalog.Site, error) {
	return queryRow(ctx, r.q, scanSite, ErrSiteNotFound, sqlSite, id)
}

// SiteBySlug reads the site of a URL, also of one that it had earlier. Errors: ErrSiteNotFound.
func (r reads) SiteBySlug(ctx context.Context, slug string) (catalog.Site, error) {
	return queryRow(ctx, r.q, scanSite, ErrSiteNotFound, sqlSiteBySlug, slug)
}

func (t *Tx) putSite(ctx context.Context, s catalog.Site) error {
	portal, err := json.Marshal(s.Portal)
	if err != nil {
		return err
	}
	owner, found, err := queryOptional(ctx, t.q, scanString, sqlSlugSite, s.Slug)
	if err != nil {
		return err
	}
	if found && owner != s.ID {
		return fault.Wrap(fault.Conflict, "catalogue.slug_taken", fmt.Errorf("the address %q belongs to site %s for good: posters carry it", s.Slug, owner))
	}
	_, err = t.exec(ctx, `INSERT INTO sites (`+siteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, address = excluded.address, timezone = excluded.timezone,
		delay_ms = excluded.delay_ms, refund_late = excluded.refund_late, failover = excluded.failover, login_hosts = excluded.login_hosts,
		position = excluded.position, hidden = excluded.hidden, portal = excluded.portal,
		failover_after_ms = excluded.failover_after_ms`,
		s.ID, s.Slug, s.Name, s.Address, s.Timezone, ms(s.Policies.ActivationDelay), s.Policies.RefundLate, s.Failover, strings.Join(s.LoginHosts, ","), s.Position, s.Hidden, string(portal), ms(s.FailoverAfter))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO slugs (slug, site_id) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING`, s.Slug, s.ID)
	return err
}

// SetFailover says whether a site's routers stand in for each other, and when.
func (t *Tx) SetFailover(ctx context.Context, siteID string, on bool, after time.Duration) error {
	ok, err := t.touched(ctx, `UPDATE sites SET failover = $2, failover_after_ms = $3 WHERE id = $1`, siteID, on, ms(after))
	if err == nil && !ok {
		err = ErrSiteNotFound
	}
	if err != nil {
		return fmt.Errorf("set failover of site %s: %w", siteID, err)
	}
	return nil
}

// PutSite makes a site or changes one. Errors: Conflict "catalogue.slug_taken" when its
// address was ever another site's.
func (t *Tx) PutSite(ctx context.Context, s catalog.Site) error {
	if err := t.putSite(ctx, s); err != nil {
		return fmt.Errorf("put site %s: %w", s.ID, err)
	}
	return nil
}

// SetSitePosition puts a site at a place of the list.
func (t *Tx) SetSitePosition(ctx context.Context, siteID string, position int) error {
	if _, err := t.exec(ctx, `UPDATE sites SET position = $2 WHERE id = $1`, siteID, position); err != nil {
		return fmt.Errorf("set position of site %s: %w", siteID, err)
	}
	return nil
}

// SlugSite is the site that an address leads to; found is false for one that was never given.
func (r reads) SlugSite(ctx context.Context, slug string) (siteID string, found bool, err error) {
	return queryOptional(ctx, r.q, scanString, sqlSlugSite, slug)
}

var sqlSlugsOf = request(`SELECT slug FROM slugs WHERE site_id = $1 ORDER BY slug`)

// SlugsOf lists every address that leads to a site.
func (r reads) SlugsOf(ctx context.Context, siteID string) ([]string, error) {
	return queryAll(ctx, r.q, scanString, sqlSlugsOf, siteID)
}
