package catalogue

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

var (
	// ErrChangedSince: what a change made is no longer so.
	ErrChangedSince = fault.New(fault.Conflict, "catalogue.changed_since")
	// ErrGone: what taking a change back needs is not there any more.
	ErrGone = fault.New(fault.Conflict, "catalogue.gone")
	// ErrNotTakenBack: changes of this kind cannot be taken back.
	ErrNotTakenBack = fault.New(fault.Conflict, "catalogue.not_taken_back")
)

// Changes lists changes of the catalogue that an account sees, the newest first, before one, ""
// for the newest.
func (s *Service) Changes(ctx context.Context, sites []string, before string, limit int) ([]store.CatalogueChange, error) {
	return s.Store.CatalogueChanges(ctx, sites, before, limit)
}

// Change reads one that an account sees. Errors: NotFound "catalogue.change_not_found".
func (s *Service) Change(ctx context.Context, sites []string, id string) (store.CatalogueChange, error) {
	c, err := s.Store.CatalogueChange(ctx, id)
	return c, seen(c, sites, err)
}

// seen hides changes that concern more than the account's sites.
func seen(c store.CatalogueChange, sites []string, err error) error {
	if err == nil && len(sites) > 0 && !slices.Contains(sites, c.SiteID) {
		return store.ErrCatalogueChangeNotFound
	}
	return err
}

// MayTakeBack says why a change cannot be taken back, whatever became of the thing, or nil.
// Errors: Conflict "promotion.over", "catalogue.not_taken_back".
func MayTakeBack(c store.CatalogueChange) error {
	_, routers := c.New["routers"]
	switch {
	case c.Action == "promotion.end":
		return catalog.ErrPromotionOver
	case routers: // their order is that in which they stand in for each other, which is edited there
		return ErrNotTakenBack
	}
	return nil
}

// TakeBack makes the fields of a change what they were before, and leaves the others. What the
// change made is hidden, retired or ended: orders may point at it. Taking a change back twice is
// once. Errors: NotFound "catalogue.change_not_found", Conflict "catalogue.changed_since" where
// the thing is no longer what the change made of it, Conflict "catalogue.gone", the mistakes of
// saving the thing, and those of MayTakeBack.
func (s *Service) TakeBack(ctx context.Context, by actor.Actor, id string) error {
	var routerID string
	err := s.change(ctx, by, "take back change "+id, func(tx *store.Tx) error {
		c, err := tx.CatalogueChange(ctx, id)
		if err := seen(c, by.Sites, err); err != nil {
			return err
		}
		if !c.TakenBackAt.IsZero() {
			return errSame
		}
		if err := MayTakeBack(c); err != nil {
			return err
		}
		kind, thing, _ := strings.Cut(c.Subject, ":")
		_, plans := c.New["plans"]
		switch {
		case kind == catalog.KindSites:
			err = takeBackSiteOrder(ctx, tx, c)
		case kind == catalog.KindSite && plans:
			err = takeBackPlanOrder(ctx, tx, thing, c)
		case kind == catalog.KindPlan:
			err = takeBackPlan(ctx, tx, by, thing, c)
		case kind == catalog.KindSite:
			err = takeBackSite(ctx, tx, by, thing, c)
		case kind == catalog.KindBrand:
			err = takeBackBrand(ctx, tx, c)
		case kind == catalog.KindRouter:
			routerID, err = thing, takeBackRouter(ctx, tx, thing, c)
		case kind == "methods":
			err = takeBackMethods(ctx, tx, by, thing, c)
		case kind == "promotion":
			err = takeBackPromotion(ctx, tx, by, thing, c)
		default:
			err = ErrNotTakenBack
		}
		if err != nil {
			return goneOr(err)
		}
		_, err = tx.TakeBackCatalogueChange(ctx, id)
		return err
	})
	if err == nil && routerID != "" {
		s.Hotspot.Forget(routerID)
	}
	return err
}

// goneOr says of a thing that is not there that it is gone: the change itself was found.
func goneOr(err error) error {
	if fault.Is(err, fault.NotFound) {
		return ErrGone.With(err)
	}
	return err
}

// holds reports whether a thing is still what a change made of it.
func holds(now catalog.Fields, c store.CatalogueChange) bool {
	return len(now.Only(slices.Collect(maps.Keys(c.New))).Differ(c.New)) == 0
}

// made reports whether a change made the thing.
func made(c store.CatalogueChange) bool {
	for _, text := range c.Old {
		if text != "" {
			return false
		}
	}
	return strings.HasSuffix(c.Action, ".add") || strings.HasSuffix(c.Action, ".create") || strings.HasSuffix(c.Action, ".import")
}

// back is the record of taking a change back.
func back(c store.CatalogueChange, kind, siteID string, old, next catalog.Fields) record {
	return record{kind + ".take_back", c.Subject, siteID, old, next, map[string]any{"change": c.ID}}
}

func takeBackPlan(ctx context.Context, tx *store.Tx, by actor.Actor, id string, c store.CatalogueChange) error {
	old, err := planOf(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if !holds(old.Fields(), c) {
		return ErrChangedSince
	}
	retired, listed := c.Old["retired"]
	next := old
	switch {
	case made(c), listed && retired == "true":
		next.Hidden, next.RetiredAt = true, tx.Now()
		if err := tx.PutStockLevel(ctx, id, 0); err != nil {
			return err
		}
	case old.Retired() && !listed:
		return ErrRetired
	default:
		if next, err = old.With(c.Old); err != nil {
			return err
		}
		if listed {
			next.RetiredAt = time.Time{}
		}
	}
	if site, moved := c.Old["site"]; moved && site != "" {
		if _, err := tx.Site(ctx, site); err != nil {
			return err
		}
		if !ledger.Serves(by.Sites, site) {
			return store.ErrSiteNotFound
		}
		next.SiteID = site
	}
	if !next.Retired() {
		plans, err := tx.Plans(ctx, next.SiteID)
		if err == nil {
			err = freeName(plans, next)
		}
		if err != nil {
			return err
		}
	}
	note(tx, back(c, catalog.KindPlan, next.SiteID, old.Fields(), next.Fields()))
	return tx.PutPlan(ctx, next)
}

func takeBackPlanOrder(ctx context.Context, tx *store.Tx, siteID string, c store.CatalogueChange) error {
	plans, err := tx.Plans(ctx, siteID)
	if err != nil {
		return err
	}
	shown := planIDs(slices.DeleteFunc(slices.Clone(plans), catalog.Plan.Retired))
	order, err := orderBefore(shown, c.Old["plans"], c.New["plans"])
	if err != nil {
		return err
	}
	note(tx, back(c, catalog.KindPlan, siteID, catalog.Fields{"plans": strings.Join(shown, ", ")}, catalog.Fields{"plans": strings.Join(order, ", ")}))
	return putPlanOrder(ctx, tx, plans, order)
}

func takeBackSiteOrder(ctx context.Context, tx *store.Tx, c store.CatalogueChange) error {
	all, err := tx.Sites(ctx)
	if err != nil {
		return err
	}
	now := siteIDs(all)
	order, err := orderBefore(now, c.Old["sites"], c.New["sites"])
	if err != nil {
		return err
	}
	note(tx, back(c, catalog.KindSite, "", catalog.Fields{"sites": strings.Join(now, ", ")}, catalog.Fields{"sites": strings.Join(order, ", ")}))
	return putSiteOrder(ctx, tx, order)
}

// orderBefore is the order before a change, with what came since behind it. Errors:
// ErrChangedSince where what it ordered stands otherwise now.
func orderBefore(now []string, old, next string) ([]string, error) {
	was, is := strings.Split(old, ", "), strings.Split(next, ", ")
	common := func(of, in []string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(id string) bool { return !slices.Contains(in, id) })
	}
	if !slices.Equal(common(now, is), common(is, now)) {
		return nil, ErrChangedSince
	}
	return append(common(was, now), slices.DeleteFunc(slices.Clone(now), func(id string) bool { return slices.Contains(was, id) })...), nil
}

func takeBackSite(ctx context.Context, tx *store.Tx, by actor.Actor, id string, c store.CatalogueChange) error {
	old, err := siteOf(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if !holds(old.Fields(), c) {
		return ErrChangedSince
	}
	next := old
	if made(c) {
		next.Hidden = true
	} else if next, err = old.With(c.Old); err != nil {
		return err
	}
	if owner, taken, err := tx.SlugSite(ctx, next.Slug); err != nil || taken && owner != old.ID {
		return takenOr(err)
	}
	note(tx, back(c, catalog.KindSite, id, old.Fields(), next.Fields()))
	return tx.PutSite(ctx, next)
}

func takeBackBrand(ctx context.Context, tx *store.Tx, c store.CatalogueChange) error {
	old, err := tx.Brand(ctx)
	if err != nil {
		return err
	}
	if !holds(old.Fields(), c) {
		return ErrChangedSince
	}
	next, err := old.With(c.Old)
	if err != nil {
		return err
	}
	if name, changed := c.Old["logo"]; changed {
		next.Logo, next.LogoType = nil, ""
		if name != "" {
			logo, found, err := tx.Logo(ctx, name)
			if err != nil {
				return err
			}
			if !found {
				return ErrGone
			}
			next.Logo, next.LogoType = logo.Content, logo.Type
		}
	}
	note(tx, back(c, catalog.KindBrand, "", old.Fields(), next.Fields()))
	return putBrand(ctx, tx, old, next)
}

func takeBackRouter(ctx context.Context, tx *store.Tx, id string, c store.CatalogueChange) error {
	all, err := tx.Routers(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(r catalog.Router) bool { return r.ID == id })
	if at < 0 { // removed: to be put is to come back
		return store.ErrRouterNotFound
	}
	r := all[at]
	if r.SiteID != c.New["site"] {
		return ErrChangedSince
	}
	if _, err := tx.Site(ctx, c.Old["site"]); err != nil {
		return err
	}
	old := r
	r.SiteID = c.Old["site"]
	note(tx, back(c, catalog.KindRouter, "", catalog.Fields{"site": old.SiteID}, catalog.Fields{"site": r.SiteID}))
	return tx.PutRouter(ctx, r)
}

func takeBackPromotion(ctx context.Context, tx *store.Tx, by actor.Actor, id string, c store.CatalogueChange) error {
	old, err := tx.Promotion(ctx, id)
	switch {
	case err != nil:
		return err
	case !old.Within(by.Sites):
		return store.ErrPromotionNotFound
	case !old.EndedAt.IsZero():
		return catalog.ErrPromotionOver
	case !holds(old.Fields(), c):
		return ErrChangedSince
	}
	if made(c) {
		if _, err := tx.EndPromotion(ctx, id); err != nil {
			return err
		}
		tx.Audit("promotion.take_back", c.Subject, map[string]any{"change": c.ID, "before": auditDetail(old)})
		return nil
	}
	next, err := old.With(c.Old)
	if err != nil {
		return err
	}
	if err := checkPromotion(ctx, tx, by.Sites, next); err != nil {
		return err
	}
	notePromotion(tx, "promotion.take_back", old, next, map[string]any{"change": c.ID})
	return tx.SavePromotion(ctx, next)
}
