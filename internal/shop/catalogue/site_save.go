package catalogue

import (
	"context"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// SiteForm is a site as it was typed.
type SiteForm struct {
	ID     string // "" for a new one
	Seen   string // Digest of what the form showed, of one that is there
	Fields catalog.Fields
}

// SaveSite makes a site, the last of the list, or changes one. An address that a site ever had
// keeps leading to it. Only accounts of all sites make one. Errors: Invalid at the field,
// Invalid "catalogue.slug_taken" at "slug", NotFound "site.not_found", Denied
// "staff.whole_only", Conflict "catalogue.changed" where the site is not what the form showed.
func (s *Service) SaveSite(ctx context.Context, by actor.Actor, f SiteForm) (saved catalog.Site, err error) {
	err = s.change(ctx, by, "save site "+f.ID, func(tx *store.Tx) error {
		if f.ID == "" {
			saved, err = addSite(ctx, tx, by, f)
		} else {
			saved, err = editSite(ctx, tx, by, f)
		}
		return err
	})
	return saved, err
}

// siteOf reads a site of the account's.
func siteOf(ctx context.Context, tx *store.Tx, by actor.Actor, id string) (catalog.Site, error) {
	if !ledger.Serves(by.Sites, id) {
		return catalog.Site{}, store.ErrSiteNotFound
	}
	return tx.Site(ctx, id)
}

func addSite(ctx context.Context, tx *store.Tx, by actor.Actor, f SiteForm) (catalog.Site, error) {
	site := catalog.Site{FailoverAfter: catalog.DefaultFailoverAfter}
	if len(by.Sites) > 0 {
		return site, fault.New(fault.Denied, "staff.whole_only")
	}
	slug := strings.TrimSpace(f.Fields["slug"])
	if _, taken, err := tx.SlugSite(ctx, slug); err != nil || taken {
		return site, takenOr(err)
	}
	id, err := idFrom(tx, slug, func(id string) (bool, error) {
		_, err := tx.Site(ctx, id)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		return true, err
	})
	if err != nil {
		return site, err
	}
	site.ID = id
	if site, err = site.With(f.Fields); err != nil {
		return site, err
	}
	all, err := tx.Sites(ctx)
	if err != nil {
		return site, err
	}
	for _, x := range all {
		site.Position = max(site.Position, x.Position+1)
	}
	note(tx, record{"site.add", "site:" + site.ID, site.ID, catalog.Fields{}, site.Fields(), nil})
	return site, tx.PutSite(ctx, site)
}

// takenOr says at its field that an address is another site's, unless reading it failed.
func takenOr(err error) error {
	if err != nil {
		return err
	}
	return ErrSlugTaken
}

func editSite(ctx context.Context, tx *store.Tx, by actor.Actor, f SiteForm) (catalog.Site, error) {
	old, err := siteOf(ctx, tx, by, f.ID)
	if err != nil {
		return old, err
	}
	next, err := old.With(f.Fields)
	if err != nil {
		return old, err
	}
	if len(old.Fields().Differ(next.Fields())) == 0 {
		return old, errSame
	}
	if f.Seen != old.Fields().Digest() {
		return old, ErrChanged
	}
	if owner, taken, err := tx.SlugSite(ctx, next.Slug); err != nil || taken && owner != old.ID {
		return old, takenOr(err)
	}
	note(tx, record{"site.edit", "site:" + old.ID, old.ID, old.Fields(), next.Fields(), nil})
	return next, tx.PutSite(ctx, next)
}
