package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// leaveJob has a router let a user go that another one serves.
func leaveJob(tx *store.Tx, f store.FormerRouter) jobs.New {
	return jobs.New{Kind: jobs.VoucherLeave, Queue: jobs.RouterQueue(f.RouterID), Subject: f.ID, DueAt: tx.Now()}
}

// LeaveRouter has a router let a user go that another one serves: the user is disabled, what
// was counted until then is carried over, and the row is removed. It goes on until the router
// answers. One that is switched off is left to the review, which finds the user once it is on.
func (s *Service) LeaveRouter(ctx context.Context, j jobs.Job) error {
	f, found, err := s.Store.FormerRouter(ctx, j.Subject)
	if err != nil || !found {
		return err // the voucher came back to it
	}
	r, err := s.Store.Router(ctx, f.RouterID)
	if err != nil || r.Disabled {
		return err
	}
	if !s.ledger.MayKeepOut() {
		return &jobs.Snooze{After: ledger.EndRetry, Err: ledger.ErrHeld} // the voucher may have come back to it since the backup
	}
	facts, here, err := s.factsOfFormer(ctx, f)
	if err != nil || here {
		return err // what sees to the voucher, or delivers the order, sees to this user too
	}
	u, _ := voucher.Wanted(facts, s.Clock.Now())
	if u.Name, err = s.nameOn(ctx, r, f, u.Name); err != nil {
		return s.RouterAway(ctx, j, r, fmt.Errorf("find user of order %s on router %s: %w", f.OrderID, r.ID, err))
	}
	used, err := s.letGo(ctx, r, u)
	if err != nil {
		return s.RouterAway(ctx, j, r, fmt.Errorf("remove user of voucher %s from router %s: %w", f.VoucherID, r.ID, err))
	}
	if err := s.left(ctx, f, used); err != nil {
		return err
	}
	return s.ledger.RouterSeen(ctx, r)
}

// nameOn is the name that the user has on a former router: another one than the voucher's
// where its order was made again after a restore without that router's answer.
func (s *Service) nameOn(ctx context.Context, r catalog.Router, f store.FormerRouter, name string) (string, error) {
	if f.OrderID == "" {
		return name, nil
	}
	o, err := s.Store.Order(ctx, f.OrderID)
	if err != nil || !o.Remade() {
		return name, err
	}
	marked, err := s.MarkedUsers(ctx, r)
	if u, there := marked[o.Code]; there {
		name = u.Name
	}
	return name, err
}

// factsOfFormer are the facts of the voucher that a router had, or of the order that it may
// have got one for; here is whether that router serves it again.
func (s *Service) factsOfFormer(ctx context.Context, f store.FormerRouter) (facts voucher.Facts, here bool, err error) {
	if f.VoucherID == "" {
		o, err := s.Store.Order(ctx, f.OrderID)
		return s.FactsOf(o), err == nil && o.RouterID == f.RouterID && o.Status != order.Refunded, err
	}
	v, err := s.Store.VoucherByID(ctx, f.VoucherID)
	if err != nil || v.RouterID == f.RouterID {
		return facts, true, err
	}
	all, err := s.factsOf(ctx, []store.Voucher{v})
	if err != nil {
		return facts, false, err
	}
	return all[0], false, nil
}

// letGo removes a user from a router that is not to let it in any more, and says what the
// router counted. A user of that name without our mark stays.
func (s *Service) letGo(ctx context.Context, r catalog.Router, u hotspot.User) (used voucher.Use, err error) {
	off := s.Hotspot.CorrectUsers(ctx, r.Router, []hotspot.Correction{{User: u, Off: true}})
	if err := off[0].Err; err != nil {
		if fault.Is(err, fault.Conflict) {
			err = nil
		}
		return used, err
	}
	said, err := s.Hotspot.Usage(ctx, r.Router, u.Name)
	if fault.Is(err, fault.NotFound) {
		return used, nil
	}
	if err != nil {
		return used, err
	}
	used = voucher.Use{Uptime: said.Uptime, Bytes: said.Bytes}
	return used, s.Hotspot.RemoveUsers(ctx, r.Router, []hotspot.User{u})[0]
}

// left writes that a router let a user go and what it had counted, and has the present router
// keep the limits that follow.
func (s *Service) left(ctx context.Context, f store.FormerRouter, used voucher.Use) error {
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		now, found, err := tx.FormerRouter(ctx, f.ID)
		if err != nil {
			return err
		}
		if found {
			first := now.LeftAt.IsZero()
			was := now.Used
			now.Used, now.LeftAt = now.Used.AtLeast(used), tx.Now()
			if err := tx.SaveFormerRouter(ctx, now); err != nil {
				return err
			}
			if now.VoucherID == "" {
				return nil
			}
			if err := s.carry(ctx, tx, now, now.Used.Less(was), first); err != nil {
				return err
			}
		}
		v, known, err := voucherOfFormer(ctx, tx, f)
		if err != nil || !known || v.State == voucher.Expired {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v)) // also where it came back in between
	})
	if err != nil {
		return fmt.Errorf("note that router %s let a user go: %w", f.RouterID, err)
	}
	return nil
}

// voucherOfFormer is the voucher whose user a router let go, or had to, when it was made.
func voucherOfFormer(ctx context.Context, tx *store.Tx, f store.FormerRouter) (v store.Voucher, known bool, err error) {
	if f.VoucherID == "" {
		return tx.Voucher(ctx, f.OrderID)
	}
	v, err = tx.VoucherByID(ctx, f.VoucherID)
	return v, err == nil, err
}

// carry adds what a former router counted since it last told.
func (s *Service) carry(ctx context.Context, tx *store.Tx, f store.FormerRouter, more voucher.Use, first bool) error {
	v, err := tx.VoucherByID(ctx, f.VoucherID)
	if err != nil {
		return err
	}
	if more != (voucher.Use{}) {
		done, err := tx.CarryUse(ctx, v, v.Carried.Plus(more))
		if err != nil || !done {
			if err == nil {
				err = errChanged
			}
			return err
		}
	}
	if first {
		tx.Audit("voucher.leave", ledger.SubjectOf(v), map[string]any{"voucher": v.ID, "router": f.RouterID, "used_minutes": int64(f.Used.Uptime / time.Minute), "used_data": f.Used.Bytes})
	}
	tx.AfterCommit(func() { s.dropUsage(v.ID) })
	return nil
}
