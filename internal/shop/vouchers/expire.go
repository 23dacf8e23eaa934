package vouchers

import (
	"context"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// ExpireVoucher ends a voucher whose time is over: first in the books, unless it was
// extended in between, then on the router, retried until it succeeds.
func (s *Service) ExpireVoucher(ctx context.Context, j jobs.Job) error {
	v, found, err := s.Store.Voucher(ctx, order.ID(j.Subject))
	if err != nil || !found {
		return err
	}
	return s.expire(ctx, j, v)
}

// ExpireStock ends a voucher without an order whose time is over.
func (s *Service) ExpireStock(ctx context.Context, j jobs.Job) error {
	v, err := s.Store.VoucherByID(ctx, j.Subject)
	if err != nil {
		return err
	}
	return s.expire(ctx, j, v)
}

func (s *Service) expire(ctx context.Context, j jobs.Job, v store.Voucher) error {
	if v.State == voucher.Disabled || v.ValidUntil.IsZero() {
		return nil
	}
	if wait := v.ValidUntil.Sub(s.Clock.Now()); wait > 0 {
		return &jobs.Snooze{After: wait, Err: fault.New(fault.Unavailable, "voucher.still_valid")}
	}
	if v.State != voucher.Expired {
		if open, err := s.endIsOpen(ctx, v); err != nil || open {
			if err == nil {
				err = &jobs.Snooze{After: ledger.EndRetry, Err: ledger.ErrHeld}
			}
			return err
		}
		if !s.ledger.Ends(ctx) {
			return &jobs.Snooze{After: ledger.EndRetry, Err: ledger.ErrClock}
		}
		now, err := s.Store.VoucherByID(ctx, v.ID)
		if err != nil {
			return err
		}
		if !now.ValidUntil.Equal(v.ValidUntil) { // the clock was wrong when it was sold
			return s.expire(ctx, j, now)
		}
		ended, err := s.endVoucher(ctx, v)
		if err != nil {
			return err
		}
		if !ended {
			return &jobs.Snooze{After: time.Second, Err: fault.New(fault.Unavailable, "voucher.still_valid")}
		}
		v.State = voucher.Expired
	}
	if err := s.keptOutBefore(ctx, v.Facts()); err != nil {
		return err
	}
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return err
	}
	if _, err := s.Apply(ctx, r, v.Facts()); err != nil {
		if fault.MayPass(err) {
			return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 5*time.Second, 5*time.Minute), Err: err}
		}
		return err
	}
	return s.staysEnded(ctx, v.ID)
}

func (s *Service) endVoucher(ctx context.Context, v store.Voucher) (ended bool, err error) {
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if ended, err = tx.EndVoucher(ctx, v); err == nil && ended {
			tx.Audit("voucher.expire", ledger.SubjectOf(v), map[string]any{"username": v.PublicName()})
			tx.AfterCommit(func() { s.ledger.Announce(v.OrderID) })
		}
		return err
	})
	return ended, err
}

// staysEnded has a voucher's router switch it on again that came to life while
// its user was being switched off.
func (s *Service) staysEnded(ctx context.Context, id string) error {
	v, err := s.Store.VoucherByID(ctx, id)
	if err != nil || !v.State.Living() {
		return err
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v)) })
}

// ExpiryJob ends a voucher at an instant.
func ExpiryJob(id order.ID, routerID string, at time.Time) jobs.New {
	return jobs.New{Kind: jobs.VoucherExpire, Queue: jobs.RouterQueue(routerID), Subject: string(id), DueAt: at}
}

// endJob is the job that ends a voucher when its time is over.
func endJob(v store.Voucher) jobs.New {
	j := ExpiryJob(v.OrderID, v.RouterID, v.ValidUntil)
	if v.OrderID == "" {
		j.Kind, j.Subject = jobs.StockExpire, v.ID
	}
	return j
}
