package refunds

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
)

// revokeExtension takes back what an extension gave, as far as it was not used: first
// in our books, so that nothing counts it again, then on the router, and then
// its money may go. The voucher itself lives on with what is left.
func (s *Service) revokeExtension(ctx context.Context, j jobs.Job, f order.Refund, o order.Order, x store.Extension) error {
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
	if err := s.vouchers.EvenOut(ctx, o); err != nil {
		return s.vouchers.RouterAway(ctx, j, r, fmt.Errorf("take back extension by order %s on router %s: %w", o.ID, r.ID, err))
	}
	if err := s.stopped(ctx, f); err != nil {
		return err
	}
	return s.ledger.RouterSeen(ctx, r)
}

// revokeInBooks writes that an extension counts no more and moves the voucher's
// end back; what has passed of it stays used.
func (s *Service) revokeInBooks(ctx context.Context, o order.Order, x store.Extension) error {
	_, _, err := s.ledger.Change(ctx, actor.Server, "voucher.shorten", o.ID, func(tx *store.Tx, now *order.Order) error {
		if x, _, err := tx.Extension(ctx, o.ID); err != nil || !x.RevokedAt.IsZero() {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		return s.endExtension(ctx, tx, now, x)
	})
	return err
}

// endExtension takes an extension out of our books.
func (s *Service) endExtension(ctx context.Context, tx *store.Tx, o *order.Order, x store.Extension) error {
	taken, err := tx.RevokeExtension(ctx, o.ID)
	if err != nil || !taken {
		return err
	}
	if o.ValidUntil, err = s.moveBack(ctx, tx, x.VoucherOrder); err != nil {
		return err
	}
	tx.Audit("voucher.shorten", "order:"+string(x.VoucherOrder), map[string]any{"by": string(o.ID), "code": string(o.Code)})
	tx.AfterCommit(func() { s.ledger.Announce(x.VoucherOrder) })
	return nil
}

// moveBack gives a voucher that lives, or may live again, the end that its plan
// and the extensions that still count give it, but none that has passed.
func (s *Service) moveBack(ctx context.Context, tx *store.Tx, root order.ID) (until time.Time, err error) {
	v, _, err := tx.Voucher(ctx, root)
	if err != nil || !v.State.MayLive() {
		return time.Time{}, err
	}
	o, err := tx.Order(ctx, root)
	if err != nil {
		return time.Time{}, err
	}
	done, err := tx.Extensions(ctx, root)
	if err != nil {
		return time.Time{}, err
	}
	until = vouchers.WithItem(v, o.Item, done...).Shortened(tx.Now())
	if until.Equal(v.ValidUntil) {
		return until, nil
	}
	moved, err := tx.MoveVoucherEnd(ctx, v, until)
	if err == nil && !moved {
		err = store.ErrOrderChanged
	}
	if err != nil {
		return until, err
	}
	o.ValidUntil = until
	if err := tx.SaveOrder(ctx, o); err != nil {
		return until, err
	}
	return until, s.ledger.Enqueue(ctx, tx, vouchers.ExpiryJob(root, v.RouterID, until))
}

// requestExtensions asks for the money of the extensions that end with an order's
// voucher. Every one of them is a request of its own and needs its approval.
func (s *Service) requestExtensions(ctx context.Context, in RefundIn, root order.Refund) error {
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
			all, err := s.Store.RefundsOf(ctx, p.Gateway, p.Key)
			if err != nil {
				return err
			}
			x := RefundIn{Gateway: p.Gateway, PaymentKey: p.Key, OrderID: o.ID, Reason: in.Reason, Nonce: partNonce(in.Nonce, p.Key), Actor: in.Actor,
				Amount: order.LeftOf(p, all)}
			if x.Amount <= 0 {
				continue
			}
			x.Typed = x.Amount.String()
			if _, err := s.RequestRefund(ctx, x); err != nil && !errors.Is(err, order.ErrNotReceived) {
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
