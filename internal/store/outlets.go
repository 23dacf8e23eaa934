package store

import (
	"context"
	"fmt"
	"time"
)

// Outlet is a shop that sells printed vouchers for the operator.
type Outlet struct {
	ID, Name  string
	SiteID    string // it sells for; "" for all of them
	Phone     string // +62…, may be empty
	Note      string
	CreatedAt time.Time
}

const outletColumns = `id, name, phone, note, created_ms, site_id`

func (r reads) scanOutlet(row scanner) (Outlet, error) {
	var o Outlet
	var created unixMillis
	err := row.Scan(&o.ID, &o.Name, &o.Phone, &o.Note, &created, &o.SiteID)
	o.CreatedAt = created.Time
	if err == nil {
		err = r.unseal(&o.Phone, outletPhonePurpose(o.ID))
	}
	return o, err
}

var (
	sqlOutlets = request(`SELECT ` + outletColumns + ` FROM outlets ORDER BY name`)
	sqlOutlet  = request(`SELECT ` + outletColumns + ` FROM outlets WHERE id = $1`)
)

// Outlets lists every outlet by name.
func (r reads) Outlets(ctx context.Context) ([]Outlet, error) {
	return queryAll(ctx, r.q, r.scanOutlet, sqlOutlets)
}

// Outlet reads one outlet. Errors: ErrOutletNotFound.
func (r reads) Outlet(ctx context.Context, id string) (Outlet, error) {
	return queryRow(ctx, r.q, r.scanOutlet, ErrOutletNotFound, sqlOutlet, id)
}

// InsertOutlet adds an outlet. Errors: Conflict "outlet.name_taken".
func (t *Tx) InsertOutlet(ctx context.Context, o Outlet) error {
	phone, err := t.sealer.seal(o.Phone, outletPhonePurpose(o.ID))
	if err != nil {
		return fmt.Errorf("seal outlet %s: %w", o.ID, err)
	}
	fresh, err := t.touched(ctx, `INSERT INTO outlets (`+outletColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING`, o.ID, o.Name, phone, o.Note, at(o.CreatedAt), o.SiteID)
	if err != nil {
		return fmt.Errorf("insert outlet %s: %w", o.ID, err)
	}
	if !fresh {
		return ErrOutletNameTaken
	}
	return nil
}

// SaveOutlet changes an outlet. Errors: Conflict "outlet.name_taken".
func (t *Tx) SaveOutlet(ctx context.Context, o Outlet) error {
	phone, err := t.sealer.seal(o.Phone, outletPhonePurpose(o.ID))
	if err != nil {
		return fmt.Errorf("seal outlet %s: %w", o.ID, err)
	}
	saved, err := t.touched(ctx, `UPDATE outlets SET name = $2, phone = $3, note = $4, site_id = $5 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM outlets x WHERE x.name = $2 AND x.id <> $1)`,
		o.ID, o.Name, phone, o.Note, o.SiteID)
	if err != nil {
		return fmt.Errorf("save outlet %s: %w", o.ID, err)
	}
	if !saved {
		return ErrOutletNameTaken
	}
	return nil
}
