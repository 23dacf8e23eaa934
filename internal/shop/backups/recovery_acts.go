package backups

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// What a router's user tells of, as staff read it.
var actReasons = map[voucher.LostAct]*fault.Error{
	voucher.ActOff:   fault.New(fault.Refused, "recovery.act_off"),
	voucher.ActOn:    fault.New(fault.Refused, "recovery.act_on"),
	voucher.ActMore:  fault.New(fault.Refused, "recovery.act_more"),
	voucher.ActMoved: fault.New(fault.Refused, "recovery.act_moved"),
}

// Why a user is not decided about.
var (
	errNoUser  = fault.New(fault.NotFound, "recovery.no_user")
	errDecided = fault.New(fault.Conflict, "recovery.decided")
	errOthers  = fault.New(fault.Conflict, "recovery.others")
)

// undelivered reports whether an order that was found is not delivered yet, each for as long
// as routers are waited for: until then its user differs from the books.
func (s *Service) undelivered(ctx context.Context, m backup.Recovery) (bool, error) {
	n, err := s.Store.RecoveredUndelivered(ctx, m.Since, s.Clock.Now().Add(-adoptFor))
	return n > 0, err
}

// noteActs lists the users of routers that tell of acts of staff which the books have
// forgotten: suspended, let in again, made longer at the counter or for free. All that was
// paid at the gateway has its place by now and explains the rest. waits reports that a router
// has not answered yet.
func (s *Service) noteActs(ctx context.Context, m backup.Recovery) (waits bool, err error) {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return false, err
	}
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		users, err := s.vouchers.LostActs(ctx, r)
		if err != nil {
			s.Log.WarnContext(ctx, "users of a router not compared with what was forgotten", "router", r.ID, "error", err)
			waits = waits || s.Clock.Now().Before(m.Found().Add(adoptFor))
			continue
		}
		if err := s.noteUsers(ctx, m, r, users...); err != nil {
			return false, err
		}
	}
	return waits, nil
}

// noteUsers lists users that wait for a person; what was listed before stays as it is.
func (s *Service) noteUsers(ctx context.Context, m backup.Recovery, r catalog.Router, users ...vouchers.LostUser) error {
	if len(users) == 0 {
		return nil
	}
	rows := make([]store.RecoveryRow, len(users))
	for i, x := range users {
		rows[i] = store.RecoveryRow{Kind: backup.FoundUser, Key: r.ID + "/" + x.Voucher.ID + "/" + string(x.Act), State: backup.FoundOpen, Reference: x.Voucher.PublicName(), RouterID: r.ID,
			OrderID: x.Voucher.OrderID, Reason: actReasons[x.Act].Code, MadeAt: m.Since, VoucherID: x.Voucher.ID, Act: x.Act, More: x.More}
	}
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, _ *backup.Recovery) error {
		return tx.NoteRecoveryRows(ctx, m.Since, rows)
	})
	return err
}

// DecideIn is what staff decided about a user that tells of a forgotten act, or about all that
// tell of the same.
type DecideIn struct {
	Key    string          // of the row
	All    voucher.LostAct // all that tell of it, where there is no key
	Seen   int             // how many those were as the person saw them
	Take   bool            // the books take over what the router has; else it is to hold what the books say
	Reason string
	Actor  actor.Actor
}

// DecideUsers has the books and the router agree again about users that tell of forgotten
// acts. It may be asked while the recovery stands and afterwards. Errors: Invalid at "reason",
// NotFound "recovery.no_user", Conflict "recovery.decided", of all Conflict "recovery.others" where
// they are not as many as were seen, those of vouchers.TakeAct; of several, those that can be are decided.
func (s *Service) DecideUsers(ctx context.Context, in DecideIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	m, err := s.LookAtRecovery(ctx)
	if err != nil {
		return err
	}
	if in.Key != "" {
		return s.decideUser(ctx, m, in, in.Key, why)
	}
	rows, err := s.Store.UndecidedUsers(ctx, m.Since)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(x store.RecoveryRow) bool { return x.Act != in.All })
	switch len(rows) {
	case in.Seen:
	case 0:
		return errNoUser
	default:
		return errOthers
	}
	var errs []error
	for _, x := range rows {
		if err := s.decideUser(ctx, m, in, x.Key, why); err != nil && !errors.Is(err, errDecided) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (s *Service) decideUser(ctx context.Context, m backup.Recovery, in DecideIn, key, why string) error {
	once := func(tx *store.Tx) error {
		if _, err := tx.LockRecovery(ctx); err != nil { // two people may decide at once
			return err
		}
		x, found, err := tx.RecoveryRow(ctx, m.Since, backup.FoundUser, key)
		switch {
		case err != nil:
			return err
		case !found || x.Act == voucher.NoAct:
			return errNoUser
		case x.State != backup.FoundOpen:
			return errDecided
		}
		if in.Take {
			x.State = backup.FoundMatched
			err = s.vouchers.TakeAct(ctx, tx, x)
		} else {
			x.State = backup.FoundKnown
			err = s.vouchers.KeepBooks(ctx, tx, x)
		}
		if err != nil {
			return err
		}
		tx.Audit("recovery.decide", subjectOf(x), map[string]any{"voucher": x.VoucherID, "router": x.RouterID, "act": string(x.Act), "taken_over": in.Take,
			"validity_minutes": int64(x.More.Validity.Minutes()), "uptime_minutes": int64(x.More.Uptime.Minutes()), "data": x.More.Data, "reason": why})
		return tx.SaveRecoveryRow(ctx, m.Since, x)
	}
	var err error
	for range ledger.Tries {
		if err = s.Store.InTx(ctx, in.Actor, once); !errors.Is(err, store.ErrOrderChanged) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("decide about user %s: %w", key, err)
	}
	return nil
}

// subjectOf names the order whose trail keeps it, or the voucher without one.
func subjectOf(x store.RecoveryRow) string {
	return ledger.SubjectOf(store.Voucher{ID: x.VoucherID, OrderID: x.OrderID})
}
