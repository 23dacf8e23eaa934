package setup

import (
	"context"
	"errors"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/shop/catalogue"
)

// SaveSite makes a site of the little that the first one needs. The same form sent twice makes one
// site. Errors as of catalogue.SaveSite.
func (s *Service) SaveSite(ctx context.Context, by actor.Actor, f catalog.Fields) (catalog.Site, error) {
	site, err := s.catalogue.SaveSite(ctx, by, catalogue.SiteForm{Fields: f})
	if !errors.Is(err, catalogue.ErrSlugTaken) {
		return site, err
	}
	id, found, readErr := s.Store.SlugSite(ctx, f["slug"])
	if readErr != nil || !found {
		return site, err
	}
	if site, readErr = s.Store.Site(ctx, id); readErr == nil && same(site.Fields(), f) {
		return site, nil
	}
	return site, err
}

// SavePlan makes a plan of the little that the first one needs. The same form sent twice makes one
// plan. Errors as of catalogue.SavePlan.
func (s *Service) SavePlan(ctx context.Context, by actor.Actor, siteID string, f catalog.Fields) (catalog.Plan, error) {
	plan, err := s.catalogue.SavePlan(ctx, by, catalogue.PlanForm{SiteID: siteID, Fields: f})
	if !errors.Is(err, catalogue.ErrPlanNameUsed) {
		return plan, err
	}
	typed, formErr := plan.With(f)
	plans, readErr := s.Store.Plans(ctx, siteID)
	if formErr != nil || readErr != nil {
		return plan, err
	}
	for _, x := range plans {
		if typed.Name == x.Name && typed.Price == x.Price && typed.Validity == x.Validity && !x.Retired() {
			return x, nil
		}
	}
	return plan, err
}

// same reports whether a thing has everything that a form says.
func same(has, says catalog.Fields) bool {
	for name, value := range says {
		if has[name] != value {
			return false
		}
	}
	return true
}
