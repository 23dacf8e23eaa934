package catalogue

import (
	"context"
	"errors"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/picture"
	"gerai/internal/store"
)

// BrandForm is the brand as it was typed.
type BrandForm struct {
	Seen   string // Digest of what the form showed
	Fields catalog.Fields
	Logo   []byte // another logo; nil keeps the present one
	NoLogo bool   // take the present one away
}

// SaveBrand changes how the shop presents itself, on all pages at once. A logo is kept as it
// decodes, without anything else that its file held. Errors: Invalid at the field, Denied
// "staff.whole_only", Conflict "catalogue.changed" where the brand is not what the form showed.
func (s *Service) SaveBrand(ctx context.Context, by actor.Actor, f BrandForm) error {
	if len(by.Sites) > 0 {
		return fault.New(fault.Denied, "staff.whole_only")
	}
	logo, kind, err := readLogo(f.Logo)
	if err != nil {
		return err
	}
	return s.change(ctx, by, "save brand", func(tx *store.Tx) error {
		old, err := tx.Brand(ctx)
		if err != nil {
			return err
		}
		next, err := f.on(old, logo, kind)
		if err != nil {
			return err
		}
		if len(old.Fields().Differ(next.Fields())) == 0 {
			return errSame
		}
		if f.Seen != old.Fields().Digest() {
			return ErrChanged
		}
		note(tx, record{"brand.edit", "brand", "", old.Fields(), next.Fields(), nil})
		return putBrand(ctx, tx, old, next)
	})
}

// PreviewBrand is the brand as a form would make it; nothing is saved. Errors: Invalid at the field.
func (s *Service) PreviewBrand(ctx context.Context, f BrandForm) (catalog.Brand, error) {
	old, err := s.Store.Brand(ctx)
	if err != nil {
		return old, err
	}
	logo, kind, err := readLogo(f.Logo)
	if err != nil {
		return old, err
	}
	return f.on(old, logo, kind)
}

// on puts the form over a brand.
func (f BrandForm) on(b catalog.Brand, logo []byte, kind string) (catalog.Brand, error) {
	if f.NoLogo {
		b.Logo, b.LogoType = nil, ""
	}
	if logo != nil {
		b.Logo, b.LogoType = logo, kind
	}
	return b.With(f.Fields)
}

// readLogo checks a logo by decoding it. Errors: Invalid at "logo".
func readLogo(raw []byte) (logo []byte, kind string, err error) {
	if len(raw) == 0 {
		return nil, "", nil
	}
	if len(raw) > MostLogo {
		return nil, "", fault.AtField("logo", "catalogue.logo_size")
	}
	logo, kind, err = picture.Logo(raw)
	switch {
	case errors.Is(err, picture.ErrSides):
		return nil, "", fault.AtField("logo", "catalogue.logo_sides")
	case err != nil:
		return nil, "", fault.AtField("logo", "catalogue.logo_type")
	case len(logo) > catalog.MaxLogo:
		return nil, "", fault.AtField("logo", "catalogue.logo_size")
	}
	return logo, kind, nil
}

// MostLogo bounds the file that a logo is read from; what is kept of it is at most
// catalog.MaxLogo.
const MostLogo = 4 * catalog.MaxLogo

// putBrand keeps a brand, and the logo that it had and the one that it has by their names, so
// that a change can be taken back.
func putBrand(ctx context.Context, tx *store.Tx, old, next catalog.Brand) error {
	for _, b := range []catalog.Brand{old, next} {
		if len(b.Logo) == 0 {
			continue
		}
		if err := tx.KeepLogo(ctx, store.Logo{Name: catalog.LogoName(b.Logo), Type: b.LogoType, Content: b.Logo}); err != nil {
			return err
		}
	}
	return tx.PutBrand(ctx, next)
}
