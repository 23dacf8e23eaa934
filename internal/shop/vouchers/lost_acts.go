package vouchers

import (
	"context"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// LostUser is a router's user that tells of an act of staff which the books of a restored shop
// have forgotten.
type LostUser struct {
	Voucher store.Voucher
	Act     voucher.LostAct
	More    voucher.Grant
}

// LostActs lists the users of a router that tell of forgotten acts: those of vouchers that the
// books have on it, and those that it has beside the router that the books say.
func (s *Service) LostActs(ctx context.Context, r catalog.Router) ([]LostUser, error) {
	roll, err := s.Hotspot.ListUsers(ctx, r.Router, func(hotspot.Brief) bool { return true })
	if err != nil {
		return nil, err
	}
	users := make(map[string]hotspot.Found, len(roll.Users))
	names := make([]string, 0, len(roll.Users))
	for _, u := range roll.Users {
		users[u.Name] = u.Found
		names = append(names, u.Name)
	}
	rows, err := s.Store.VouchersNamed(ctx, r.ID, names)
	if err != nil {
		return nil, err
	}
	facts, err := s.factsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	var out []LostUser
	for i, v := range rows {
		if v.RouterID != r.ID {
			continue // it is about to let the user go
		}
		if act, more := voucher.LostActOf(facts[i], users[v.Username], s.Clock.Now()); act != voucher.NoAct {
			out = append(out, LostUser{v, act, more})
		}
	}
	return out, nil
}

// LostMove reports whether a router has the user of a voucher that the books have on another
// one, which has it as well or does not answer: which of them is to serve it only a person can
// tell. A router that is known to have it still is about to let it go.
func (s *Service) LostMove(ctx context.Context, v store.Voucher, r catalog.Router, u hotspot.Found) (bool, error) {
	if v.RouterID == r.ID || v.Username != u.Name || u.Disabled || !v.State.Living() {
		return false, nil
	}
	former, err := s.Store.FormerRouters(ctx, v.ID)
	for _, f := range former {
		if f.RouterID == r.ID && f.LeftAt.IsZero() {
			return false, err
		}
	}
	return err == nil, err
}

// TakeAct writes into the books what a router's user tells of, and has the router hold the
// rest as the books say. Errors: those of voucher.MaySuspend, MayUnsuspend, MayEnable and
// MayMove, Conflict "voucher.changed" where the voucher changed at the same time.
func (s *Service) TakeAct(ctx context.Context, tx *store.Tx, x store.RecoveryRow) error {
	v, f, err := s.lostIn(ctx, tx, x)
	if err != nil {
		return err
	}
	done := true
	switch x.Act {
	case voucher.ActOff:
		done, err = s.keepOut(ctx, tx, &v, f)
	case voucher.ActOn:
		done, err = s.letIn(ctx, tx, &v, f)
	case voucher.ActMoved:
		if err = voucher.MayMove(f, tx.Now()); err == nil {
			done, err = s.moveTo(ctx, tx, v, x.RouterID, voucher.Use{})
		}
	case voucher.ActMore:
		if !v.State.Living() {
			err = fault.New(fault.Conflict, "voucher.ended")
		}
	}
	if err == nil && done && x.More != (voucher.Grant{}) {
		done, err = s.giveMore(ctx, tx, v, x.More)
	}
	if err == nil && !done {
		err = errChanged
	}
	if err != nil {
		return err
	}
	return s.tellRouter(ctx, tx, v.ID)
}

// KeepBooks has the router hold what the books say, whatever its user tells of.
func (s *Service) KeepBooks(ctx context.Context, tx *store.Tx, x store.RecoveryRow) error {
	v, _, err := s.lostIn(ctx, tx, x)
	if err != nil {
		return err
	}
	if x.Act != voucher.ActMoved || v.RouterID == x.RouterID {
		return s.tellRouter(ctx, tx, v.ID)
	}
	former := store.FormerRouter{ID: tx.NewID(), VoucherID: v.ID, OrderID: v.OrderID, RouterID: x.RouterID, Since: tx.Now()}
	if err := tx.AddFormerRouter(ctx, former); err != nil {
		return err
	}
	return s.ledger.Enqueue(ctx, tx, leaveJob(tx, former))
}

func (s *Service) lostIn(ctx context.Context, tx *store.Tx, x store.RecoveryRow) (store.Voucher, voucher.Facts, error) {
	v, err := tx.VoucherByID(ctx, x.VoucherID)
	if err != nil {
		return v, voucher.Facts{}, err
	}
	var b store.Batch
	if v.BatchID != "" {
		if b, err = tx.Batch(ctx, v.BatchID); err != nil {
			return v, voucher.Facts{}, err
		}
	}
	f, err := s.factsIn(ctx, tx, v, b)
	return v, f, err
}

// keepOut suspends a voucher that a customer has; stock is disabled.
func (s *Service) keepOut(ctx context.Context, tx *store.Tx, v *store.Voucher, f voucher.Facts) (bool, error) {
	if v.State == voucher.Stock {
		v.State, v.EndedAt = voucher.Disabled, tx.Now()
		return tx.SwitchVoucher(ctx, *v, voucher.Stock)
	}
	if f.Suspended() {
		return true, nil
	}
	if err := voucher.MaySuspend(f, tx.Now()); err != nil {
		return false, err
	}
	done, err := tx.SuspendVoucher(ctx, *v, tx.Now())
	v.SuspendedAt = tx.Now()
	return done, err
}

// letIn lets a voucher in again that was suspended or disabled.
func (s *Service) letIn(ctx context.Context, tx *store.Tx, v *store.Voucher, f voucher.Facts) (bool, error) {
	if f.Suspended() {
		if err := voucher.MayUnsuspend(f, tx.Now()); err != nil {
			return false, err
		}
		done, err := tx.SuspendVoucher(ctx, *v, time.Time{})
		v.SuspendedAt = time.Time{}
		return done, err
	}
	if v.State.Living() {
		return true, nil
	}
	err := voucher.MayEnable(f, tx.Now())
	if err == nil && v.OrderID != "" {
		if f.MoneyGone, err = holdUnlessGoingBack(ctx, tx, v.OrderID); err == nil {
			err = voucher.MayEnable(f, tx.Now())
		}
	}
	if err != nil {
		return false, err
	}
	from := v.State
	v.State, v.EndedAt = f.LivingState(), time.Time{}
	done, err := tx.SwitchVoucher(ctx, *v, from)
	if err != nil || !done || v.ValidUntil.IsZero() {
		return done, err
	}
	return true, s.ledger.Enqueue(ctx, tx, endJob(*v))
}

// giveMore adds what the router's user has beyond the books, without an order: what was paid
// for it at the counter, and how, the books do not know.
func (s *Service) giveMore(ctx context.Context, tx *store.Tx, v store.Voucher, more voucher.Grant) (bool, error) {
	until := v.ValidUntil
	if more.Validity > 0 {
		until = v.Facts().Lengthened(more.Validity)
	}
	if v.OrderID != "" && !until.Equal(v.ValidUntil) {
		o, err := tx.Order(ctx, v.OrderID)
		if err != nil {
			return false, err
		}
		o.ValidUntil = until
		if err := tx.SaveOrder(ctx, o); err != nil {
			return false, err
		}
	}
	return tx.GrantToVoucher(ctx, v, more, until)
}

// tellRouter has a voucher's router do what the books say by now.
func (s *Service) tellRouter(ctx context.Context, tx *store.Tx, id string) error {
	v, err := tx.VoucherByID(ctx, id)
	if err != nil {
		return err
	}
	s.switched(tx, v)
	return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v))
}

// undecided are the acts that users of routers tell of and that are not decided, by
// router and voucher. Until then each user stays as it is, whether the recovery stands or has
// ended.
type undecided map[string]voucher.LostAct

func undecidedKey(router, id string) string { return router + "/" + id }

func (s *Service) undecidedUsers(ctx context.Context) (undecided, error) {
	m, err := s.Store.LastRecovery(ctx)
	if err != nil || m.Since.IsZero() {
		return nil, err
	}
	rows, err := s.Store.UndecidedUsers(ctx, m.Since)
	out := make(undecided, len(rows))
	for _, x := range rows {
		out[undecidedKey(x.RouterID, x.VoucherID)] = x.Act
	}
	return out, err
}

// of reports whether a difference is what a person has to decide about.
func (u undecided) of(x *suspect, v *review) bool {
	act, waits := u[undecidedKey(v.router.ID, x.ID)]
	if !waits || x.found == nil {
		return false
	}
	now, _ := voucher.LostActOf(x.facts, *x.found, v.began)
	return now == act
}

// endIsOpen reports whether a router's user has a later end than the books, which nobody has
// decided about and which has not come.
func (s *Service) endIsOpen(ctx context.Context, v store.Voucher) (bool, error) {
	m, err := s.Store.LastRecovery(ctx)
	if err != nil || m.Since.IsZero() {
		return false, err
	}
	rows, err := s.Store.UndecidedUsersOf(ctx, m.Since, v.ID)
	for _, x := range rows {
		if x.More.Validity > 0 && s.Clock.Now().Before(v.ValidUntil.Add(x.More.Validity)) {
			return true, err
		}
	}
	return false, err
}

// forgotten reports whether a difference may be an act of staff that the books have forgotten.
func (v *review) forgotten(ctx context.Context, x *suspect) bool {
	if x.found == nil {
		return x.has(voucher.DiffMissing) && v.elsewhere(ctx, x)
	}
	act, _ := voucher.LostActOf(x.facts, *x.found, v.began)
	return act != voucher.NoAct
}

// elsewhere reports whether another router of the site has the user of a voucher that this one
// lacks: in a restored shop it may have been moved since the backup.
func (v *review) elsewhere(ctx context.Context, x *suspect) bool {
	if x.OrderID == "" {
		return false
	}
	o, err := v.Store.Order(ctx, x.OrderID)
	if err != nil {
		return true
	}
	routers, err := v.Store.RoutersOf(ctx, v.router.SiteID)
	for _, r := range routers {
		if r.ID == v.router.ID {
			continue
		}
		marked, failed := v.MarkedUsers(ctx, r)
		if _, there := marked[o.Code]; there || failed != nil {
			return true
		}
	}
	return err != nil
}
