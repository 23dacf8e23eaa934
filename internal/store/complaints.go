package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

// Acts by which staff answer a complaint.
const (
	ComplaintRefund = "refund"
	ComplaintExtend = "extend"
)

var sqlComplaintCounts = request(`SELECT site_id, reason, COUNT(*) FROM complaints WHERE at_ms >= $1 AND at_ms < $2 GROUP BY site_id, reason ORDER BY reason, site_id`)

// ComplaintCount is how often one thing was complained of at one site.
type ComplaintCount struct {
	SiteID string
	Reason order.Complaint
	N      int64
}

// ComplaintCounts counts what was complained of from an instant until before another.
func (r reads) ComplaintCounts(ctx context.Context, from, until time.Time) ([]ComplaintCount, error) {
	return queryAll(ctx, r.q, func(s scanner) (c ComplaintCount, err error) {
		err = s.Scan(&c.SiteID, &c.Reason, &c.N)
		return c, err
	}, sqlComplaintCounts, at(from), at(until))
}

// InsertComplaint notes a complaint that staff answered with an act.
func (t *Tx) InsertComplaint(ctx context.Context, siteID string, id order.ID, reason order.Complaint, act, by string) error {
	if _, err := t.exec(ctx, `INSERT INTO complaints (id, site_id, order_id, reason, act, staff_name, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.NewID(), siteID, string(id), string(reason), act, by, at(t.now)); err != nil {
		return fmt.Errorf("insert complaint: %w", err)
	}
	return nil
}
