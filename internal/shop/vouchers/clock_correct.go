package vouchers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// CorrectTimes puts right what a wrong clock wrote, now that the clock agrees: what
// was noted, and vouchers sold and unpaid orders placed at an instant that is
// still to come.
func (s *Service) CorrectTimes(ctx context.Context) error {
	all, err := s.Store.ClockErrors(ctx, ledger.CorrectStep)
	if err != nil {
		return fmt.Errorf("list clock errors: %w", err)
	}
	var errs []error
	for _, e := range all {
		errs = append(errs, s.correctTime(ctx, e, time.Time{}))
	}
	now := s.Clock.Now()
	ahead, err := s.Store.SoldAhead(ctx, now.Add(clock.Tolerance), ledger.CorrectStep)
	errs = append(errs, err)
	for _, v := range ahead {
		errs = append(errs, s.correctTime(ctx, store.ClockError{Kind: store.ErrorSold, ID: v.ID, Off: v.SoldAt.Sub(now)}, v.SoldAt))
	}
	orders, err := s.Store.PlacedAhead(ctx, now.Add(clock.Tolerance), ledger.CorrectStep)
	errs = append(errs, err)
	for _, o := range orders {
		e := store.ClockError{Kind: store.ErrorOrder, ID: string(o.ID), Off: o.CreatedAt.Sub(now)}
		errs = append(errs, s.correctTime(ctx, e, o.CreatedAt))
	}
	return errors.Join(errs...)
}

// correctTime puts one row right. seen is zero for what was noted, and else the
// instant that is still to come: a row that has another one by now was put right
// by another replica.
func (s *Service) correctTime(ctx context.Context, e store.ClockError, seen time.Time) error {
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if seen.IsZero() {
			if taken, err := tx.TakeClockError(ctx, e); err != nil || !taken {
				return err
			}
			if wrong, err := s.wasWrong(ctx, tx, e); err != nil || !wrong {
				return err
			}
		}
		if e.Kind == store.ErrorOrder {
			return correctOrder(ctx, tx, e, seen)
		}
		return s.correctVoucher(ctx, tx, e, seen)
	})
	if err != nil {
		return fmt.Errorf("put times of %s %s right: %w", e.Kind, e.ID, err)
	}
	return nil
}

// wasWrong reports whether the clock was wrong when it wrote, and not the source
// that told another time. In the process that wrote, the clock has been set
// since. For another process only an instant that is still to come proves it;
// what gives the customer time is believed.
func (s *Service) wasWrong(ctx context.Context, tx *store.Tx, e store.ClockError) (bool, error) {
	if run, base := s.Verifier.Base(); run == e.Run {
		return base.Sub(e.Base).Abs() > clock.Tolerance, nil
	}
	if e.Off < 0 {
		return true, nil
	}
	written := time.Time{}
	if e.Kind == store.ErrorOrder {
		o, err := tx.Order(ctx, order.ID(e.ID))
		if err != nil {
			return false, alerts.UnlessGone(err)
		}
		written = o.CreatedAt
	} else {
		v, err := tx.VoucherByID(ctx, e.ID)
		if err != nil {
			return false, alerts.UnlessGone(err)
		}
		if written = v.SoldAt; e.Kind == store.ErrorLogin {
			written = v.FirstLoginAt
		}
	}
	return written.After(tx.Now().Add(clock.Skew)), nil
}

// correctOrder moves an order's creation and its time to pay.
func correctOrder(ctx context.Context, tx *store.Tx, e store.ClockError, seen time.Time) error {
	if seen.IsZero() {
		o, err := tx.Order(ctx, order.ID(e.ID))
		if err != nil {
			return alerts.UnlessGone(err)
		}
		seen = o.CreatedAt
	}
	moved, err := tx.MoveOrderTimes(ctx, order.ID(e.ID), seen, -e.Off)
	if err == nil && moved {
		tx.Audit("order.clock", "order:"+e.ID, map[string]any{"off_seconds": int64(e.Off / time.Second)})
	}
	return err
}

// correctVoucher moves a voucher's sale or first login, and the end that was
// reckoned from it.
func (s *Service) correctVoucher(ctx context.Context, tx *store.Tx, e store.ClockError, seen time.Time) error {
	before, err := tx.VoucherByID(ctx, e.ID)
	if err != nil {
		return alerts.UnlessGone(err)
	}
	if !seen.IsZero() && !before.SoldAt.Equal(seen) {
		return nil
	}
	v := before
	f := v.Facts()
	var o order.Order
	if v.OrderID != "" {
		if o, err = tx.Order(ctx, v.OrderID); err != nil {
			return err
		}
		f.Item = o.Item
	}
	moved := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.Add(-e.Off)
	}
	if e.Kind == store.ErrorLogin {
		v.FirstLoginAt = moved(v.FirstLoginAt)
	} else {
		v.SoldAt = moved(v.SoldAt)
	}
	if f.CountsFromLogin() == (e.Kind == store.ErrorLogin) {
		v.ValidUntil = moved(v.ValidUntil)
	}
	if ok, err := tx.MoveVoucherTimes(ctx, before, v); err != nil || !ok {
		if err == nil {
			err = fault.New(fault.Conflict, "voucher.changed")
		}
		return err
	}
	tx.Audit("voucher.clock", ledger.SubjectOf(v), map[string]any{"username": v.PublicName(), "off_seconds": int64(e.Off / time.Second)})
	if v.OrderID != "" {
		o.ActivatedAt, o.ValidUntil = v.SoldAt, v.ValidUntil
		if err := tx.SaveOrder(ctx, o); err != nil {
			return err
		}
	}
	s.switched(tx, v)
	if v.ValidUntil.IsZero() || v.State.Ended() {
		return nil
	}
	return s.ledger.Enqueue(ctx, tx, endJob(v))
}
