package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/hotspot"
)

// Ban keeps a device out of a site.
type Ban struct {
	ID, SiteID string
	MAC        string // AA:BB:CC:DD:EE:FF
	Device     string // what it called itself, "" where that is unknown
	Reason     string
	By         string // as the audit trail names people
	At         time.Time
	Until      time.Time // zero for ever
	LiftedAt   time.Time // zero while it holds; the end of its time where that was over
	LiftedBy   string
}

// Holds reports whether it keeps the device out at an instant.
func (b Ban) Holds(now time.Time) bool {
	return b.LiftedAt.IsZero() && (b.Until.IsZero() || now.Before(b.Until))
}

// OfRouter is the ban as a router holds it.
func (b Ban) OfRouter() hotspot.Ban { return hotspot.Ban{ID: b.ID, MAC: b.MAC} }

const banColumns = `id, site_id, mac, device, reason, banned_by, at_ms, until_ms, lifted_ms, lifted_by`

var (
	sqlBan     = request(`SELECT ` + banColumns + ` FROM bans WHERE id = $1`)
	sqlBanOf   = request(`SELECT ` + banColumns + ` FROM bans WHERE site_id = $1 AND mac = $2 AND lifted_ms IS NULL`)
	sqlHolding = request(`SELECT ` + banColumns + ` FROM bans WHERE site_id = $1 AND lifted_ms IS NULL ORDER BY mac LIMIT $2`)
	sqlBans    = request(`SELECT ` + banColumns + ` FROM bans WHERE site_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`)
)

// MostBans bounds how many bans hold at a site: each is a row on every router of it.
const MostBans = 1000

func scanBan(row scanner) (Ban, error) {
	var b Ban
	var at, until, lifted unixMillis
	err := row.Scan(&b.ID, &b.SiteID, &b.MAC, &b.Device, &b.Reason, &b.By, &at, &until, &lifted, &b.LiftedBy)
	b.At, b.Until, b.LiftedAt = at.Time, until.Time, lifted.Time
	return b, err
}

// Ban reads one. Errors: ErrBanNotFound.
func (r reads) Ban(ctx context.Context, id string) (Ban, error) {
	return queryRow(ctx, r.q, scanBan, ErrBanNotFound, sqlBan, id)
}

// BanOf finds the ban of a device at a site that was not lifted; its time may be over.
func (r reads) BanOf(ctx context.Context, siteID, mac string) (Ban, bool, error) {
	return queryOptional(ctx, r.q, scanBan, sqlBanOf, siteID, mac)
}

// HoldingBans lists the bans of a site that were not lifted, at most MostBans.
func (r reads) HoldingBans(ctx context.Context, siteID string) ([]Ban, error) {
	return queryAll(ctx, r.q, scanBan, sqlHolding, siteID, MostBans)
}

// lastID is greater than every id.
const lastID = "\x7f"

// Bans lists the bans of a site, newest first, before one of them.
func (r reads) Bans(ctx context.Context, siteID, before string, limit int) ([]Ban, error) {
	if before == "" {
		before = lastID
	}
	return queryAll(ctx, r.q, scanBan, sqlBans, siteID, before, limit)
}

// InsertBan keeps a device out; false where one of the same device at the same site was not
// lifted.
func (t *Tx) InsertBan(ctx context.Context, b Ban) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO bans (id, site_id, mac, device, reason, banned_by, at_ms, until_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (site_id, mac) WHERE lifted_ms IS NULL DO NOTHING`, b.ID, b.SiteID, b.MAC, b.Device, b.Reason, b.By, at(b.At), at(b.Until))
	if err != nil {
		return false, fmt.Errorf("ban device at site %s: %w", b.SiteID, err)
	}
	return fresh, nil
}

// LiftBan lets a device in again, if its ban still holds.
func (t *Tx) LiftBan(ctx context.Context, id, by string, when time.Time) (bool, error) {
	done, err := t.touched(ctx, `UPDATE bans SET lifted_ms = $2, lifted_by = $3 WHERE id = $1 AND lifted_ms IS NULL`, id, at(when), by)
	if err != nil {
		return false, fmt.Errorf("lift ban %s: %w", id, err)
	}
	return done, nil
}

// LiftEnded notes of the bans of a site whose time is over that they hold no more.
func (t *Tx) LiftEnded(ctx context.Context, siteID string) error {
	if _, err := t.exec(ctx, `UPDATE bans SET lifted_ms = until_ms WHERE site_id = $1 AND lifted_ms IS NULL AND until_ms <= $2`, siteID, at(t.now)); err != nil {
		return fmt.Errorf("lift ended bans of site %s: %w", siteID, err)
	}
	return nil
}
