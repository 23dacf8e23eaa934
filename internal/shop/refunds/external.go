package refunds

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// StopExternal ends the voucher of an order whose whole money was refunded at the
// gateway, or revokes such an extension. A second call changes nothing. Errors: NotFound
// "refund.not_found", Conflict "refund.ours", "refund.part" while some of the money is
// here, "voucher.ended" when nothing is active any more.
func (s *Service) StopExternal(ctx context.Context, by actor.Actor, id string) error {
	f, err := s.Store.Refund(ctx, id)
	if err == nil && f.OrderID == "" {
		err = order.MayStop(f, order.Order{}, false)
	}
	if err != nil {
		return err
	}
	_, _, err = s.ledger.Change(ctx, by, "refund.stop_voucher", f.OrderID, func(tx *store.Tx, o *order.Order) error {
		if f, err = tx.Refund(ctx, id); err != nil {
			return err
		}
		lives, err := livesOn(ctx, tx, *o)
		if err == nil {
			err = order.MayStop(f, *o, lives)
		}
		if errors.Is(err, order.ErrRefundDecided) {
			return ledger.ErrUnchanged // twice is once
		}
		if err != nil {
			return err
		}
		f.EndsVoucher = true
		if _, err := tx.MoveRefund(ctx, f, order.RefundDone); err != nil {
			return err
		}
		tx.Audit("refund.stop_voucher", refundSubject(f), map[string]any{"refund": f.ID, "amount": int64(f.Amount)})
		if _, err := tx.CloseAlert(ctx, "external_refund", alertOf(f)); err != nil {
			return err
		}
		return s.nextStep(ctx, tx, *o, f)
	})
	if err != nil {
		return fmt.Errorf("stop voucher of refund %s: %w", id, err)
	}
	return nil
}

// livesOn reports whether an order still has something on a router that its
// money no longer pays for; one that was switched off works until the router
// knows.
func livesOn(ctx context.Context, r interface {
	Extension(context.Context, order.ID) (store.Extension, bool, error)
	Voucher(context.Context, order.ID) (store.Voucher, bool, error)
}, o order.Order) (bool, error) {
	x, longer, err := r.Extension(ctx, o.ID)
	if err != nil {
		return false, err
	}
	if longer {
		v, _, err := r.Voucher(ctx, x.VoucherOrder)
		return x.RevokedAt.IsZero() && v.State.MayLive(), err
	}
	v, found, err := r.Voucher(ctx, o.ID)
	return found && v.Facts().LetsIn(), err
}

// here is what a payment brought: nothing if it was given up.
func here(p order.Payment) money.Rupiah {
	if !p.WrittenOffAt.IsZero() {
		return 0
	}
	return p.Amount
}

// makeRoom shrinks or turns down what is to be given back of a payment and is
// not under way, as far as the money is gone already. What is approved is looked
// at when it is sent: the gateway may have been asked for it this moment.
func (s *Service) makeRoom(ctx context.Context, tx *store.Tx, p order.Payment) error {
	all, err := tx.RefundsOf(ctx, p.Gateway, p.Key)
	if err != nil {
		return err
	}
	left := here(p)
	for _, f := range all {
		if f.State == order.RefundSent || f.State == order.RefundDone {
			left -= f.Amount
		}
	}
	for _, f := range all {
		if f.State != order.RefundRequested && f.State != order.RefundManual {
			continue
		}
		if err := s.fit(ctx, tx, f, max(left, 0)); err != nil {
			return err
		}
		left -= min(f.Amount, max(left, 0))
	}
	if p.OrderID == "" {
		return nil
	}
	return s.closeRefundAlerts(ctx, tx, p.OrderID)
}

// fit makes a refund no larger than what is left of its payment; with nothing
// left it is turned down.
func (s *Service) fit(ctx context.Context, tx *store.Tx, f order.Refund, left money.Rupiah) (err error) {
	if f.Amount <= left {
		return nil
	}
	from, moved := f.State, false
	if left > 0 {
		f.Amount = left
		moved, err = tx.ShrinkRefund(ctx, f, from)
	} else {
		f.State, f.ClosedAt = order.RefundRejected, tx.Now()
		moved, err = tx.MoveRefund(ctx, f, from)
	}
	if err == nil && moved {
		tx.Audit("refund.covered", refundSubject(f), map[string]any{"refund": f.ID, "left": int64(left)})
	}
	return err
}

// covered makes a refund that is about to be given fit what is left of its
// payment; true means that it is not to be given now.
func (s *Service) covered(ctx context.Context, f order.Refund, from order.RefundState) (covered bool, err error) {
	look := func(tx *store.Tx) error {
		covered = false
		p, err := tx.Payment(ctx, f.Gateway, f.PaymentKey)
		if fault.Is(err, fault.NotFound) {
			return nil // older than our records of it: a person checks before paying out
		}
		if err != nil {
			return err
		}
		left, err := leftBeside(ctx, tx, p, f.ID)
		if err != nil || f.Amount <= left {
			return err
		}
		f.State, covered = from, true
		if err := s.fit(ctx, tx, f, max(left, 0)); err != nil {
			return err
		}
		return s.closeRefundAlerts(ctx, tx, f.OrderID, f)
	}
	if f.OrderID == "" {
		err = s.Store.InTx(ctx, actor.Server, look)
		return covered, err
	}
	_, _, err = s.ledger.Change(ctx, actor.Server, "", f.OrderID, func(tx *store.Tx, _ *order.Order) error {
		if err := look(tx); err != nil || covered {
			return err
		}
		return ledger.ErrUnchanged
	})
	return covered, err
}

// leftBeside is how much of a payment is here if one refund is left out and all
// others that are sent or done are not.
func leftBeside(ctx context.Context, tx *store.Tx, p order.Payment, id string) (money.Rupiah, error) {
	all, err := tx.RefundsOf(ctx, p.Gateway, p.Key)
	left := here(p)
	for _, f := range all {
		if f.ID != id && (f.State == order.RefundSent || f.State == order.RefundDone) {
			left -= f.Amount
		}
	}
	return left, err
}

// MayStop reports whether StopExternal would end something of a refund's order.
func (s *Service) MayStop(ctx context.Context, f order.Refund) (may bool, err error) {
	if f.OrderID == "" {
		return order.MayStop(f, order.Order{}, false) == nil, nil
	}
	o, err := s.Store.Order(ctx, f.OrderID)
	if err != nil {
		return false, err
	}
	lives, err := livesOn(ctx, s.Store, o)
	return order.MayStop(f, o, lives) == nil, err
}
