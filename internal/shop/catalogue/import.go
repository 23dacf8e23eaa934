package catalogue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/store"
)

var (
	// ErrPanelChanged: the import would take back what was done in the panel.
	ErrPanelChanged = fault.New(fault.Conflict, "catalogue.panel_changed")
	// ErrDifferencesChanged: the differences are no longer those that were shown.
	ErrDifferencesChanged = fault.New(fault.Conflict, "catalogue.differences_changed")
)

// Import is a catalogue that the shop is to sell, as a whole.
type Import struct {
	Catalogue catalog.Catalogue
	Overwrite bool   // also what was changed in the panel since the last import
	KeepPanel bool   // leave that as it is, and apply the rest
	Shown     string // DifferencesDigest of what was shown; "" where nothing was
	// KeepRouters leaves routers as they are, whatever the file says of them and of their sites: a
	// site that it does not name is hidden, and its routers go on.
	KeepRouters bool
	// PasswordAgain asks for the password of a router that is not there now, or whose address,
	// account or certificate the file changes: the stored one is for the router as it is.
	PasswordAgain bool
}

// WithoutRouters reports whether a file says that routers were left out of it.
func WithoutRouters(file []byte) bool {
	return bytes.HasPrefix(file, []byte("# "+catalog.WithoutRouters))
}

// on is what the shop is to sell, given what it sells now and what the last import said.
func (in Import) on(now catalog.Catalogue, base catalog.Imported) (catalog.Catalogue, error) {
	next := in.Catalogue
	if in.KeepRouters {
		next.Routers, next.Sites = slices.Clone(now.Routers), sitesOfRouters(next.Sites, now)
	}
	if in.KeepPanel {
		next = next.KeepingPanel(now, base)
	}
	for _, r := range next.Routers {
		at := slices.IndexFunc(now.Routers, func(x catalog.Router) bool { return x.ID == r.ID })
		if !in.PasswordAgain || r.Password != "" {
			continue
		}
		if at < 0 { // new, or removed: what is stored of it is not for a file to use
			return next, &fault.Error{Kind: fault.Invalid, Code: "catalogue.router_password_new", Field: "file", Subject: r.ID}
		}
		if x := now.Routers[at]; x.Address != r.Address || x.User != r.User || x.TLS != r.TLS || x.Fingerprint != r.Fingerprint {
			return next, fault.AtField("file", "catalogue.router_password")
		}
	}
	return next, next.Validate()
}

// sitesOfRouters are the sites of a file, and hidden behind them those that have routers and are
// not in it.
func sitesOfRouters(in []catalog.Site, now catalog.Catalogue) []catalog.Site {
	out := slices.Clone(in)
	for _, s := range now.Sites {
		there := slices.ContainsFunc(in, func(x catalog.Site) bool { return x.ID == s.ID })
		if there || !slices.ContainsFunc(now.Routers, func(r catalog.Router) bool { return r.SiteID == s.ID }) {
			continue
		}
		s.Hidden, s.Position = true, 0
		if n := len(out); n > 0 {
			s.Position = out[n-1].Position + 1
		}
		out = append(out, s)
	}
	return out
}

// DifferencesDigest tells two lists of differences apart.
func DifferencesDigest(d []catalog.Difference) string {
	text, _ := json.Marshal(d) // texts always encode
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// PlanImport lists what an import would change; nothing is changed. Errors: the catalogue's
// mistakes, Invalid "catalogue.router_password" and "catalogue.router_password_new" at "file".
func (s *Service) PlanImport(ctx context.Context, in Import) ([]catalog.Difference, error) {
	if err := in.Catalogue.Validate(); err != nil {
		return nil, err
	}
	now, err := s.Store.Catalogue(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan import: %w", err)
	}
	base, err := s.Store.Imported(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan import: %w", err)
	}
	next, err := in.on(now, base)
	if err != nil {
		return nil, err
	}
	return catalog.Differences(now, next, base), nil
}

// ImportCatalogue makes the shop sell exactly what the catalogue says, and returns what that
// changed. Sites and plans that are no longer in it are hidden and routers disabled, never
// deleted, because orders point at them. Open orders keep their snapshot. Errors: the
// catalogue's mistakes, Conflict "catalogue.panel_changed" with the differences where it would
// take back what was done in the panel, Conflict "catalogue.differences_changed", Conflict
// "catalogue.slug_taken", Invalid "catalogue.router_password" and "catalogue.router_password_new" at "file".
func (s *Service) ImportCatalogue(ctx context.Context, by actor.Actor, in Import) (all []catalog.Difference, err error) {
	if err := in.Catalogue.Validate(); err != nil {
		return nil, err
	}
	err = s.change(ctx, by, "import catalogue", func(tx *store.Tx) error {
		now, err := tx.Catalogue(ctx)
		if err != nil {
			return err
		}
		base, err := tx.Imported(ctx)
		if err != nil {
			return err
		}
		next, err := in.on(now, base)
		if err != nil {
			return err
		}
		all = catalog.Differences(now, next, base)
		switch {
		case in.Shown != "" && in.Shown != DifferencesDigest(all):
			return ErrDifferencesChanged
		case !in.Overwrite && slices.ContainsFunc(all, catalog.Difference.Panel):
			return ErrPanelChanged
		}
		return putImport(ctx, tx, now, next, in.Catalogue.ImportedFields(), all)
	})
	if err == nil {
		for _, r := range in.Catalogue.Routers {
			s.Hotspot.Forget(r.ID)
		}
	}
	return all, err
}

// putImport writes a catalogue, and notes what its file said.
func putImport(ctx context.Context, tx *store.Tx, now, next catalog.Catalogue, said catalog.Imported, all []catalog.Difference) error {
	if err := tx.PutImported(ctx, said); err != nil || len(all) == 0 {
		return err
	}
	if err := tx.PutCatalogue(ctx, next); err != nil {
		return err
	}
	if err := putBrand(ctx, tx, now.Brand, next.Brand); err != nil {
		return err
	}
	for _, d := range all {
		before, after := catalog.Fields{}, catalog.Fields{}
		for _, f := range d.Fields {
			before[f.Field], after[f.Field] = f.Old, f.New
		}
		note(tx, record{imported(d.Kind), d.Subject(), d.SiteID, before, after, map[string]any{"what": d.What}})
	}
	tx.Audit("catalogue.apply", "catalogue", map[string]any{"sites": len(next.Sites), "routers": len(next.Routers), "plans": len(next.Plans), "changes": len(all)})
	return nil
}

// imported is the act by which an import changes a thing.
func imported(kind string) string {
	switch kind {
	case catalog.KindBrand:
		return "brand.import"
	case catalog.KindRouter:
		return "router.import"
	case catalog.KindPlan:
		return "plan.import"
	}
	return "site.import"
}
