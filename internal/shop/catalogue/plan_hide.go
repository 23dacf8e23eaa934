package catalogue

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// HidePlan takes a plan off the page or puts it there again. Errors: NotFound
// "plan.not_found", Conflict "catalogue.retired".
func (s *Service) HidePlan(ctx context.Context, by actor.Actor, id string, hidden bool) error {
	return s.change(ctx, by, "hide plan "+id, func(tx *store.Tx) error {
		old, err := planOf(ctx, tx, by, id)
		switch {
		case err != nil:
			return err
		case old.Retired():
			return ErrRetired
		case old.Hidden == hidden:
			return errSame
		}
		next, action := old, "plan.show"
		if next.Hidden = hidden; hidden {
			action = "plan.hide"
		}
		note(tx, record{action, "plan:" + id, old.SiteID, old.Fields(), next.Fields(), nil})
		return tx.PutPlan(ctx, next)
	})
}
