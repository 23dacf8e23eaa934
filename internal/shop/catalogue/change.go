package catalogue

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/store"
)

var (
	// ErrChanged: the thing is no longer what the form showed.
	ErrChanged = fault.New(fault.Conflict, "catalogue.changed")
	// ErrSlugTaken: another site has, or had, the address.
	ErrSlugTaken = fault.AtField("slug", "catalogue.slug_taken")
	// ErrPlanNameUsed: another plan of the page has the name.
	ErrPlanNameUsed = fault.AtField("name", "catalogue.plan_name_used")
	// ErrRetired: a retired plan is kept for what was sold of it.
	ErrRetired = fault.New(fault.Conflict, "catalogue.retired")
	// errSame leaves a transaction in which nothing is to be changed.
	errSame = fault.New(fault.Internal, "catalogue.same")
)

// change runs one change of the catalogue, one after the other, and announces it.
func (s *Service) change(ctx context.Context, by actor.Actor, what string, fn func(tx *store.Tx) error) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if err := tx.LockCatalogue(ctx); err != nil {
			return err
		}
		return fn(tx)
	})
	switch {
	case fault.CodeOf(err) == errSame.Code:
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	}
	s.CatalogueChanged(ctx)
	return nil
}

// record is a change as the audit trail keeps it.
type record struct {
	action, subject string
	siteID          string // "" for what belongs to the whole shop
	before, after   catalog.Fields
	more            map[string]any
}

// note puts a change on record with the fields that differ, in the audit trail and for taking it
// back. It reports whether any does.
func note(tx *store.Tx, r record) bool {
	names := r.before.Differ(r.after)
	if len(names) == 0 {
		return false
	}
	detail := map[string]any{"site": r.siteID, "before": r.before.Only(names), "after": r.after.Only(names)}
	maps.Copy(detail, r.more)
	tx.Audit(r.action, r.subject, detail)
	c := store.CatalogueChange{SiteID: r.siteID, Subject: r.subject, Action: r.action, Old: r.before.Only(names), New: r.after.Only(names)}
	if r.action == "router.import" { // of a router its site is part of the catalogue, all else is in the panel of routers
		_, moved := c.New["site"]
		if !moved || c.Old["site"] == "" {
			return true
		}
		c.SiteID, c.Old, c.New = "", c.Old.Only([]string{"site"}), c.New.Only([]string{"site"})
	}
	tx.NoteCatalogueChange(c)
	return true
}

// reserved are ids that the panel's addresses mean otherwise.
var reserved = []string{"new", "add", "failover", "ended"}

// idFrom makes an id that people can read out of a name, or draws one where taken says that it
// is another's.
func idFrom(tx *store.Tx, name string, taken func(id string) (bool, error)) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := strings.Trim(b.String()[:min(b.Len(), longestID)], "-")
	for _, x := range reserved {
		if id == x {
			id = ""
		}
	}
	if id != "" {
		if used, err := taken(id); err != nil || !used {
			return id, err
		}
	}
	return tx.NewID(), nil
}

// longestID leaves room for the prefix that a plan's profile has on a router.
const longestID = 32
