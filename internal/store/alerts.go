package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/fault"
)

// Alert is something a person should know; one is open per kind and subject.
type Alert struct {
	ID, Kind, Subject, Detail string
	SiteID                    string // "" for what belongs to no site
	OpenedAt, ClosedAt        time.Time
	AckedAt                   time.Time // zero: not acknowledged
	AckedID, AckedBy, Note    string
}

const alertColumns = `id, kind, subject, detail, site_id, opened_ms, closed_ms, acked_ms, acked_id, acked_by, note`

func scanAlert(row scanner) (Alert, error) {
	var a Alert
	var opened, closed, acked unixMillis
	err := row.Scan(&a.ID, &a.Kind, &a.Subject, &a.Detail, &a.SiteID, &opened, &closed, &acked, &a.AckedID, &a.AckedBy, &a.Note)
	a.OpenedAt, a.ClosedAt, a.AckedAt = opened.Time, closed.Time, acked.Time
	return a, err
}

// ofKinds looks for the kind in a list with a comma at each end.
const ofKinds = ` AND CAST($1 AS TEXT) LIKE '%,' || kind || ',%' AND (opened_ms, id) < ($2, $3) ORDER BY opened_ms DESC, id DESC LIMIT $4`

var (
	sqlOpenAlerts    = request(`SELECT ` + alertColumns + ` FROM alerts WHERE closed_ms IS NULL ORDER BY kind, subject`)
	sqlCountAlerts   = request(`SELECT COUNT(*) FROM alerts WHERE kind = $1 AND closed_ms IS NULL`)
	sqlAlert         = request(`SELECT ` + alertColumns + ` FROM alerts WHERE id = $1`)
	sqlAlertsNow     = request(`SELECT ` + alertColumns + ` FROM alerts WHERE closed_ms IS NULL` + ofKinds)
	sqlAlertsNowSite = request(`SELECT ` + alertColumns + ` FROM alerts WHERE closed_ms IS NULL AND site_id = $5` + ofKinds)
	sqlAlertsOld     = request(`SELECT ` + alertColumns + ` FROM alerts WHERE closed_ms IS NOT NULL` + ofKinds)
	sqlAlertsOldSite = request(`SELECT ` + alertColumns + ` FROM alerts WHERE closed_ms IS NOT NULL AND site_id = $5` + ofKinds)
)

// OpenAlerts lists everything that is open, for the shop's own use.
func (r reads) OpenAlerts(ctx context.Context) ([]Alert, error) {
	return queryAll(ctx, r.q, scanAlert, sqlOpenAlerts)
}

// Alert reads one alert. Errors: ErrAlertNotFound.
func (r reads) Alert(ctx context.Context, id string) (Alert, error) {
	return queryRow(ctx, r.q, scanAlert, ErrAlertNotFound, sqlAlert, id)
}

// AlertFilter says which alerts a person may see, and wants to.
type AlertFilter struct {
	Sites  []string // none means all, and those of no site
	Kinds  []string
	Closed bool
	Before AlertCursor
	Limit  int // at most 200
}

// AlertCursor is where a list goes on: strictly older than this alert.
type AlertCursor struct {
	OpenedAt time.Time
	ID       string
}

// ListAlerts lists open or closed alerts, the newest first.
func (r reads) ListAlerts(ctx context.Context, f AlertFilter) ([]Alert, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 200
	}
	if f.Before.OpenedAt.IsZero() {
		f.Before.OpenedAt = time.UnixMilli(1 << 52)
	}
	all, ofSite := sqlAlertsNow, sqlAlertsNowSite
	if f.Closed {
		all, ofSite = sqlAlertsOld, sqlAlertsOldSite
	}
	args := []any{"," + strings.Join(f.Kinds, ",") + ",", at(f.Before.OpenedAt), f.Before.ID, f.Limit}
	if len(f.Sites) == 0 {
		return queryAll(ctx, r.q, scanAlert, all, args...)
	}
	var out []Alert
	for _, site := range f.Sites {
		part, err := queryAll(ctx, r.q, scanAlert, ofSite, append(slices.Clone(args), site)...)
		if err != nil {
			return nil, fmt.Errorf("list alerts of site %s: %w", site, err)
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b Alert) int { return cmp.Or(b.OpenedAt.Compare(a.OpenedAt), cmp.Compare(b.ID, a.ID)) })
	return out[:min(len(out), f.Limit)], nil
}

var (
	sqlCountAlertsOpen     = request(`SELECT COUNT(*) FROM (SELECT id FROM alerts WHERE closed_ms IS NULL AND CAST($1 AS TEXT) LIKE '%,' || kind || ',%' LIMIT $2) AS few`)
	sqlCountAlertsOpenSite = request(`SELECT COUNT(*) FROM (SELECT id FROM alerts WHERE closed_ms IS NULL AND site_id = $3 AND CAST($1 AS TEXT) LIKE '%,' || kind || ',%' LIMIT $2) AS few`)
)

// CountOpenAlerts counts open alerts of the kinds at the sites, none meaning all and those
// of no site. It counts no further than most at each site.
func (r reads) CountOpenAlerts(ctx context.Context, sites, kinds []string, most int) (int, error) {
	of := "," + strings.Join(kinds, ",") + ","
	if len(sites) == 0 {
		n, err := queryOne(ctx, r.q, scanInt, sqlCountAlertsOpen, of, most)
		return int(n), err
	}
	total := 0
	for _, site := range sites {
		n, err := queryOne(ctx, r.q, scanInt, sqlCountAlertsOpenSite, of, most, site)
		if err != nil {
			return 0, err
		}
		total += int(n)
	}
	return total, nil
}

// mostDetail bounds the detail of an alert, in bytes. It may hold what a router or a
// gateway said.
const mostDetail = 4 << 10

// OpenAlert opens an alert unless one of this kind and subject is open. It
// belongs to the site of its subject.
func (t *Tx) OpenAlert(ctx context.Context, kind, subject, detail string) (bool, error) {
	return t.OpenAlertAbout(ctx, kind, subject, subject, detail)
}

// OpenAlertAbout opens an alert that belongs to the site of something else than
// its subject: an order, router, batch, voucher, refund or message. Ids of plans
// and routers are chosen by people and may be the same.
func (t *Tx) OpenAlertAbout(ctx context.Context, kind, subject, about, detail string) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO alerts (id, kind, subject, detail, opened_ms, site_id) VALUES ($1, $2, $3, $4, $5, COALESCE(
		CASE WHEN $7 THEN (SELECT site_id FROM plans WHERE id = $6) END, (SELECT site_id FROM orders WHERE id = $6), (SELECT site_id FROM routers WHERE id = $6),
		(SELECT site_id FROM batches WHERE id = $6), (SELECT site_id FROM vouchers WHERE id = $6),
		(SELECT o.site_id FROM refunds f JOIN orders o ON o.id = f.order_id WHERE f.id = $6),
		(SELECT o.site_id FROM events e JOIN orders o ON o.id = e.order_id WHERE e.id = $6), ''))
		ON CONFLICT (kind, subject) WHERE closed_ms IS NULL DO NOTHING`, t.NewID(), kind, subject, fault.Clean(detail, mostDetail), at(t.now), about, kind == aboutAPlan)
	if err != nil {
		return false, fmt.Errorf("open alert %s %s: %w", kind, subject, err)
	}
	return fresh, nil
}

// RetellAlert gives the open alert of a kind and subject another detail.
func (t *Tx) RetellAlert(ctx context.Context, kind, subject, detail string) error {
	if _, err := t.exec(ctx, `UPDATE alerts SET detail = $3 WHERE kind = $1 AND subject = $2 AND closed_ms IS NULL`, kind, subject, fault.Clean(detail, mostDetail)); err != nil {
		return fmt.Errorf("retell alert %s %s: %w", kind, subject, err)
	}
	return nil
}

// CountAlerts returns how many alerts of a kind are open.
func (t *Tx) CountAlerts(ctx context.Context, kind string) (int64, error) {
	return queryOne(ctx, t.q, scanInt, sqlCountAlerts, kind)
}

// aboutAPlan is the one kind whose subject is a plan.
const aboutAPlan = "stock_low"

// CloseAlert closes the open alert of a kind and subject, if any.
func (t *Tx) CloseAlert(ctx context.Context, kind, subject string) (bool, error) {
	closed, err := t.touched(ctx, `UPDATE alerts SET closed_ms = $3 WHERE kind = $1 AND subject = $2 AND closed_ms IS NULL`, kind, subject, at(t.now))
	if err != nil {
		return false, fmt.Errorf("close alert %s %s: %w", kind, subject, err)
	}
	return closed, nil
}

// AckAlert acknowledges an open alert, once; over closes it at the same time. It is
// false when the alert is acknowledged or closed already.
func (t *Tx) AckAlert(ctx context.Context, id, name, note string, over bool) (bool, error) {
	acked, err := t.touched(ctx, `UPDATE alerts SET acked_ms = $2, acked_id = $3, acked_by = $4, note = $5, closed_ms = CASE WHEN $6 THEN $2 ELSE closed_ms END
		WHERE id = $1 AND acked_ms IS NULL AND closed_ms IS NULL`, id, at(t.now), t.who.StaffID, name, note, over)
	if err != nil {
		return false, fmt.Errorf("note who looks after alert %s: %w", id, err)
	}
	return acked, nil
}
