package catalogue

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// HideSite closes a site's page or opens it again. What was sold stays valid, and orders that
// wait for money may still be paid. Errors: NotFound "site.not_found".
func (s *Service) HideSite(ctx context.Context, by actor.Actor, id string, hidden bool) error {
	return s.change(ctx, by, "hide site "+id, func(tx *store.Tx) error {
		old, err := siteOf(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if old.Hidden == hidden {
			return errSame
		}
		next, action := old, "site.show"
		if next.Hidden = hidden; hidden {
			action = "site.hide"
		}
		note(tx, record{action, "site:" + id, id, old.Fields(), next.Fields(), nil})
		return tx.PutSite(ctx, next)
	})
}
