package vouchers

import (
	"cmp"
	"context"
	"errors"
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

// extendVoucher lengthens the voucher that a paid order was placed for.
// handled is false when there is no such voucher any more: then the order gets
// one of its own.
func (s *Service) extendVoucher(ctx context.Context, j jobs.Job, o *order.Order) (handled bool, err error) {
	held, err := s.Holder(ctx, *o)
	if err != nil {
		return false, err
	}
	if held.Order.ID == o.ID || !held.Found {
		return false, nil
	}
	r, err := s.Store.Router(ctx, held.Voucher.RouterID)
	if err != nil {
		return false, err
	}
	if wait := s.earlierLost(*o, held); wait > 0 {
		return true, &jobs.Snooze{After: wait, Err: ledger.ErrHeld}
	}
	if !held.Alive(s.lengthenedAt(*o)) || held.Order.Status != order.Activated {
		// An earlier try may have switched its user on again after the end.
		if held.Voucher.State.Ended() {
			if _, err := s.Apply(ctx, r, held.Voucher.Facts()); err != nil {
				elsewhere, failed := s.standsIn(ctx, *o, r)
				if failed != nil {
					return true, failed
				}
				if !elsewhere { // else the review sees to it when the router is back
					return true, s.notActivated(ctx, j, *o, r, candidates{}, err)
				}
			}
		}
		return false, s.pin(ctx, o, o.RouterID, false) // what comes is a delivery of its own
	}
	if f := held.Voucher.Facts(); !s.ledger.MayKeepOut() && (f.Suspended() || f.Over(s.Clock.Now())) {
		// By the books of a restored shop the customer would be kept out, who may have been let
		// in again or had this extension since the backup. The books come first; the router is
		// asked for what is then wanted, and left as it is while that is nothing.
		return true, s.extended(ctx, *o, held, r)
	}
	// Should the money go back before this is written down, it is known that the
	// router may have given more already.
	if err := s.pin(ctx, o, r.ID, true); err != nil || o.Status != order.Paid {
		return true, err
	}
	want, err := s.applyAll(ctx, r, held, voucher.SpeedOf(o.Item))
	if errors.Is(err, hotspot.ErrNameTaken) || err == nil && want != voucher.WantEnabled && !held.Voucher.Facts().Suspended() {
		return false, s.pin(ctx, o, r.ID, false) // the router's user was changed by hand, or is ending
	}
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			if pinErr := s.pin(ctx, o, r.ID, false); pinErr != nil {
				return true, pinErr
			}
		}
		return true, s.notActivated(ctx, j, *o, r, candidates{}, err)
	}
	if err := s.extended(ctx, *o, held, r); err != nil {
		return true, err
	}
	return true, s.ledger.RouterSeen(ctx, r)
}

// extended writes the extension fact and moves the voucher's end.
func (s *Service) extended(ctx context.Context, o order.Order, held holding, r catalog.Router) error {
	_, _, err := s.ledger.Change(ctx, actor.Server, "order.activate", o.ID, func(tx *store.Tx, now *order.Order) error {
		if now.Status == order.Refunded {
			return ledger.ErrUnchanged // the money went back during the call
		}
		fresh, err := tx.InsertExtension(ctx, store.Extension{OrderID: o.ID, VoucherOrder: held.Order.ID, RouterID: r.ID, Username: held.Voucher.Username, At: tx.Now()})
		if err != nil || !fresh {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		until, moved, err := s.moveEnd(ctx, tx, held.Order.ID, o.Item.Validity, s.lengthenedAt(o))
		if err != nil {
			return err
		}
		if !moved {
			return fault.New(fault.Conflict, "voucher.ended") // it ended while the router was asked: the next try sells a new one
		}
		now.RouterID, now.RouterTouched, now.ValidUntil = r.ID, true, until
		if err := s.stopIfRefunded(ctx, tx, o, r.ID); err != nil {
			return err
		}
		tx.Audit("voucher.extend", "order:"+string(held.Order.ID), map[string]any{"by": string(o.ID), "code": string(o.Code)})
		if v, _, err := tx.Voucher(ctx, held.Order.ID); err != nil {
			return err
		} else if !s.ledger.MayKeepOut() && !v.Facts().Suspended() {
			if err := s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v)); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() {
			s.dropUsage(held.Voucher.ID) // it may have been used up
			s.ledger.Announce(held.Order.ID)
		})
		return s.handOver(ctx, tx, o, r)
	})
	if err != nil {
		return fmt.Errorf("note extension by order %s: %w", o.ID, err)
	}
	return nil
}

// moveEnd adds to a living voucher's validity; one that has not begun or never
// ends has no end to move. moved is false when the voucher lived no more at an instant.
func (s *Service) moveEnd(ctx context.Context, tx *store.Tx, root order.ID, more time.Duration, at time.Time) (until time.Time, moved bool, err error) {
	v, _, err := tx.Voucher(ctx, root)
	if err != nil || !v.Facts().Alive(at) {
		return time.Time{}, false, err
	}
	until = v.Facts().Lengthened(more)
	moved, err = tx.MoveVoucherEnd(ctx, v, until)
	if err != nil || !moved {
		return until, false, err
	}
	o, err := tx.Order(ctx, root)
	if err != nil {
		return until, false, err
	}
	o.ValidUntil = until
	return until, true, tx.SaveOrder(ctx, o)
}

// EvenOut sets the voucher that an order extended, or was about to extend, on
// its router to what is paid for. It touches nothing unless the router was
// asked for more, or the voucher lives no more.
func (s *Service) EvenOut(ctx context.Context, o order.Order) error {
	if o.Extends == "" || !o.RouterTouched {
		return nil
	}
	held, err := s.Holder(ctx, order.Order{ID: o.ID, Extends: o.Extends})
	if err != nil || held.Order.ID == o.ID || !held.Alive(s.Clock.Now()) {
		return err
	}
	r, err := s.Store.Router(ctx, held.Voucher.RouterID)
	if err != nil {
		return err
	}
	var speed voucher.Speed
	done, err := s.Store.Extensions(ctx, held.Order.ID)
	if err != nil {
		return err
	}
	if len(done) > 0 {
		speed = voucher.SpeedOf(done[len(done)-1].Item)
	}
	s.dropUsage(held.Voucher.ID)
	_, err = s.applyAll(ctx, r, held, speed)
	if errors.Is(err, hotspot.ErrNameTaken) {
		return nil // the router's user was changed by hand: leave it
	}
	return err
}
