package counter

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/glyph"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/typed"
)

// OutletIn is a filled-in form about an outlet; ID is empty for a new one.
type OutletIn struct {
	Sites                 []string // those the person works on, none means all
	ID, Name, Phone, Note string
	SiteID                string // it sells for; "" for all, which needs an account of all sites
}

const (
	longestOutlet     = 60
	longestOutletNote = 200
)

// PutOutlet adds or changes an outlet. A name that exists, for example from the
// same form posted twice, is refused. Errors: Invalid at
// "name" (also "outlet.name_taken"), "phone", "note" or "site", NotFound, also
// for outlets that sell for a site that is not the person's, or for all.
func (s *Service) PutOutlet(ctx context.Context, by actor.Actor, in OutletIn) error {
	name, ok := typed.Name(in.Name, longestOutlet)
	if !ok {
		return fault.AtField("name", "outlet.name")
	}
	if glyph.Missing(name) != "" {
		return fault.AtField("name", "print.unprintable")
	}
	phone, ok := typed.Mobile(in.Phone)
	if !ok {
		return fault.AtField("phone", "order.phone_invalid")
	}
	if !utf8.ValidString(in.Note) || utf8.RuneCountInString(in.Note) > longestOutletNote {
		return fault.AtField("note", "outlet.note")
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		o := store.Outlet{ID: in.ID, Name: name, Phone: phone, Note: in.Note, SiteID: in.SiteID, CreatedAt: tx.Now()}
		if err := s.outletSite(ctx, tx, in); err != nil {
			return err
		}
		if in.ID == "" {
			o.ID = tx.NewID()
			tx.Audit("outlet.add", "outlet:"+o.ID, map[string]any{"name": name})
			return tx.InsertOutlet(ctx, o)
		}
		before, err := tx.Outlet(ctx, in.ID)
		if err == nil && !ledger.Serves(in.Sites, before.SiteID) {
			err = store.ErrOutletNotFound
		}
		if err != nil {
			return err
		}
		tx.Audit("outlet.change", "outlet:"+o.ID, map[string]any{"before": map[string]any{"name": before.Name, "site": before.SiteID}, "after": map[string]any{"name": name, "site": in.SiteID},
			"phone_changed": before.Phone != phone})
		return tx.SaveOutlet(ctx, o)
	})
	if errors.Is(err, store.ErrOutletNameTaken) {
		return fault.AtField("name", "outlet.name_taken")
	}
	if err != nil {
		return fmt.Errorf("put outlet: %w", err)
	}
	return nil
}

// outletSite checks the site of a form.
func (s *Service) outletSite(ctx context.Context, tx *store.Tx, in OutletIn) error {
	if !ledger.Serves(in.Sites, in.SiteID) {
		return fault.AtField("site", "outlet.site")
	}
	if in.SiteID == "" {
		return nil
	}
	_, err := tx.Site(ctx, in.SiteID)
	if fault.Is(err, fault.NotFound) {
		return fault.AtField("site", "outlet.site")
	}
	return err
}

// HandOutIn assigns vouchers of a batch to an outlet, by number; with OutletID ""
// they return to the counter.
type HandOutIn struct {
	BatchID     string
	OutletID    string
	First, Last int
}

// AssignStock does so and returns how many vouchers moved: only unsold ones do,
// and none that another outlet has. Errors: NotFound, Invalid at "first" or
// "outlet".
func (s *Service) AssignStock(ctx context.Context, by actor.Actor, in HandOutIn) (n int64, err error) {
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		b, err := tx.Batch(ctx, in.BatchID)
		if err != nil {
			return err
		}
		if in.First < 1 || in.Last < in.First || in.Last > b.Count {
			return fault.AtField("first", "batch.range")
		}
		if in.OutletID != "" {
			o, err := tx.Outlet(ctx, in.OutletID)
			if fault.Is(err, fault.NotFound) || (err == nil && o.SiteID != "" && o.SiteID != b.SiteID) {
				return fault.AtField("outlet", "outlet.not_found")
			}
			if err != nil {
				return err
			}
		}
		if n, err = tx.AssignStock(ctx, b.ID, in.First, in.Last, in.OutletID); err != nil || n == 0 {
			return err
		}
		tx.Audit("batch.assign", "batch:"+b.ID, map[string]any{"code": b.Code, "outlet": in.OutletID, "first": in.First, "last": in.Last, "vouchers": n})
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("assign vouchers of batch %s: %w", in.BatchID, err)
	}
	s.vouchers.CountStock(ctx)
	return n, nil
}
