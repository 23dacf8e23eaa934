package shop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

const (
	// endRetry is when an end is tried again that the clock is not believed about.
	endRetry = 15 * time.Second
	// correctStep bounds what one look puts right.
	correctStep = 200
)

// errClock is why an end waits.
var errClock = fault.New(fault.Unavailable, "clock.unverified")

// mayEnd reports by what is known whether something may be ended because its
// time is over; it makes no call and may be used in a transaction.
func (s *Shop) mayEnd() bool { return s.Verifier == nil || s.Verifier.Verdict().Ends() }

// ends is mayEnd after the outside was asked, where the clock is not known to
// be right, and after what a wrong clock wrote was put right.
func (s *Shop) ends(ctx context.Context) bool {
	if s.Verifier == nil {
		return true
	}
	verdict := s.Verifier.Verify(ctx)
	if verdict.State == clock.Agreed {
		if err := s.CorrectTimes(ctx); err != nil {
			s.Log.WarnContext(ctx, "times of a wrong clock not put right", "error", err)
			return false
		}
	}
	return verdict.Ends()
}

// VerifyClock has outside sources judge the clock, tells people when they
// disagree or are silent, and puts right what a wrong clock wrote or ended.
func (s *Shop) VerifyClock(ctx context.Context) error {
	if s.Verifier == nil {
		return nil
	}
	v := s.Verifier.Refresh(ctx)
	var errs []error
	switch v.State {
	case clock.Agreed:
		errs = append(errs, s.clockAlert(ctx, "", ""), s.correctTimes(ctx), s.reviveEnded(ctx))
	case clock.Disagreed:
		errs = append(errs, s.clockAlert(ctx, "clock_wrong", v.Source+" "+v.Offset.Round(time.Second).String()))
	case clock.Alone:
		errs = append(errs, s.clockAlert(ctx, "clock_unverified", clock.Silence.String()))
	}
	return errors.Join(errs...)
}

// clockAlert has at most this alert open about this process's clock, and closes
// those of processes that are not heard of any more.
func (s *Shop) clockAlert(ctx context.Context, kind, detail string) error {
	open, err := s.Store.OpenAlerts(ctx)
	if err != nil {
		return err
	}
	told := false
	for _, a := range open {
		if a.Kind != "clock_wrong" && a.Kind != "clock_unverified" {
			continue
		}
		mine := a.Subject == s.Instance
		switch {
		case mine && a.Kind == kind:
			told = true
		case mine, !clock.Within(a.OpenedAt, s.Clock.Now(), clock.Silence):
			if err := s.closeAlert(ctx, a.Kind, a.Subject); err != nil {
				return err
			}
		}
	}
	if told || kind == "" {
		return nil
	}
	return s.alert(ctx, kind, s.Instance, detail)
}

// noteClock notes that a transaction writes instants by a clock that outside
// sources say is wrong.
func (s *Shop) noteClock(ctx context.Context, tx *store.Tx, kind, id string) error {
	if s.Verifier == nil {
		return nil
	}
	v := s.Verifier.Verdict()
	if v.State != clock.Disagreed {
		return nil
	}
	run, base := s.Verifier.Base()
	return tx.NoteClockError(ctx, store.ClockError{Kind: kind, ID: id, Off: v.Offset, Run: run, Base: base})
}

// correctTimes puts right what a wrong clock wrote, now that the clock agrees: what
// was noted, and vouchers sold and unpaid orders placed at an instant that is
// still to come.
func (s *Shop) correctTimes(ctx context.Context) error {
	all, err := s.Store.ClockErrors(ctx, correctStep)
	if err != nil {
		return fmt.Errorf("list clock errors: %w", err)
	}
	var errs []error
	for _, e := range all {
		errs = append(errs, s.correctTime(ctx, e, time.Time{}))
	}
	now := s.Clock.Now()
	ahead, err := s.Store.SoldAhead(ctx, now.Add(clock.Tolerance), correctStep)
	errs = append(errs, err)
	for _, v := range ahead {
		errs = append(errs, s.correctTime(ctx, store.ClockError{Kind: store.ErrorSold, ID: v.ID, Off: v.SoldAt.Sub(now)}, v.SoldAt))
	}
	orders, err := s.Store.PlacedAhead(ctx, now.Add(clock.Tolerance), correctStep)
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
func (s *Shop) correctTime(ctx context.Context, e store.ClockError, seen time.Time) error {
	err := s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
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
func (s *Shop) wasWrong(ctx context.Context, tx *store.Tx, e store.ClockError) (bool, error) {
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
			return false, unlessGone(err)
		}
		written = o.CreatedAt
	} else {
		v, err := tx.VoucherByID(ctx, e.ID)
		if err != nil {
			return false, unlessGone(err)
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
			return unlessGone(err)
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
func (s *Shop) correctVoucher(ctx context.Context, tx *store.Tx, e store.ClockError, seen time.Time) error {
	before, err := tx.VoucherByID(ctx, e.ID)
	if err != nil {
		return unlessGone(err)
	}
	if !seen.IsZero() && !before.SoldAt.Equal(seen) {
		return nil
	}
	v := before
	fromLogin := true
	var o order.Order
	if v.OrderID != "" {
		if o, err = tx.Order(ctx, v.OrderID); err != nil {
			return err
		}
		fromLogin = o.Item.ValidFrom == order.FromFirstLogin
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
	if fromLogin == (e.Kind == store.ErrorLogin) {
		v.ValidUntil = moved(v.ValidUntil)
	}
	if ok, err := tx.MoveVoucherTimes(ctx, before, v); err != nil || !ok {
		if err == nil {
			err = fault.New(fault.Conflict, "voucher.changed")
		}
		return err
	}
	tx.Audit("voucher.clock", subjectOf(v), map[string]any{"username": v.PublicName(), "off_seconds": int64(e.Off / time.Second)})
	if v.OrderID != "" {
		o.ActivatedAt, o.ValidUntil = v.SoldAt, v.ValidUntil
		if err := tx.SaveOrder(ctx, o); err != nil {
			return err
		}
	}
	s.switched(tx, v)
	if v.ValidUntil.IsZero() || v.State == store.VoucherExpired || v.State == store.VoucherDisabled {
		return nil
	}
	return s.enqueue(ctx, tx, endJob(v))
}

// endJob is the job that ends a voucher when its time is over.
func endJob(v store.Voucher) jobs.New {
	j := expiryJob(v.OrderID, v.RouterID, v.ValidUntil)
	if v.OrderID == "" {
		j.Kind, j.Subject = jobs.StockExpire, v.ID
	}
	return j
}

// reviveEnded lets vouchers live again that were ended although they have time
// left: a clock ended them that was wrong. Seconds are what the clocks of replicas
// differ by.
func (s *Shop) reviveEnded(ctx context.Context) error {
	early, err := s.Store.EndedEarly(ctx, s.Clock.Now().Add(clock.Skew), correctStep)
	if err != nil {
		return fmt.Errorf("list vouchers ended early: %w", err)
	}
	var errs []error
	for _, v := range early {
		errs = append(errs, s.revive(ctx, v))
	}
	return errors.Join(errs...)
}

func (s *Shop) revive(ctx context.Context, v store.Voucher) error {
	err := s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error {
		v, err := tx.VoucherByID(ctx, v.ID)
		if err != nil || v.State != store.VoucherExpired || !v.ValidUntil.After(tx.Now()) {
			return err
		}
		if v.OrderID != "" {
			if back, err := holdUnlessGoingBack(ctx, tx, v.OrderID); err != nil || back {
				return err
			}
		}
		v.State, v.EndedAt = alive(v), time.Time{}
		if moved, err := tx.SwitchVoucher(ctx, v, store.VoucherExpired); err != nil || !moved {
			return err
		}
		tx.Audit("voucher.revive", subjectOf(v), map[string]any{"username": v.PublicName(), "until": v.ValidUntil.Format(time.RFC3339)})
		s.switched(tx, v)
		if err := s.enqueue(ctx, tx, endJob(v)); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, switchJob(tx, v))
	})
	if err != nil {
		return fmt.Errorf("revive voucher %s: %w", v.ID, err)
	}
	return nil
}
