package shop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

// revokeExtension takes back what an extension gave, as far as it was not used: first
// in our books, so that nothing counts it again, then on the router, and then
// its money may go. The voucher itself lives on with what is left.
func (s *Shop) revokeExtension(ctx context.Context, j jobs.Job, f order.Refund, o order.Order, x store.Extension) error {
	if !f.DisabledAt.IsZero() && !x.RevokedAt.IsZero() {
		return nil
	}
	if err := s.revokeInBooks(ctx, o, x); err != nil {
		return fmt.Errorf("take back extension by order %s: %w", o.ID, err)
	}
	r, err := s.Store.Router(ctx, x.RouterID)
	if err != nil {
		return err
	}
	if err := s.evenOut(ctx, o); err != nil {
		return s.routerAway(ctx, j, r, fmt.Errorf("take back extension by order %s on router %s: %w", o.ID, r.ID, err))
	}
	if err := s.stopped(ctx, f); err != nil {
		return err
	}
	return s.routerSeen(ctx, r)
}

// revokeInBooks writes that an extension counts no more and moves the voucher's
// end back; what has passed of it stays used.
func (s *Shop) revokeInBooks(ctx context.Context, o order.Order, x store.Extension) error {
	_, _, err := s.change(ctx, actorServer, o.ID, func(tx *store.Tx, now *order.Order) (string, bool, error) {
		if x, _, err := tx.Extension(ctx, o.ID); err != nil || !x.RevokedAt.IsZero() {
			return "", false, err
		}
		return "voucher.shorten", true, s.endExtension(ctx, tx, now, x)
	})
	return err
}

// endExtension takes an extension out of our books.
func (s *Shop) endExtension(ctx context.Context, tx *store.Tx, o *order.Order, x store.Extension) error {
	taken, err := tx.RevokeExtension(ctx, o.ID)
	if err != nil || !taken {
		return err
	}
	if o.ValidUntil, err = s.moveBack(ctx, tx, x.VoucherOrder); err != nil {
		return err
	}
	tx.Audit("voucher.shorten", "order:"+string(x.VoucherOrder), map[string]any{"by": string(o.ID), "code": string(o.Code)})
	tx.AfterCommit(func() { s.announce(x.VoucherOrder) })
	return nil
}

// moveBack gives a voucher that lives, or may live again, the end that its plan
// and the extensions that still count give it, but none that has passed.
func (s *Shop) moveBack(ctx context.Context, tx *store.Tx, root order.ID) (until time.Time, err error) {
	v, found, err := tx.Voucher(ctx, root)
	if err != nil || !mayLive(v, found) {
		return time.Time{}, err
	}
	o, err := tx.Order(ctx, root)
	if err != nil {
		return time.Time{}, err
	}
	all, err := extendedItem(ctx, tx, o)
	if err != nil {
		return time.Time{}, err
	}
	from := v.FirstLoginAt
	if o.Item.ValidFrom == order.FromPurchase {
		from = v.SoldAt
	}
	if from.IsZero() || all.Validity == 0 {
		return v.ValidUntil, nil // it has not begun, or never ends
	}
	until = later(from.Add(all.Validity), tx.Now())
	if !v.ValidUntil.IsZero() && !until.Before(v.ValidUntil) {
		return v.ValidUntil, nil
	}
	moved, err := tx.MoveVoucherEnd(ctx, v, until)
	if err == nil && !moved {
		err = fault.New(fault.Conflict, "order.changed")
	}
	if err != nil {
		return until, err
	}
	o.ValidUntil = until
	if err := tx.SaveOrder(ctx, o); err != nil {
		return until, err
	}
	return until, s.enqueue(ctx, tx, expiryJob(root, v.RouterID, until))
}

// evenOut sets the voucher that an order extended, or was about to extend, on
// its router to what is paid for. It touches nothing unless the router was
// asked for more, or the voucher lives no more.
func (s *Shop) evenOut(ctx context.Context, o order.Order) error {
	if o.Extends == "" || !o.RouterTouched {
		return nil
	}
	held, err := s.holder(ctx, order.Order{ID: o.ID, Extends: o.Extends})
	if err != nil || held.order.ID == o.ID || !held.alive(s.Clock.Now()) {
		return err
	}
	r, err := s.Store.Router(ctx, held.voucher.RouterID)
	if err != nil {
		return err
	}
	like := held.order.Item
	done, err := s.Store.Extensions(ctx, held.order.ID)
	if err != nil {
		return err
	}
	if len(done) > 0 {
		like = done[len(done)-1].Item
	}
	s.dropUsage(held.voucher.ID)
	err = s.ensureAllowed(ctx, r, held, like)
	if fault.CodeOf(err) == "router.name_taken" {
		return nil // the router's user was changed by hand: leave it
	}
	return err
}

// requestExtensions asks for the money of the extensions that end with an order's
// voucher. Every one of them is a request of its own and needs its approval.
func (s *Shop) requestExtensions(ctx context.Context, in RefundIn, root order.Refund) error {
	if !in.Extensions || !root.EndsVoucher || in.OrderID == "" {
		return nil
	}
	all, err := s.Store.Extensions(ctx, in.OrderID)
	if err != nil {
		return err
	}
	for _, o := range all {
		paid, err := s.Store.Payments(ctx, o.ID)
		if err != nil {
			return err
		}
		for _, p := range paid {
			x := RefundIn{Gateway: p.Gateway, PaymentKey: p.Key, OrderID: o.ID, Reason: in.Reason, Nonce: partNonce(in.Nonce, p.Key), Actor: in.Actor}
			if x.Amount, err = leftOf(ctx, s.Store, p); err != nil || x.Amount <= 0 {
				if err != nil {
					return err
				}
				continue
			}
			x.Typed = x.Amount.String()
			if _, err := s.RequestRefund(ctx, x); err != nil && fault.CodeOf(err) != "refund.not_received" {
				return err
			}
		}
	}
	return nil
}

// partNonce is the nonce of one of several requests that a form makes.
func partNonce(nonce, key string) string {
	sum := sha256.Sum256([]byte(nonce + "\n" + key))
	return hex.EncodeToString(sum[:16])
}
