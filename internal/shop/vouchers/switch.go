package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// What becomes of the money of a sold voucher that is switched off. Neither
// moves any: a refund is asked for on the order, by a person.
const (
	KeepMoney = "keep"
	AskBack   = "ask"
)

// SwitchIn is a confirmed wish to end one voucher, or to let it live again.
type SwitchIn struct {
	ID     string
	Sites  []string // those the person works on, none means all
	Typed  string   // the voucher's name, typed
	Reason string
	Money  string // KeepMoney or AskBack, for a voucher that was sold
	Actor  actor.Actor
}

// DisableVoucher ends one voucher. It counts at once; the router hears of it in
// the background, however long it is away. Twice is once. Errors: NotFound
// "voucher.not_found", Invalid at "typed", "reason" or "money", Conflict
// "voucher.ended".
func (s *Service) DisableVoucher(ctx context.Context, in SwitchIn) error {
	return s.switchVoucher(ctx, in, func(tx *store.Tx, v store.Voucher, _ store.Batch) (store.Voucher, error) {
		if v.State != voucher.Disabled { // switched off twice is off once
			if err := voucher.MayDisable(v.Facts()); err != nil {
				return v, err
			}
			if v.OrderID != "" && in.Money != KeepMoney && in.Money != AskBack {
				return v, fault.AtField("money", "voucher.money")
			}
		}
		v.State, v.EndedAt = voucher.Disabled, tx.Now()
		return v, nil
	})
}

// EnableVoucher enables a disabled voucher again that is not used up: its time ran on.
// A second call changes nothing. Errors: those of DisableVoucher, Conflict
// "voucher.refunded" when its money went or goes back, "voucher.never_made" when its
// router never had it, "order.changed" when its order changed at the same time.
func (s *Service) EnableVoucher(ctx context.Context, in SwitchIn) error {
	return s.switchVoucher(ctx, in, func(tx *store.Tx, v store.Voucher, b store.Batch) (store.Voucher, error) {
		if !v.State.Ended() {
			return v, nil
		}
		f := v.Facts()
		err := voucher.MayEnable(f, tx.Now())
		if err == nil && v.OrderID != "" {
			if f.MoneyGone, err = holdUnlessGoingBack(ctx, tx, v.OrderID); err == nil {
				err = voucher.MayEnable(f, tx.Now())
			}
		}
		if err != nil {
			return v, err
		}
		v.State, v.EndedAt = f.LivingState(), time.Time{}
		if v.ValidUntil.IsZero() {
			return v, nil
		}
		return v, s.ledger.Enqueue(ctx, tx, endJob(v))
	})
}

// holdUnlessGoingBack reports whether an order's money went or goes back, and
// holds an order whose money does not. It looks again once the order is held: a
// decision that was written down between the first look and the hold is seen,
// and a later one starts over with what this transaction writes. Errors: those
// of touch.
func holdUnlessGoingBack(ctx context.Context, tx *store.Tx, id order.ID) (back bool, err error) {
	if back, err = goingBack(ctx, tx, id); err != nil || back {
		return back, err
	}
	if err = touch(ctx, tx, id); err != nil {
		return false, err
	}
	return goingBack(ctx, tx, id)
}

// touch saves an order as it is: what is being decided about it elsewhere starts
// over with what this transaction writes. Errors: Conflict "order.changed".
func touch(ctx context.Context, tx *store.Tx, id order.ID) error {
	o, err := tx.Order(ctx, id)
	if err != nil {
		return err
	}
	return tx.SaveOrder(ctx, o)
}

// switchVoucher moves a voucher to the state that to names, if that is another
// one, and queues the word to its router.
func (s *Service) switchVoucher(ctx context.Context, in SwitchIn, to func(tx *store.Tx, v store.Voucher, b store.Batch) (store.Voucher, error)) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		v, b, err := confirmed(ctx, tx, ActIn{ID: in.ID, Sites: in.Sites, Typed: in.Typed})
		if err != nil {
			return err
		}
		from := v.State
		if v, err = to(tx, v, b); err != nil || v.State == from {
			return err
		}
		moved, err := tx.SwitchVoucher(ctx, v, from)
		if err == nil && !moved {
			err = errChanged
		}
		if err != nil {
			return err
		}
		detail := map[string]any{"voucher": v.ID, "before": from, "after": v.State, "reason": why}
		if v.BatchID != "" {
			detail["batch"], detail["no"] = b.Code, v.No
		}
		action := "voucher.enable"
		if v.State == voucher.Disabled {
			if action = "voucher.disable"; v.OrderID != "" {
				detail["money"] = in.Money
			}
		}
		tx.Audit(action, ledger.SubjectOf(v), detail)
		s.switched(tx, v)
		return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v))
	})
	if err != nil {
		return fmt.Errorf("switch voucher %s: %w", in.ID, err)
	}
	s.CountStock(ctx)
	return nil
}

// switched tells open pages.
func (s *Service) switched(tx *store.Tx, v store.Voucher) {
	tx.AfterCommit(func() {
		s.dropUsage(v.ID)
		if v.OrderID != "" {
			s.ledger.Announce(v.OrderID)
		}
	})
}

// SwitchJob has a router do what a voucher's state says.
func SwitchJob(tx *store.Tx, v store.Voucher) jobs.New {
	return jobs.New{Kind: jobs.VoucherSwitch, Queue: jobs.RouterQueue(v.RouterID), Subject: v.ID, DueAt: tx.Now()}
}

// SwitchVoucher has a voucher's router do what the voucher's state says, until
// it answers. It reads the state each time, so that of several switches the
// last one holds.
func (s *Service) SwitchVoucher(ctx context.Context, j jobs.Job) error {
	v, err := s.Store.VoucherByID(ctx, j.Subject)
	if err != nil || v.State == voucher.Expired || v.Facts().NeverMade() {
		return err
	}
	if err := s.keptOutBefore(ctx, v.Facts()); err != nil {
		return err
	}
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return err
	}
	held := holding{Voucher: v, Found: true}
	if v.OrderID != "" {
		if held.Order, err = s.Store.Order(ctx, v.OrderID); err != nil {
			return err
		}
	}
	want, err := s.applyAll(ctx, r, held, voucher.Speed{})
	if err != nil {
		return s.RouterAway(ctx, j, r, fmt.Errorf("switch voucher %s on router %s: %w", v.ID, r.ID, err))
	}
	if want == voucher.WantNone { // over by a clock that may be wrong: it waits until its end is recorded
		return &jobs.Snooze{After: ledger.EndRetry, Err: ledger.ErrClock}
	}
	marked := false
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) (err error) {
		marked, err = tx.MarkSwitched(ctx, v)
		return err
	})
	if err == nil && !marked { // switched or moved in between, or sold
		err = &jobs.Snooze{After: time.Second, Err: errChanged}
	}
	if err != nil {
		return err
	}
	return s.ledger.RouterSeen(ctx, r)
}

// RouterAway lets work on a router wait as long as the reason lies with the
// router; any other error counts as a try.
func (s *Service) RouterAway(ctx context.Context, j jobs.Job, r catalog.Router, cause error) error {
	if !fault.MayPass(cause) {
		return cause
	}
	if err := s.ledger.RouterFailed(ctx, r, cause); err != nil {
		return err
	}
	return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, RouterRetryFirst, routerRetryMost), BlockQueue: fault.Is(cause, fault.Unavailable), Err: cause}
}

// EndForMoney switches a living voucher off because its money does not come or
// is gone; the router hears of it in the background.
func (s *Service) EndForMoney(ctx context.Context, tx *store.Tx, id order.ID, detail map[string]any) error {
	v, _, err := tx.Voucher(ctx, id)
	if err != nil || !v.State.Living() {
		return err
	}
	from := v.State
	v.State, v.EndedAt = voucher.Disabled, tx.Now()
	moved, err := tx.SwitchVoucher(ctx, v, from)
	if err == nil && !moved {
		err = store.ErrOrderChanged
	}
	if err != nil {
		return err
	}
	detail["before"] = from
	tx.Audit("voucher.disable", ledger.SubjectOf(v), detail)
	s.switched(tx, v)
	return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v))
}
