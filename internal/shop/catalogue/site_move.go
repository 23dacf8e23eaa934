package catalogue

import (
	"context"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// MoveSite moves a site in the list of hotspots from one place to another, counted from 0.
// Errors: Denied "staff.whole_only", Conflict "catalogue.changed" where it is at neither place.
func (s *Service) MoveSite(ctx context.Context, by actor.Actor, id string, from, to int) error {
	if len(by.Sites) > 0 {
		return fault.New(fault.Denied, "staff.whole_only")
	}
	return s.change(ctx, by, "move site "+id, func(tx *store.Tx) error {
		if _, err := tx.Site(ctx, id); err != nil {
			return err
		}
		all, err := tx.Sites(ctx)
		if err != nil {
			return err
		}
		before := siteIDs(all)
		after, err := moved(before, id, from, to)
		if err != nil {
			return err
		}
		note(tx, record{"site.order", "sites", "", catalog.Fields{"sites": strings.Join(before, ", ")}, catalog.Fields{"sites": strings.Join(after, ", ")}, nil})
		return putSiteOrder(ctx, tx, after)
	})
}

func siteIDs(sites []catalog.Site) (ids []string) {
	for _, x := range sites {
		ids = append(ids, x.ID)
	}
	return ids
}

// putSiteOrder numbers the sites as listed.
func putSiteOrder(ctx context.Context, tx *store.Tx, ids []string) error {
	for i, id := range ids {
		if err := tx.SetSitePosition(ctx, id, i); err != nil {
			return err
		}
	}
	return nil
}
