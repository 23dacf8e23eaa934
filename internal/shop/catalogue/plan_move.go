package catalogue

import (
	"context"
	"slices"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/store"
)

// MovePlan moves a plan on its site's page from one place to another, counted from 0 over the
// plans that are not retired. Errors: NotFound "plan.not_found", Conflict "catalogue.changed"
// where it is at neither place.
func (s *Service) MovePlan(ctx context.Context, by actor.Actor, id string, from, to int) error {
	return s.change(ctx, by, "move plan "+id, func(tx *store.Tx) error {
		p, err := planOf(ctx, tx, by, id)
		if err != nil {
			return err
		}
		plans, err := tx.Plans(ctx, p.SiteID)
		if err != nil {
			return err
		}
		shown := slices.DeleteFunc(slices.Clone(plans), catalog.Plan.Retired)
		before := planIDs(shown)
		after, err := moved(before, id, from, to)
		if err != nil {
			return err
		}
		note(tx, record{"plan.order", "site:" + p.SiteID, p.SiteID, catalog.Fields{"plans": strings.Join(before, ", ")}, catalog.Fields{"plans": strings.Join(after, ", ")}, nil})
		return putPlanOrder(ctx, tx, plans, after)
	})
}

// moved is a list with an item at another place. Errors: errSame where it is there already,
// Conflict "catalogue.changed" where it is not where it was thought to be.
func moved(ids []string, id string, from, to int) ([]string, error) {
	at := slices.Index(ids, id)
	switch {
	case at >= 0 && at == to:
		return nil, errSame
	case at < 0 || at != from || to < 0 || to >= len(ids):
		return nil, ErrChanged
	}
	return slices.Insert(slices.Delete(slices.Clone(ids), at, at+1), to, id), nil
}

func planIDs(plans []catalog.Plan) (ids []string) {
	for _, p := range plans {
		ids = append(ids, p.ID)
	}
	return ids
}

// putPlanOrder numbers a site's plans as listed; those that are not listed come last.
func putPlanOrder(ctx context.Context, tx *store.Tx, plans []catalog.Plan, ids []string) error {
	for _, p := range plans {
		position := slices.Index(ids, p.ID)
		if position < 0 {
			position = len(ids) + p.Position
		}
		if position == p.Position {
			continue
		}
		if err := tx.SetPlanPosition(ctx, p.ID, position); err != nil {
			return err
		}
	}
	return nil
}
