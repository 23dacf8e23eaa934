package catalogue

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/shop/internal/ledger"
)

// ApplyCatalogue imports a catalogue and overwrites what was changed in the panel.
func (s *Service) ApplyCatalogue(ctx context.Context, by actor.Actor, c catalog.Catalogue) error {
	_, err := s.ImportCatalogue(ctx, by, Import{Catalogue: c, Overwrite: true})
	return err
}

// CatalogueChanged tells every page that what it shows may have changed.
func (s *Service) CatalogueChanged(ctx context.Context) {
	ledger.CatalogueChanged(ctx, s.Cache)
}
