package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/catalog"
)

// CatalogueChange is one change of what is sold: the fields that differ, as they were and as
// they became.
type CatalogueChange struct {
	ID          string
	SiteID      string // "" for what concerns the whole shop
	Subject     string // as the audit trail names the thing
	Action      string
	Old, New    catalog.Fields
	By          string // as the audit trail names people
	At          time.Time
	TakenBackAt time.Time // zero while it holds
	TakenBackBy string
}

const catalogueChangeColumns = `id, site_id, subject, action, old_fields, new_fields, changed_by, at_ms, taken_back_ms, taken_back_by`

var (
	sqlCatalogueChange  = request(`SELECT ` + catalogueChangeColumns + ` FROM catalogue_changes WHERE id = $1`)
	sqlCatalogueChanges = request(`SELECT ` + catalogueChangeColumns + ` FROM catalogue_changes WHERE id < $1 ORDER BY id DESC LIMIT $2`)
)

func scanCatalogueChange(row scanner) (CatalogueChange, error) {
	var c CatalogueChange
	var was, is string
	var at, back unixMillis
	if err := row.Scan(&c.ID, &c.SiteID, &c.Subject, &c.Action, &was, &is, &c.By, &at, &back, &c.TakenBackBy); err != nil {
		return c, err
	}
	c.At, c.TakenBackAt = at.Time, back.Time
	if err := json.Unmarshal([]byte(was), &c.Old); err != nil {
		return c, fmt.Errorf("change %s: %w", c.ID, err)
	}
	if err := json.Unmarshal([]byte(is), &c.New); err != nil {
		return c, fmt.Errorf("change %s: %w", c.ID, err)
	}
	return c, nil
}

// CatalogueChange reads one. Errors: ErrCatalogueChangeNotFound.
func (r reads) CatalogueChange(ctx context.Context, id string) (CatalogueChange, error) {
	return queryRow(ctx, r.q, scanCatalogueChange, ErrCatalogueChangeNotFound, sqlCatalogueChange, id)
}

// CatalogueChanges lists the changes at some sites, the newest first, before one, "" for the
// newest; no sites are all, and what concerns the whole shop.
func (r reads) CatalogueChanges(ctx context.Context, sites []string, before string, limit int) ([]CatalogueChange, error) {
	if before == "" {
		before = "Z" // ids begin with a digit
	}
	query, args := sqlCatalogueChanges, []any{before, limit}
	if len(sites) > 0 {
		query = `SELECT ` + catalogueChangeColumns + ` FROM catalogue_changes WHERE id < $1 AND site_id IN (` + in(&args, sites) + `) ORDER BY id DESC LIMIT $2`
	}
	return queryAll(ctx, r.q, scanCatalogueChange, query, args...)
}

// NoteCatalogueChange notes a change; it is written just before the commit.
func (t *Tx) NoteCatalogueChange(c CatalogueChange) {
	c.ID = t.NewID()
	t.pendingChanges = append(t.pendingChanges, c)
}

// writeCatalogueChanges writes the noted changes.
func (t *Tx) writeCatalogueChanges(ctx context.Context) error {
	for _, c := range t.pendingChanges {
		was, err := json.Marshal(c.Old)
		if err != nil {
			return fmt.Errorf("write change of %s: %w", c.Subject, err)
		}
		is, err := json.Marshal(c.New)
		if err == nil {
			_, err = t.exec(ctx, `INSERT INTO catalogue_changes (id, site_id, subject, action, old_fields, new_fields, changed_by, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				c.ID, c.SiteID, c.Subject, c.Action, string(was), string(is), t.actor, at(t.now))
		}
		if err != nil {
			return fmt.Errorf("write change of %s: %w", c.Subject, err)
		}
	}
	return nil
}

// TakeBackCatalogueChange notes that a change is taken back; false where it was before.
func (t *Tx) TakeBackCatalogueChange(ctx context.Context, id string) (bool, error) {
	done, err := t.touched(ctx, `UPDATE catalogue_changes SET taken_back_ms = $2, taken_back_by = $3 WHERE id = $1 AND taken_back_ms IS NULL`, id, at(t.now), t.actor)
	if err != nil {
		return false, fmt.Errorf("take back change %s: %w", id, err)
	}
	return done, nil
}
