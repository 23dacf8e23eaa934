package catalogue

import (
	"context"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// PlanForm is a plan as it was typed.
type PlanForm struct {
	ID     string // "" for a new one
	SiteID string // of a new one
	Seen   string // Digest of what the form showed, of one that is there
	Fields catalog.Fields
}

// SavePlan makes a plan, the last of its site's page, or changes one. What was sold keeps its
// snapshot; a form that showed the plan before is asked about again when it is sent. Errors:
// Invalid at the field, NotFound "plan.not_found", Conflict "catalogue.changed" where the plan
// is not what the form showed, Conflict "catalogue.retired".
func (s *Service) SavePlan(ctx context.Context, by actor.Actor, f PlanForm) (saved catalog.Plan, err error) {
	err = s.change(ctx, by, "save plan "+f.ID, func(tx *store.Tx) error {
		if f.ID == "" {
			saved, err = addPlan(ctx, tx, by, f)
		} else {
			saved, err = editPlan(ctx, tx, by, f)
		}
		return err
	})
	return saved, err
}

// planOf reads a plan of the account's sites.
func planOf(ctx context.Context, tx *store.Tx, by actor.Actor, id string) (catalog.Plan, error) {
	p, err := tx.Plan(ctx, id)
	if err == nil && !ledger.Serves(by.Sites, p.SiteID) {
		err = store.ErrPlanNotFound
	}
	return p, err
}

func addPlan(ctx context.Context, tx *store.Tx, by actor.Actor, f PlanForm) (catalog.Plan, error) {
	p := catalog.Plan{SiteID: f.SiteID, ValidFrom: order.FromFirstLogin, SharedUsers: 1}
	if _, err := tx.Site(ctx, f.SiteID); fault.Is(err, fault.NotFound) || err == nil && !ledger.Serves(by.Sites, f.SiteID) {
		return p, fault.AtField("site", "catalogue.site_unknown")
	} else if err != nil {
		return p, err
	}
	id, err := idFrom(tx, f.Fields["name"], func(id string) (bool, error) {
		_, err := tx.Plan(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		return true, err
	})
	if err != nil {
		return p, err
	}
	p.ID = id
	if p, err = p.With(f.Fields); err != nil {
		return p, err
	}
	plans, err := tx.Plans(ctx, p.SiteID)
	if err == nil {
		err = freeName(plans, p)
	}
	if err != nil {
		return p, err
	}
	for _, x := range plans {
		p.Position = max(p.Position, x.Position+1)
	}
	note(tx, record{"plan.add", "plan:" + p.ID, p.SiteID, catalog.Fields{}, p.Fields(), nil})
	return p, tx.PutPlan(ctx, p)
}

func editPlan(ctx context.Context, tx *store.Tx, by actor.Actor, f PlanForm) (catalog.Plan, error) {
	old, err := planOf(ctx, tx, by, f.ID)
	if err != nil {
		return old, err
	}
	if old.Retired() {
		return old, ErrRetired
	}
	next, err := old.With(f.Fields)
	if err != nil {
		return old, err
	}
	if old == next {
		return old, errSame
	}
	if f.Seen != old.Fields().Digest() {
		return old, ErrChanged
	}
	if next.Name != old.Name {
		plans, err := tx.Plans(ctx, old.SiteID)
		if err == nil {
			err = freeName(plans, next)
		}
		if err != nil {
			return old, err
		}
	}
	note(tx, record{"plan.edit", "plan:" + old.ID, old.SiteID, old.Fields(), next.Fields(), nil})
	return next, tx.PutPlan(ctx, next)
}

// freeName refuses a name that another plan of the page has: customers could not tell them
// apart, and a form sent twice would make a plan twice.
func freeName(plans []catalog.Plan, p catalog.Plan) error {
	for _, x := range plans {
		if x.ID != p.ID && !x.Retired() && strings.EqualFold(x.Name, p.Name) {
			return ErrPlanNameUsed
		}
	}
	return nil
}
