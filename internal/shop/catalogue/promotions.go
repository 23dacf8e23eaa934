package catalogue

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// Promotions lists the promotions that an account sees, the newest first: those of its sites
// and those of all; no sites are all.
func (s *Service) Promotions(ctx context.Context, sites []string) ([]catalog.Promotion, error) {
	all, err := s.Store.Promotions(ctx)
	return slices.DeleteFunc(all, func(p catalog.Promotion) bool { return !p.Touches(sites) }), err
}

// Promotion reads one that an account sees. Errors: NotFound "promotion.not_found".
func (s *Service) Promotion(ctx context.Context, sites []string, id string) (catalog.Promotion, error) {
	p, err := s.Store.Promotion(ctx, id)
	if err == nil && !p.Touches(sites) {
		return catalog.Promotion{}, store.ErrPromotionNotFound
	}
	return p, err
}

// PromotionUses says of a promotion how often it was used at some sites and what it took off
// there; no sites are all.
func (s *Service) PromotionUses(ctx context.Context, sites []string, p catalog.Promotion) (catalog.Promotion, error) {
	if p.Within(sites) {
		return p, nil
	}
	u, err := s.Store.PromotionUsesAt(ctx, p.ID, sites)
	p.Used, p.Paid, p.Given = u.Used, u.Paid, u.Given
	return p, err
}

// CreatePromotion keeps a new promotion. The same form sent twice makes one. Errors: Invalid
// at the field, Conflict "promotion.code_taken" and "promotion.changed".
func (s *Service) CreatePromotion(ctx context.Context, by actor.Actor, sites []string, p catalog.Promotion, nonce string) (catalog.Promotion, error) {
	if !ledger.ValidNonce(nonce) {
		return p, fault.AtField("nonce", "order.form_stale")
	}
	if err := checkPromotion(ctx, s.Store, sites, p); err != nil {
		return p, err
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		have, found, err := tx.PromotionOfNonce(ctx, nonce)
		if err != nil || found {
			p = have
			return err
		}
		p.ID = tx.NewID()
		if err := tx.InsertPromotion(ctx, p, nonce); err != nil {
			return err
		}
		tx.Audit("promotion.create", "promotion:"+p.ID, map[string]any{"after": auditDetail(p)})
		tx.NoteCatalogueChange(store.CatalogueChange{SiteID: promotionSite(p), Subject: "promotion:" + p.ID, Action: "promotion.create", Old: catalog.Fields{}, New: p.Fields()})
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("create promotion: %w", err)
	}
	s.CatalogueChanged(ctx)
	return s.Store.Promotion(ctx, p.ID)
}

// SavePromotion changes the rule of a promotion: what was ordered under it stays as it is. The
// same form sent twice changes it once. Errors: as of CreatePromotion, NotFound
// "promotion.not_found", Conflict "promotion.over".
func (s *Service) SavePromotion(ctx context.Context, by actor.Actor, sites []string, p catalog.Promotion) error {
	if err := checkPromotion(ctx, s.Store, sites, p); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.Promotion(ctx, p.ID)
		if err != nil {
			return err
		}
		if !before.Within(sites) {
			return store.ErrPromotionNotFound
		}
		if err := catalog.MayEditPromotion(before); err != nil {
			return err
		}
		if reflect.DeepEqual(auditDetail(before), auditDetail(p)) {
			return nil
		}
		if err := tx.SavePromotion(ctx, p); err != nil {
			return err
		}
		notePromotion(tx, "promotion.edit", before, p, nil)
		return nil
	})
	if err != nil {
		return fmt.Errorf("save promotion %s: %w", p.ID, err)
	}
	s.CatalogueChanged(ctx)
	return nil
}

// EndPromotion ends a promotion now; one that was ended stays so. Orders that were placed keep
// their price. Errors: NotFound "promotion.not_found".
func (s *Service) EndPromotion(ctx context.Context, by actor.Actor, sites []string, id, reason string) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		p, err := tx.Promotion(ctx, id)
		if err != nil {
			return err
		}
		if !p.Within(sites) {
			return store.ErrPromotionNotFound
		}
		ended, err := tx.EndPromotion(ctx, id)
		if ended {
			tx.Audit("promotion.end", "promotion:"+id, map[string]any{"before": auditDetail(p), "used": p.Used, "given": int64(p.Given), "reason": reason})
			tx.NoteCatalogueChange(store.CatalogueChange{SiteID: promotionSite(p), Subject: "promotion:" + id, Action: "promotion.end", Old: catalog.Fields{}, New: catalog.Fields{"name": p.Name}})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("end promotion %s: %w", id, err)
	}
	s.CatalogueChanged(ctx)
	return nil
}

// notePromotion puts a change of a promotion's rule on record.
func notePromotion(tx *store.Tx, action string, before, after catalog.Promotion, more map[string]any) {
	detail := map[string]any{"before": auditDetail(before), "after": auditDetail(after)}
	maps.Copy(detail, more)
	tx.Audit(action, "promotion:"+after.ID, detail)
	names := before.Fields().Differ(after.Fields())
	c := store.CatalogueChange{SiteID: promotionSite(before), Subject: "promotion:" + after.ID, Action: action, Old: before.Fields().Only(names), New: after.Fields().Only(names)}
	if promotionSite(after) != c.SiteID {
		c.SiteID = ""
	}
	tx.NoteCatalogueChange(c)
}

// promotionSite is the one site that a promotion is for, "" where it is for several.
func promotionSite(p catalog.Promotion) string {
	if len(p.Sites) == 1 {
		return p.Sites[0]
	}
	return ""
}

// sold reads what a promotion is checked against, within or outside a transaction.
type sold interface {
	Sites(ctx context.Context) ([]catalog.Site, error)
	Plans(ctx context.Context, siteID string) ([]catalog.Plan, error)
}

// checkPromotion says what is wrong with a promotion that an account of some sites wants.
func checkPromotion(ctx context.Context, from sold, sites []string, p catalog.Promotion) error {
	all, err := from.Sites(ctx)
	if err != nil {
		return err
	}
	var plans []catalog.Plan
	for _, site := range all {
		of, err := from.Plans(ctx, site.ID)
		if err != nil {
			return err
		}
		plans = append(plans, of...)
	}
	unknown := slices.ContainsFunc(p.Sites, func(id string) bool {
		return !slices.ContainsFunc(all, func(have catalog.Site) bool { return have.ID == id })
	})
	if unknown || !p.Within(sites) {
		return fault.AtField("sites", "promotion.sites")
	}
	return p.Validate(plans)
}

// auditDetail is what the audit trail keeps of a promotion's rule.
func auditDetail(p catalog.Promotion) map[string]any {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	return map[string]any{"name": p.Name, "code": p.Code, "cheaper": string(p.DiscountKind), "value": p.Value, "sites": append([]string{}, p.Sites...), "plans": append([]string{}, p.Plans...),
		"methods": fmt.Sprint(p.Methods), "from": at(p.From), "until": at(p.Until), "weekdays": int(p.Weekdays), "hours": []int{p.Hours.From, p.Hours.Until},
		"first": p.First, "most_uses": p.MostUses, "most_each": p.MostEach}
}
