package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
)

// Pass is a few minutes of internet that an order was given.
type Pass struct {
	OrderID   order.ID
	SiteID    string
	RouterID  string
	MAC       string
	Phone     string // only when it is inserted; a digest of it is kept
	Username  string
	StartedAt time.Time
	EndsAt    time.Time
	RemovedAt time.Time // zero while the router may still hold it
}

const passColumns = `order_id, site_id, router_id, mac, username, started_ms, ends_ms, removed_ms`

func scanPass(r scanner) (Pass, error) {
	var p Pass
	var started, ends, removed unixMillis
	err := r.Scan(&p.OrderID, &p.SiteID, &p.RouterID, &p.MAC, &p.Username, &started, &ends, &removed)
	p.StartedAt, p.EndsAt, p.RemovedAt = started.Time, ends.Time, removed.Time
	return p, err
}

var (
	sqlPass          = request(`SELECT ` + passColumns + ` FROM passes WHERE order_id = $1`)
	sqlPassesByMAC   = request(`SELECT ` + passColumns + ` FROM passes WHERE mac = $1 AND started_ms > $2 ORDER BY started_ms DESC LIMIT 100`)
	sqlPassesByPhone = request(`SELECT ` + passColumns + ` FROM passes WHERE phone_key IN ($1, $2) AND phone_key <> '' AND started_ms > $3 ORDER BY started_ms DESC LIMIT 100`)
	sqlLockSite      = request(`SELECT id FROM sites WHERE id = $1 /*pg FOR NO KEY UPDATE pg*/`)
	sqlPassesRouter  = request(`SELECT ` + passColumns + ` FROM passes WHERE router_id = $1 AND ends_ms > $2 ORDER BY ends_ms DESC LIMIT 100`)
)

// Pass reads an order's pass, if it had one.
func (r reads) Pass(ctx context.Context, id order.ID) (Pass, bool, error) {
	return queryOptional(ctx, r.q, scanPass, sqlPass, string(id))
}

// PassesOfDevice lists the passes a device was given since then, newest first.
func (r reads) PassesOfDevice(ctx context.Context, mac string, since time.Time) ([]Pass, error) {
	return queryAll(ctx, r.q, scanPass, sqlPassesByMAC, mac, at(since))
}

// PassesOfPhone lists the passes a phone number was given since then.
func (r reads) PassesOfPhone(ctx context.Context, phone string, since time.Time) ([]Pass, error) {
	if phone == "" {
		return nil, nil
	}
	var out []Pass
	for digests := range slices.Chunk(r.keys.Index(indexPhone, phone), 2) {
		found, err := queryAll(ctx, r.q, scanPass, sqlPassesByPhone, digests[0], digests[len(digests)-1], at(since))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// PassesOfRouter lists passes of a router that end after an instant, those
// ending last first, at most a hundred.
func (r reads) PassesOfRouter(ctx context.Context, routerID string, endAfter time.Time) ([]Pass, error) {
	return queryAll(ctx, r.q, scanPass, sqlPassesRouter, routerID, at(endAfter))
}

// LockPasses makes grants at one site wait for each other until the transaction
// ends, so that each counts what the others were given.
func (t *Tx) LockPasses(ctx context.Context, siteID string) error {
	if _, _, err := queryOptional(ctx, t.q, scanString, t.s.db.rebind(sqlLockSite), siteID); err != nil {
		return fmt.Errorf("lock passes of site %s: %w", siteID, err)
	}
	return nil
}

// InsertPass notes a pass before the router is asked, once per order.
func (t *Tx) InsertPass(ctx context.Context, p Pass) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO passes (`+passColumns+`, phone_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (order_id) DO NOTHING`,
		string(p.OrderID), p.SiteID, p.RouterID, p.MAC, p.Username, at(p.StartedAt), at(p.EndsAt), at(p.RemovedAt), t.sealer.index(indexPhone, p.Phone))
	if err != nil {
		return false, fmt.Errorf("insert pass of order %s: %w", p.OrderID, err)
	}
	return fresh, nil
}

// GivePass records that the router gave a pass. The row is inserted again if a failed
// parallel request has deleted it.
func (t *Tx) GivePass(ctx context.Context, p Pass) error {
	if _, err := t.InsertPass(ctx, p); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE passes SET given_ms = $2 WHERE order_id = $1 AND given_ms IS NULL`, string(p.OrderID), at(t.now))
	return err
}

// DropPass deletes a pass that the router refused; one that a parallel request got
// stays.
func (t *Tx) DropPass(ctx context.Context, id order.ID) error {
	_, err := t.exec(ctx, `DELETE FROM passes WHERE order_id = $1 AND given_ms IS NULL`, string(id))
	return err
}

// PassRemoved notes that the router holds the pass no more.
func (t *Tx) PassRemoved(ctx context.Context, id order.ID) error {
	_, err := t.exec(ctx, `UPDATE passes SET removed_ms = $2 WHERE order_id = $1 AND removed_ms IS NULL`, string(id), at(t.now))
	return err
}

// ResumePass notes that a pass which was ended before its time goes on.
func (t *Tx) ResumePass(ctx context.Context, id order.ID) error {
	_, err := t.exec(ctx, `UPDATE passes SET removed_ms = NULL WHERE order_id = $1 AND ends_ms > $2`, string(id), at(t.now))
	return err
}

// erasedDevice replaces the address of a device that was erased.
const erasedDevice = "-"

// ErasePasses takes device and phone number out of a router's passes that
// started before: the daily limits look no further back.
func (t *Tx) ErasePasses(ctx context.Context, routerID string, before time.Time) error {
	_, err := t.exec(ctx, `UPDATE passes SET mac = $3, phone_key = '' WHERE router_id = $1 AND started_ms < $2 AND mac <> $3`, routerID, at(before), erasedDevice)
	return err
}

// PassesSwept notes that a router holds none of the passes that ended before.
func (t *Tx) PassesSwept(ctx context.Context, routerID string, before time.Time) error {
	_, err := t.exec(ctx, `UPDATE passes SET removed_ms = $3 WHERE router_id = $1 AND removed_ms IS NULL AND ends_ms < $2`, routerID, at(before), at(t.now))
	return err
}

// indexPasses makes the digests of phone numbers again from those of the orders: a pass
// keeps no number that could be read.
func (t *Tx) indexPasses(ctx context.Context) (int, error) {
	const digest = `COALESCE((SELECT o.phone_key FROM orders o WHERE o.id = passes.order_id), '')`
	n, err := t.exec(ctx, `UPDATE passes SET phone_key = `+digest+` WHERE phone_key <> '' AND phone_key <> `+digest)
	return int(n), err
}

// sqlPassPhones walks by the index of phone numbers: digests are read over, once.
const sqlPassPhones = `SELECT DISTINCT phone_key FROM passes WHERE phone_key <> '' AND phone_key > $1 ORDER BY phone_key LIMIT $2`

// sealOldPasses replaces the phone numbers of passes by digests. They only serve the
// limits of a day.
func (s *Store) sealOldPasses(ctx context.Context) error {
	for after := ""; ; {
		phones, err := queryAll(ctx, s.q, scanString, sqlPassPhones, after, resealRows)
		if err != nil || len(phones) == 0 {
			return err
		}
		after = phones[len(phones)-1]
		if err := s.InTx(ctx, actor.Server, func(tx *Tx) error {
			for _, phone := range phones {
				if !strings.HasPrefix(phone, "+") {
					continue
				}
				if _, err := tx.exec(ctx, `UPDATE passes SET phone_key = $2 WHERE phone_key = $1 AND phone_key <> ''`, phone, tx.sealer.index(indexPhone, phone)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("seal passes: %w", err)
		}
	}
}
