package catalogue

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// ApplyCatalogue makes the shop sell exactly what the catalogue says. Sites and
// plans that are no longer in it are hidden and routers disabled, never
// deleted, because orders point at them. Open orders keep their snapshot.
func (s *Service) ApplyCatalogue(ctx context.Context, by actor.Actor, c catalog.Catalogue) error {
	if err := c.Validate(); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if err := tx.PutCatalogue(ctx, c); err != nil {
			return err
		}
		if err := tx.PutBrand(ctx, c.Brand); err != nil {
			return err
		}
		tx.Audit("catalogue.apply", "catalogue", map[string]any{"sites": len(c.Sites), "routers": len(c.Routers), "plans": len(c.Plans)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("apply catalogue: %w", err)
	}
	for _, r := range c.Routers {
		s.Hotspot.Forget(r.ID)
	}
	s.CatalogueChanged(ctx)
	return nil
}

// CatalogueChanged tells every page that what it shows may have changed.
func (s *Service) CatalogueChanged(ctx context.Context) {
	publish, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	s.Cache.Publish(publish, ledger.TopicCatalogue, "")
}
