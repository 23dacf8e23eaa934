package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
)

const planColumns = `id, site_id, name, note, price, validity_ms, valid_from, uptime_limit_ms, data_limit, rate_limit, shared_users, profile, position, hidden, delivery, retired_ms`

var (
	sqlPlans    = request(`SELECT ` + planColumns + ` FROM plans WHERE site_id = $1 ORDER BY position, id`)
	sqlAllPlans = background(`SELECT ` + planColumns + ` FROM plans ORDER BY site_id, position, id`)
	sqlPlan     = request(`SELECT ` + planColumns + ` FROM plans WHERE id = $1`)
	sqlLockPlan = request(`SELECT id FROM plans WHERE id = $1 /*pg FOR NO KEY UPDATE pg*/`)
)

func scanPlan(r scanner) (catalog.Plan, error) {
	var p catalog.Plan
	var price, validity, uptime int64
	var from string
	var retired unixMillis
	err := r.Scan(&p.ID, &p.SiteID, &p.Name, &p.Note, &price, &validity, &from, &uptime, &p.DataLimit, &p.RateLimit, &p.SharedUsers, &p.Profile, &p.Position, &p.Hidden, &p.Delivery, &retired)
	p.Price, p.ValidFrom, p.RetiredAt = money.Rupiah(price), order.ValidFrom(from), retired.Time
	p.Validity, p.UptimeLimit = time.Duration(validity)*time.Millisecond, time.Duration(uptime)*time.Millisecond
	return p, err
}

// Plans lists a site's plans in page order, hidden and retired ones too.
func (r reads) Plans(ctx context.Context, siteID string) ([]catalog.Plan, error) {
	return queryAll(ctx, r.q, scanPlan, sqlPlans, siteID)
}

// Plan reads one plan. Errors: ErrPlanNotFound.
func (r reads) Plan(ctx context.Context, id string) (catalog.Plan, error) {
	return queryRow(ctx, r.q, scanPlan, ErrPlanNotFound, sqlPlan, id)
}

// PlanDevices says for how many devices at once plans are sold, by plan; those that are gone
// are left out.
func (r reads) PlanDevices(ctx context.Context, ids []string) (map[string]int, error) {
	plans, err := eachIn(ctx, r, ids, func(row scanner) (p catalog.Plan, err error) {
		err = row.Scan(&p.ID, &p.SharedUsers)
		return p, err
	}, `SELECT id, shared_users FROM plans WHERE id IN `)
	out := make(map[string]int, len(plans))
	for _, p := range plans {
		out[p.ID] = p.SharedUsers
	}
	return out, err
}

func (t *Tx) putPlan(ctx context.Context, p catalog.Plan) error {
	_, err := t.exec(ctx, `INSERT INTO plans (`+planColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, name = excluded.name, note = excluded.note, price = excluded.price,
		validity_ms = excluded.validity_ms, valid_from = excluded.valid_from, uptime_limit_ms = excluded.uptime_limit_ms, data_limit = excluded.data_limit,
		rate_limit = excluded.rate_limit, shared_users = excluded.shared_users, profile = excluded.profile, position = excluded.position, hidden = excluded.hidden,
		delivery = excluded.delivery, retired_ms = excluded.retired_ms`,
		p.ID, p.SiteID, p.Name, p.Note, int64(p.Price), ms(p.Validity), string(p.ValidFrom), ms(p.UptimeLimit), p.DataLimit, p.RateLimit, p.SharedUsers, p.Profile, p.Position, p.Hidden, string(p.Delivery), at(p.RetiredAt))
	return err
}

// PutPlan makes a plan or changes one.
func (t *Tx) PutPlan(ctx context.Context, p catalog.Plan) error {
	if err := t.putPlan(ctx, p); err != nil {
		return fmt.Errorf("put plan %s: %w", p.ID, err)
	}
	return nil
}

// SetPlanPosition puts a plan at a place of its site's page.
func (t *Tx) SetPlanPosition(ctx context.Context, planID string, position int) error {
	if _, err := t.exec(ctx, `UPDATE plans SET position = $2 WHERE id = $1`, planID, position); err != nil {
		return fmt.Errorf("set position of plan %s: %w", planID, err)
	}
	return nil
}

// LockPlan makes other transactions that lock the plan wait for this one.
func (t *Tx) LockPlan(ctx context.Context, planID string) error {
	if _, _, err := queryOptional(ctx, t.q, scanString, t.s.db.rebind(sqlLockPlan), planID); err != nil {
		return fmt.Errorf("lock plan %s: %w", planID, err)
	}
	return nil
}
