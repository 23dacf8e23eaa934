package catalogue

import (
	"context"
	"maps"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// MethodsForm are rules of ways to pay as they were typed.
type MethodsForm struct {
	SiteID string // "" for the shop
	Seen   string // Digest of what the form showed
	Rules  []catalog.MethodRule
	Shop   bool // of a site: its own go, and those of the shop hold
}

// SaveMethods changes which ways to pay the shop or a site offers, in which order and from which
// amounts on. Open orders keep their codes. Errors: those of catalog.ValidateMethods, NotFound
// "site.not_found", Denied "staff.whole_only", Conflict "catalogue.changed".
func (s *Service) SaveMethods(ctx context.Context, by actor.Actor, f MethodsForm) error {
	if f.SiteID == "" && len(by.Sites) > 0 {
		return fault.New(fault.Denied, "staff.whole_only")
	}
	next := f.Rules
	if f.SiteID != "" && f.Shop {
		next = nil
	} else if err := catalog.ValidateMethods(f.Rules); err != nil {
		return err
	}
	return s.change(ctx, by, "save ways to pay of "+f.SiteID, func(tx *store.Tx) error {
		all, err := methodsOf(ctx, tx, by, f.SiteID)
		if err != nil {
			return err
		}
		old := catalog.MethodFields(all.Own(f.SiteID))
		if len(old.Differ(catalog.MethodFields(next))) == 0 {
			return errSame
		}
		if f.Seen != old.Digest() {
			return ErrChanged
		}
		note(tx, record{"methods.edit", methodsSubject(f.SiteID), f.SiteID, old, catalog.MethodFields(next), nil})
		return putMethods(ctx, tx, all, f.SiteID, next)
	})
}

// methodsOf reads the rules for a change of those of a site, or of the shop.
func methodsOf(ctx context.Context, tx *store.Tx, by actor.Actor, siteID string) (catalog.PaymentMethods, error) {
	if siteID != "" {
		if _, err := siteOf(ctx, tx, by, siteID); err != nil {
			return catalog.PaymentMethods{}, err
		}
	}
	return tx.PaymentMethods(ctx)
}

func methodsSubject(siteID string) string {
	if siteID == "" {
		return "methods"
	}
	return "methods:" + siteID
}

func putMethods(ctx context.Context, tx *store.Tx, all catalog.PaymentMethods, siteID string, rules []catalog.MethodRule) error {
	if siteID == "" {
		all.Shop = rules
		return tx.PutPaymentMethods(ctx, all)
	}
	sites := maps.Clone(all.Sites)
	if sites == nil {
		sites = map[string][]catalog.MethodRule{}
	}
	if sites[siteID] = rules; rules == nil {
		delete(sites, siteID)
	}
	all.Sites = sites
	return tx.PutPaymentMethods(ctx, all)
}

func takeBackMethods(ctx context.Context, tx *store.Tx, by actor.Actor, siteID string, c store.CatalogueChange) error {
	all, err := methodsOf(ctx, tx, by, siteID)
	if err != nil {
		return err
	}
	old := catalog.MethodFields(all.Own(siteID))
	if !holds(old, c) {
		return ErrChangedSince
	}
	rules, err := catalog.ReadMethods(c.Old["methods"])
	if err != nil {
		return err
	}
	note(tx, back(c, "methods", siteID, old, catalog.MethodFields(rules)))
	return putMethods(ctx, tx, all, siteID, rules)
}
