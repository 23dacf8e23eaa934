package catalogue

import (
	"context"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// RetirePlan ends a plan: it is hidden and listed apart, kept for what was sold of it. Its
// stock level goes with it. typed is the plan's name. Errors: Invalid at "typed", NotFound
// "plan.not_found", Conflict "catalogue.retired".
func (s *Service) RetirePlan(ctx context.Context, by actor.Actor, id, typed, reason string) error {
	return s.change(ctx, by, "retire plan "+id, func(tx *store.Tx) error {
		old, err := planOf(ctx, tx, by, id)
		switch {
		case err != nil:
			return err
		case old.Retired():
			return ErrRetired
		case strings.TrimSpace(typed) != old.Name:
			return fault.AtField("typed", "consent.name")
		}
		next := old
		next.Hidden, next.RetiredAt = true, tx.Now()
		note(tx, record{"plan.retire", "plan:" + id, old.SiteID, old.Fields(), next.Fields(), map[string]any{"reason": reason}})
		if err := tx.PutStockLevel(ctx, id, 0); err != nil {
			return err
		}
		return tx.PutPlan(ctx, next)
	})
}

// RestorePlan brings a retired plan back, hidden. Errors: NotFound "plan.not_found", Invalid
// at "name" where another plan has its name by now.
func (s *Service) RestorePlan(ctx context.Context, by actor.Actor, id string) error {
	return s.change(ctx, by, "restore plan "+id, func(tx *store.Tx) error {
		old, err := planOf(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !old.Retired() {
			return errSame
		}
		next := old
		next.RetiredAt = time.Time{}
		plans, err := tx.Plans(ctx, old.SiteID)
		if err == nil {
			err = freeName(plans, next)
		}
		if err != nil {
			return err
		}
		note(tx, record{"plan.restore", "plan:" + id, old.SiteID, old.Fields(), next.Fields(), nil})
		return tx.PutPlan(ctx, next)
	})
}
