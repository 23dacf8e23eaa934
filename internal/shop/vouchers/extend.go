package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// holding is the voucher that serves an order, and the order it was sold with:
// the order itself, or the one that it extended.
type holding struct {
	Order   order.Order
	Voucher store.Voucher
	Found   bool
}

func (h holding) Alive(now time.Time) bool {
	v := h.Voucher
	return h.Found && (v.State == store.VoucherSold || v.State == store.VoucherActive) && (v.ValidUntil.IsZero() || v.ValidUntil.After(now))
}

func (s *Service) Holder(ctx context.Context, o order.Order) (holding, error) {
	v, found, err := s.Store.Voucher(ctx, o.ID)
	if err != nil || found || o.Extends == "" {
		return holding{o, v, found}, err
	}
	root, err := s.Store.Order(ctx, o.Extends)
	if err != nil {
		return holding{}, err
	}
	v, found, err = s.Store.Voucher(ctx, root.ID)
	return holding{root, v, found}, err
}

// allowance is what a voucher may do altogether: its own plan and every
// extension that was paid for. Limits on the router are set to these sums, so
// that setting them twice changes nothing and two extensions at once lose
// nothing. What one of them leaves unlimited stays unlimited.
func (s *Service) allowance(ctx context.Context, root order.Order) (order.Item, error) {
	sum, err := ExtendedItem(ctx, s.Store, root)
	if err != nil {
		return sum, err
	}
	paid, err := s.Store.PaidExtensions(ctx, root.ID)
	for _, o := range paid {
		if o.Attention == order.NoReason {
			sum = sum.Plus(o.Item)
		}
	}
	return sum, err
}

// ExtendedItem is what a voucher may do with the extensions that are done.
func ExtendedItem(ctx context.Context, r interface {
	Extensions(context.Context, order.ID) ([]order.Order, error)
}, root order.Order) (order.Item, error) {
	sum := root.Item
	done, err := r.Extensions(ctx, root.ID)
	for _, o := range done {
		sum = sum.Plus(o.Item)
	}
	return sum, err
}

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
	if !held.Alive(s.Clock.Now()) || held.Order.Status != order.Activated {
		// An earlier try may have switched its user on again after the end.
		if held.Voucher.State == store.VoucherExpired || held.Voucher.State == store.VoucherDisabled {
			if err := s.Hotspot.DisableUser(ctx, r.Router, held.Voucher.Username); err != nil {
				return true, s.notActivated(ctx, j, *o, r, err)
			}
		}
		return false, s.pin(ctx, o, o.RouterID, false) // what comes is a delivery of its own
	}
	// Should the money go back before this is written down, it is known that the
	// router may have given more already.
	if err := s.pin(ctx, o, r.ID, true); err != nil || o.Status != order.Paid {
		return true, err
	}
	err = s.ensureAllowed(ctx, r, held, o.Item)
	if fault.CodeOf(err) == "router.name_taken" {
		return false, s.pin(ctx, o, r.ID, false) // the router's user was changed by hand
	}
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			if pinErr := s.pin(ctx, o, r.ID, false); pinErr != nil {
				return true, pinErr
			}
		}
		return true, s.notActivated(ctx, j, *o, r, err)
	}
	return true, s.extended(ctx, *o, held, r)
}

// ensureAllowed gives a voucher's user on its router everything that was paid
// for, at the speed and for the devices of one of its items. What is paid for
// while the router is asked counts as well: of two that ask at once the slower
// one would otherwise take back what the faster one gave.
func (s *Service) ensureAllowed(ctx context.Context, r catalog.Router, held holding, like order.Item) error {
	for range ledger.Tries {
		sum, err := s.allowance(ctx, held.Order)
		if err != nil {
			return err
		}
		o := held.Order
		o.Item = sum
		o.Item.RateLimit, o.Item.SharedUsers = like.RateLimit, like.SharedUsers
		router, u, err := s.userOn(ctx, r.Router, o, held.Voucher)
		if err != nil {
			return err
		}
		if _, err := s.Hotspot.EnsureUser(ctx, router, u); err != nil {
			return err
		}
		now, err := s.allowance(ctx, held.Order)
		if err != nil || now == sum {
			return err
		}
	}
	return fault.New(fault.Conflict, "order.changed")
}

// extended writes the extension fact and moves the voucher's end.
func (s *Service) extended(ctx context.Context, o order.Order, held holding, r catalog.Router) error {
	_, _, err := s.ledger.Change(ctx, ledger.ActorServer, o.ID, func(tx *store.Tx, now *order.Order) (string, bool, error) {
		if now.Status == order.Refunded {
			return "", false, nil // the money went back during the call
		}
		fresh, err := tx.InsertExtension(ctx, store.Extension{OrderID: o.ID, VoucherOrder: held.Order.ID, RouterID: r.ID, Username: held.Voucher.Username, At: tx.Now()})
		if err != nil || !fresh {
			return "", false, err
		}
		until, moved, err := s.moveEnd(ctx, tx, held.Order.ID, o.Item.Validity)
		if err != nil {
			return "", false, err
		}
		if !moved {
			return "", false, fault.New(fault.Conflict, "voucher.ended") // it ended while the router was asked: the next try sells a new one
		}
		now.RouterID, now.RouterTouched, now.ValidUntil = r.ID, true, until
		if err := s.stopIfRefunded(ctx, tx, o, r.ID); err != nil {
			return "", false, err
		}
		tx.Audit("voucher.extend", "order:"+string(held.Order.ID), map[string]any{"by": string(o.ID), "code": string(o.Code)})
		tx.AfterCommit(func() {
			s.dropUsage(held.Voucher.ID) // it may have been used up
			s.ledger.Announce(held.Order.ID)
		})
		return "order.activate", true, s.handOver(ctx, tx, o, r)
	})
	if err != nil {
		return fmt.Errorf("note extension by order %s: %w", o.ID, err)
	}
	return s.ledger.RouterSeen(ctx, r)
}

// moveEnd adds to a living voucher's validity; one that has not begun or never
// ends has no end to move. moved is false when the voucher lives no more.
func (s *Service) moveEnd(ctx context.Context, tx *store.Tx, root order.ID, more time.Duration) (until time.Time, moved bool, err error) {
	v, found, err := tx.Voucher(ctx, root)
	if err != nil || !found || !(holding{Voucher: v, Found: true}).Alive(tx.Now()) {
		return time.Time{}, false, err
	}
	until = v.ValidUntil
	if !until.IsZero() {
		if until = until.Add(more); more == 0 {
			until = time.Time{}
		}
	}
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
