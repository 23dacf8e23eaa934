package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
)

const (
	siteColumns = `id, slug, name, address, timezone, delay_ms, refund_late, failover, login_hosts, position, hidden, portal`
	planColumns = `id, site_id, name, note, price, validity_ms, valid_from, uptime_limit_ms, data_limit, rate_limit, shared_users, profile, position, hidden, delivery`
)

func scanSite(r scanner) (catalog.Site, error) {
	var s catalog.Site
	var delay int64
	var hosts, portal string
	err := r.Scan(&s.ID, &s.Slug, &s.Name, &s.Address, &s.Timezone, &delay, &s.Policies.RefundLate, &s.Failover, &hosts, &s.Position, &s.Hidden, &portal)
	s.Policies.ActivationDelay = time.Duration(delay) * time.Millisecond
	s.LoginHosts = split(hosts)
	if err == nil && portal != "" {
		err = json.Unmarshal([]byte(portal), &s.Portal)
	}
	return s, err
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func scanPlan(r scanner) (catalog.Plan, error) {
	var p catalog.Plan
	var price, validity, uptime int64
	var from string
	err := r.Scan(&p.ID, &p.SiteID, &p.Name, &p.Note, &price, &validity, &from, &uptime, &p.DataLimit, &p.RateLimit, &p.SharedUsers, &p.Profile, &p.Position, &p.Hidden, &p.Delivery)
	p.Price, p.ValidFrom = money.Rupiah(price), order.ValidFrom(from)
	p.Validity, p.UptimeLimit = time.Duration(validity)*time.Millisecond, time.Duration(uptime)*time.Millisecond
	return p, err
}

var (
	sqlSites      = request(`SELECT ` + siteColumns + ` FROM sites ORDER BY position, id`)
	sqlSite       = request(`SELECT ` + siteColumns + ` FROM sites WHERE id = $1`)
	sqlSiteBySlug = request(`SELECT ` + siteColumns + ` FROM sites WHERE id = (SELECT site_id FROM slugs WHERE slug = $1)`)
	sqlSlugSite   = request(`SELECT site_id FROM slugs WHERE slug = $1`)
	sqlPlans      = request(`SELECT ` + planColumns + ` FROM plans WHERE site_id = $1 ORDER BY position, id`)
	sqlAllPlans   = background(`SELECT ` + planColumns + ` FROM plans ORDER BY site_id, position, id`)
	sqlPlan       = request(`SELECT ` + planColumns + ` FROM plans WHERE id = $1`)
)

// Sites lists every site, hidden ones too, in page order.
func (r reads) Sites(ctx context.Context) ([]catalog.Site, error) {
	return queryAll(ctx, r.q, scanSite, sqlSites)
}

// Site reads one site. Errors: NotFound "site.not_found".
func (r reads) Site(ctx context.Context, id string) (catalog.Site, error) {
	return queryRow(ctx, r.q, scanSite, "site.not_found", sqlSite, id)
}

// SiteBySlug reads the site of a URL, also of one that it had earlier. Errors:
// NotFound "site.not_found".
func (r reads) SiteBySlug(ctx context.Context, slug string) (catalog.Site, error) {
	return queryRow(ctx, r.q, scanSite, "site.not_found", sqlSiteBySlug, slug)
}

// Plans lists a site's plans, hidden ones too, in page order.
func (r reads) Plans(ctx context.Context, siteID string) ([]catalog.Plan, error) {
	return queryAll(ctx, r.q, scanPlan, sqlPlans, siteID)
}

// Plan reads one plan. Errors: NotFound "plan.not_found".
func (r reads) Plan(ctx context.Context, id string) (catalog.Plan, error) {
	return queryRow(ctx, r.q, scanPlan, "plan.not_found", sqlPlan, id)
}

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
	_, err = t.exec(ctx, `INSERT INTO sites (`+siteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, address = excluded.address, timezone = excluded.timezone,
		delay_ms = excluded.delay_ms, refund_late = excluded.refund_late, failover = excluded.failover, login_hosts = excluded.login_hosts,
		position = excluded.position, hidden = excluded.hidden, portal = excluded.portal`,
		s.ID, s.Slug, s.Name, s.Address, s.Timezone, ms(s.Policies.ActivationDelay), s.Policies.RefundLate, s.Failover, strings.Join(s.LoginHosts, ","), s.Position, s.Hidden, string(portal))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO slugs (slug, site_id) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING`, s.Slug, s.ID)
	return err
}

func (t *Tx) putPlan(ctx context.Context, p catalog.Plan) error {
	_, err := t.exec(ctx, `INSERT INTO plans (`+planColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, name = excluded.name, note = excluded.note, price = excluded.price,
		validity_ms = excluded.validity_ms, valid_from = excluded.valid_from, uptime_limit_ms = excluded.uptime_limit_ms, data_limit = excluded.data_limit,
		rate_limit = excluded.rate_limit, shared_users = excluded.shared_users, profile = excluded.profile, position = excluded.position, hidden = excluded.hidden,
		delivery = excluded.delivery`,
		p.ID, p.SiteID, p.Name, p.Note, int64(p.Price), ms(p.Validity), string(p.ValidFrom), ms(p.UptimeLimit), p.DataLimit, p.RateLimit, p.SharedUsers, p.Profile, p.Position, p.Hidden, string(p.Delivery))
	return err
}
