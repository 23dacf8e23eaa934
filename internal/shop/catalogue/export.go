package catalogue

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/store"
)

// Export writes the catalogue as a file that can be imported, and notes who took it. Without
// routers the file says so: an import of it keeps those that are there.
func (s *Service) Export(ctx context.Context, by actor.Actor, routers bool) (file []byte, err error) {
	c, err := s.Store.Catalogue(ctx)
	if err != nil {
		return nil, fmt.Errorf("export catalogue: %w", err)
	}
	file = c.Document()
	if !routers {
		c.Routers = nil
		file = append([]byte("# "+catalog.WithoutRouters+"\n"), c.Document()...)
	}
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("catalogue.export", "catalogue", map[string]any{"sites": len(c.Sites), "plans": len(c.Plans), "routers": len(c.Routers)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("export catalogue: %w", err)
	}
	return file, nil
}
