package store

import (
	"context"
	"fmt"
	"time"
)

// Compensation is time that is added to all vouchers of a site, or of one router of it, that
// were running in an outage.
type Compensation struct {
	ID, Nonce        string
	SiteID, RouterID string // RouterID is "" for all of the site
	Began, Ended     time.Time
	More             time.Duration
	Reason, By       string // By as the audit trail names people
	At, DoneAt       time.Time
}

const compensationColumns = `id, nonce, site_id, router_id, began_ms, ended_ms, more_ms, reason, asked_by, at_ms, done_ms`

// running are living vouchers whose time was running in an outage: it has an end, had begun
// before the outage was over and was not over before it began. The first login began it, the
// sale only where none was needed or the order's validity counts from the purchase. Those that
// have time for an outage which overlaps are not among them.
const running = ` FROM vouchers WHERE site_id = $1 AND state IN ('sold', 'active') AND valid_until_ms > $2 AND (first_login_ms < $3 OR sold_ms < $3 AND (first_login_ms IS NULL OR EXISTS (SELECT 1 FROM orders o WHERE o.id = vouchers.order_id AND o.item LIKE '%"ValidFrom":"purchase"%'))) AND ($4 = '' OR router_id = $4)` + uncompensated

// uncompensated is counted for each voucher, since PostgreSQL would read both tables for NOT EXISTS.
const uncompensated = ` AND (SELECT COUNT(*) FROM compensation_vouchers cv JOIN compensations c ON c.id = cv.compensation_id
	WHERE cv.voucher_id = vouchers.id AND cv.outcome IN ('', '` + CompensationGiven + `') AND c.began_ms < $3 AND c.ended_ms > $2) = 0`

// compensationLock is the row that compensations lock, so that none misses the vouchers of another.
const compensationLock = "compensation_lock"

var (
	sqlCompensation        = request(`SELECT ` + compensationColumns + ` FROM compensations WHERE id = $1`)
	sqlCompensationByNonce = request(`SELECT ` + compensationColumns + ` FROM compensations WHERE nonce = $1`)
	sqlCompensations       = request(`SELECT ` + compensationColumns + ` FROM compensations WHERE site_id = $1 ORDER BY id DESC LIMIT $2`)
	sqlRunning             = request(`SELECT plan_id, COUNT(*)` + running + ` GROUP BY plan_id`)
)

func scanCompensation(row scanner) (Compensation, error) {
	var c Compensation
	var began, ended, at, done unixMillis
	var more int64
	err := row.Scan(&c.ID, &c.Nonce, &c.SiteID, &c.RouterID, &began, &ended, &more, &c.Reason, &c.By, &at, &done)
	c.Began, c.Ended, c.At, c.DoneAt, c.More = began.Time, ended.Time, at.Time, done.Time, span(more)
	return c, err
}

// Compensation reads one. Errors: ErrCompensationNotFound.
func (r reads) Compensation(ctx context.Context, id string) (Compensation, error) {
	return queryRow(ctx, r.q, scanCompensation, ErrCompensationNotFound, sqlCompensation, id)
}

// CompensationByNonce finds the one of a form.
func (r reads) CompensationByNonce(ctx context.Context, nonce string) (Compensation, bool, error) {
	return queryOptional(ctx, r.q, scanCompensation, sqlCompensationByNonce, nonce)
}

// Compensations lists those of a site, newest first.
func (r reads) Compensations(ctx context.Context, siteID string, limit int) ([]Compensation, error) {
	return queryAll(ctx, r.q, scanCompensation, sqlCompensations, siteID, limit)
}

// RunningVouchers counts by plan the living vouchers whose time was running in an outage of a
// site, or of one router of it.
func (r reads) RunningVouchers(ctx context.Context, siteID, routerID string, began, ended time.Time) (map[string]int64, error) {
	out := map[string]int64{}
	_, err := queryAll(ctx, r.q, func(row scanner) (struct{}, error) {
		var plan string
		var n int64
		err := row.Scan(&plan, &n)
		out[plan] = n
		return struct{}{}, err
	}, sqlRunning, siteID, at(began), at(ended), routerID)
	return out, err
}

// InsertCompensation keeps one with the vouchers that were running, and returns how many
// these are.
func (t *Tx) InsertCompensation(ctx context.Context, c Compensation) (int64, error) {
	if err := t.lockSetting(ctx, compensationLock); err != nil {
		return 0, err
	}
	if _, err := t.exec(ctx, `INSERT INTO compensations (id, nonce, site_id, router_id, began_ms, ended_ms, more_ms, reason, asked_by, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Nonce, c.SiteID, c.RouterID, at(c.Began), at(c.Ended), ms(c.More), c.Reason, c.By, at(c.At)); err != nil {
		return 0, fmt.Errorf("insert compensation of site %s: %w", c.SiteID, err)
	}
	if err := t.insertCompensationVouchers(ctx, c); err != nil {
		return 0, err
	}
	counts, err := t.CompensationCounts(ctx, c.ID)
	var n int64
	for _, x := range counts {
		n += x.N
	}
	return n, err
}

// EndCompensation notes that all vouchers of one are settled.
func (t *Tx) EndCompensation(ctx context.Context, id string) error {
	_, err := t.exec(ctx, `UPDATE compensations SET done_ms = $2 WHERE id = $1 AND done_ms IS NULL`, id, at(t.now))
	return err
}
