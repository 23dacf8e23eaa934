package backups

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments/counter"
)

const (
	// adoptFor is how long the recovery waits for routers that do not answer, once it is known
	// what was paid; their users stay where they are in any case.
	adoptFor = time.Hour
	// mostUnmatched bounds how many payments without an order are compared with users.
	mostUnmatched = 1000
)

// errUserPlan: it cannot be told from a router's user what was sold.
var errUserPlan = fault.New(fault.Refused, "recovery.user_plan")

// errUserEnded: what was sold is over. An order that is made again would let it live again.
var errUserEnded = fault.New(fault.Refused, "recovery.user_ended")

// errUserRefunded: its money went back, and its router lets it in.
var errUserRefunded = fault.New(fault.Refused, "recovery.user_refunded")

// adoptUsers takes over the users of routers that carry our mark and for which no money is
// known: once all online payments have their place, they are sales at the counter since
// the backup. waits reports that a router has not answered yet.
func (s *Service) adoptUsers(ctx context.Context, m backup.Recovery) (waits bool, err error) {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return false, err
	}
	paid, err := s.unmatchedCodes(ctx, m)
	if err != nil {
		return false, err
	}
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		err := s.adoptOn(ctx, m, r, paid)
		if errors.Is(err, errOver) {
			return false, err
		}
		if err != nil {
			s.Log.WarnContext(ctx, "users of a router not taken over", "router", r.ID, "error", err)
			waits = waits || s.Clock.Now().Before(m.Found().Add(adoptFor))
		}
	}
	return waits, nil
}

// adoptOn takes over the users of one router; one that cannot be keeps none of the others.
func (s *Service) adoptOn(ctx context.Context, m backup.Recovery, r catalog.Router, paid map[order.Code]bool) error {
	users, err := s.vouchers.MarkedUsers(ctx, r)
	if err != nil {
		return err
	}
	var errs []error
	for _, code := range slices.Sorted(maps.Keys(users)) {
		u := users[code]
		if paid[code] {
			continue
		}
		if err := s.adoptUser(ctx, m, r, code, u); err != nil {
			errs = append(errs, fmt.Errorf("order %s: %w", code, err))
		}
	}
	return errors.Join(errs...)
}

// unmatchedCodes are the orders that money without an order names: staff decide about them.
func (s *Service) unmatchedCodes(ctx context.Context, m backup.Recovery) (map[order.Code]bool, error) {
	rows, err := s.Store.RecoveryRows(ctx, m.Since, backup.FoundPayment, backup.FoundUnmatched, mostUnmatched)
	out := map[order.Code]bool{}
	for _, x := range rows {
		if code, _, ok := order.ParseReference(x.Reference); ok {
			out[code] = true
		}
	}
	return out, err
}

// adoptUser makes an order of a user that no order of the books stands behind, or whose
// order is unpaid there. Its price is a receivable until staff say how it was paid.
func (s *Service) adoptUser(ctx context.Context, m backup.Recovery, r catalog.Router, code order.Code, u hotspot.Found) error {
	row := store.RecoveryRow{Kind: backup.FoundUser, Key: r.ID + "/" + u.Name, State: backup.FoundAdopted, Reference: string(code), RouterID: r.ID, MadeAt: m.Since}
	o, err := s.Store.OrderByCode(ctx, code)
	payable := err == nil && order.MayPayAtCounter(o) == nil
	switch {
	case err == nil && !o.PaidAt.IsZero() && !u.Disabled:
		return s.adoptMoved(ctx, m, row, r, o, u)
	case err == nil && !payable: // its charge tells
		return nil
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	case u.Disabled:
		return s.leaveUser(ctx, m, row, errUserEnded)
	case err == nil:
		return s.adoptKnown(ctx, m, row, o)
	}
	site, err := s.Store.Site(ctx, r.SiteID)
	if err != nil {
		return err
	}
	plans, err := s.Store.Plans(ctx, r.SiteID)
	if err != nil {
		return err
	}
	p, known := voucher.Guess(u, site, plans)
	if !known {
		return s.leaveUser(ctx, m, row, errUserPlan)
	}
	sold := order.Remade{Code: code, No: 1, Recorded: order.Recorded{SiteID: r.SiteID, Item: p.Item(site)}}.Order()
	// There is no charge: as of an order that was sold at the counter.
	sold.RouterID, sold.SellerID = r.ID, actor.Server.AuditName
	return s.adoptUnknown(ctx, m, row, sold, s.soldOn(u, m))
}

// leaveUser lists a user that is left as it is, and why.
func (s *Service) leaveUser(ctx context.Context, m backup.Recovery, row store.RecoveryRow, why *fault.Error) error {
	row.State, row.Reason = backup.FoundUnmatched, why.Code
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error {
		return tx.NoteRecoveryRows(ctx, m.Since, []store.RecoveryRow{row})
	})
	return err
}

// soldOn is when a user was sold: the day is in its comment, and in doubt it was as late as
// it can have been.
func (s *Service) soldOn(u hotspot.Found, m backup.Recovery) time.Time {
	day, ok := vouchers.SaleDay(u.Comment, s.Zone)
	if end := day.AddDate(0, 0, 1); ok && end.Before(m.Since) {
		return ledger.Later(end, m.TakenAt)
	}
	return m.Since
}

// adoptUnknown writes an order for a user without one, with its price as credit. Its
// activation takes the user over as it is.
func (s *Service) adoptUnknown(ctx context.Context, m backup.Recovery, row store.RecoveryRow, o order.Order, sold time.Time) error {
	if err := s.ledger.DrawCredentials(&o); err != nil {
		return err
	}
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error {
		if _, err := tx.OrderByCode(ctx, o.Code); err == nil || !fault.Is(err, fault.NotFound) {
			return err // another worker was first
		}
		if err := s.ledger.BeginAt(ctx, tx, &o, sold); err != nil {
			return err
		}
		tx.Audit("order.remake", "order:"+string(o.ID), map[string]any{"code": string(o.Code), "site": o.SiteID, "plan": o.Item.PlanID, "total": int64(o.Total), "router": row.RouterID})
		return s.adopted(ctx, tx, m, row, &o, sold)
	})
	return err
}

// adoptMoved takes over a user whose voucher the books have on another router.
func (s *Service) adoptMoved(ctx context.Context, m backup.Recovery, row store.RecoveryRow, r catalog.Router, o order.Order, u hotspot.Found) error {
	moved, err := s.vouchers.AdoptMoved(ctx, o, r, u)
	if err != nil && s.Clock.Now().Before(m.Found().Add(adoptFor)) {
		return err
	}
	if !moved {
		return s.listMoved(ctx, m, row, r, o, u)
	}
	row.State, row.OrderID = backup.FoundMatched, o.ID
	_, err = s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error {
		return tx.NoteRecoveryRows(ctx, m.Since, []store.RecoveryRow{row})
	})
	return err
}

// listMoved lists a user that another router has as well, or that cannot be asked for it, and
// one whose money went back.
func (s *Service) listMoved(ctx context.Context, m backup.Recovery, row store.RecoveryRow, r catalog.Router, o order.Order, u hotspot.Found) error {
	v, found, err := s.Store.Voucher(ctx, o.ID)
	switch {
	case err != nil:
		return err
	case !found && o.Status == order.Refunded:
		return s.leaveUser(ctx, m, row, errUserRefunded)
	case !found:
		return nil // it is about to be delivered
	}
	lost, err := s.vouchers.LostMove(ctx, v, r, u)
	if err != nil || !lost {
		return err
	}
	return s.noteUsers(ctx, m, r, vouchers.LostUser{Voucher: v, Act: voucher.ActMoved})
}

func (s *Service) adoptKnown(ctx context.Context, m backup.Recovery, row store.RecoveryRow, o order.Order) error {
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error {
		now, err := tx.Order(ctx, o.ID)
		if err != nil || !now.PaidAt.IsZero() || order.MayPayAtCounter(now) != nil {
			return err
		}
		return s.adopted(ctx, tx, m, row, &now, tx.Now())
	})
	return err
}

// adopted gives an order credit and has it activated.
func (s *Service) adopted(ctx context.Context, tx *store.Tx, m backup.Recovery, row store.RecoveryRow, o *order.Order, sold time.Time) error {
	if err := s.refunds.GiveCredit(ctx, tx, *o, counter.OnCredit("credit-"+string(o.ID), o.Total, sold), actor.Server); err != nil {
		return err
	}
	o.ForcedAt = tx.Now()
	row.OrderID, row.Amount, row.MadeAt = o.ID, o.Total, sold
	if err := tx.NoteRecoveryRows(ctx, m.Since, []store.RecoveryRow{row}); err != nil {
		return err
	}
	_, err := s.ledger.DeriveAndSave(ctx, tx, o, "order.force")
	return err
}

// extensionsWait reports whether an extension was found that has not lengthened its voucher
// yet, each for as long as routers are waited for: what it lengthens would end first.
func (s *Service) extensionsWait(ctx context.Context, m backup.Recovery) (bool, error) {
	n, err := s.Store.RecoveredExtensions(ctx, m.Since, s.Clock.Now().Add(-adoptFor))
	return n > 0, err
}
