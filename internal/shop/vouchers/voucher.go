package vouchers

import (
	"cmp"
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

// ObserveLogins notices the first login of sold vouchers, which starts the
// validity of plans that count from it. One short read per router.
func (s *Service) ObserveLogins(ctx context.Context) error {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return err
	}
	done := make(chan struct{}, len(routers))
	for _, r := range routers {
		go func() {
			defer func() { done <- struct{}{} }()
			if err := s.observeRouter(ctx, r); err != nil {
				s.Log.WarnContext(ctx, "logins not observed", "router", r.ID, "error", err)
			}
		}()
	}
	for range routers {
		<-done
	}
	return nil
}

func (s *Service) observeRouter(ctx context.Context, r catalog.Router) error {
	if r.Disabled {
		return nil
	}
	release, ok := s.Cache.Acquire(ctx, "router:observe:"+r.ID, 10*time.Second)
	if !ok {
		return nil
	}
	defer release()
	sessions, err := s.Hotspot.Sessions(ctx, r.Router)
	if err != nil || len(sessions) == 0 {
		return err
	}
	uptime := map[string]time.Duration{}
	var names []string
	for _, x := range sessions {
		names = append(names, x.User)
		uptime[x.User] = max(uptime[x.User], x.Uptime)
	}
	waiting, err := s.Store.WaitingVouchers(ctx, r.ID, names)
	if err != nil {
		return err
	}
	for _, v := range waiting {
		if err := s.firstLogin(ctx, v, s.Clock.Now().Add(-uptime[v.Username])); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) firstLogin(ctx context.Context, v store.Voucher, at time.Time) error {
	if v.OrderID == "" {
		return s.stockLogin(ctx, v, at)
	}
	at = ledger.Later(at, v.SoldAt) // a router clock cannot make it earlier than the sale
	_, _, err := s.ledger.Change(ctx, actor.Server, "voucher.first_login", v.OrderID, func(tx *store.Tx, o *order.Order) error {
		v, found, err := tx.Voucher(ctx, o.ID) // it may have been extended since it was listed
		if err != nil || !found {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		v.State, v.FirstLoginAt = voucher.Active, at
		done, err := tx.Extensions(ctx, o.ID)
		if err != nil {
			return err
		}
		f := WithItem(v, o.Item, done...)
		if until := f.EndsAt(); f.CountsFromLogin() && !until.IsZero() {
			v.ValidUntil, o.ValidUntil = until, until
			if err := s.ledger.Enqueue(ctx, tx, ExpiryJob(o.ID, v.RouterID, v.ValidUntil)); err != nil {
				return err
			}
		}
		saved, err := tx.SaveVoucher(ctx, v, voucher.Sold)
		if err != nil || !saved {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		return s.ledger.NoteClock(ctx, tx, store.ErrorLogin, v.ID)
	})
	if err != nil {
		return fmt.Errorf("note first login of order %s: %w", v.OrderID, err)
	}
	return nil
}

// ExpireVoucher ends a voucher whose time is over: first in the books, unless it was
// extended in between, then on the router, retried until it succeeds.
func (s *Service) ExpireVoucher(ctx context.Context, j jobs.Job) error {
	v, found, err := s.Store.Voucher(ctx, order.ID(j.Subject))
	if err != nil || !found {
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
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return err
	}
	if _, err := s.Apply(ctx, r, v.Facts()); err != nil {
		switch fault.KindOf(err) {
		case fault.Unavailable, fault.Unknown, fault.Limited, fault.Config:
			return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 5*time.Second, 5*time.Minute), Err: err}
		}
		return err
	}
	return s.staysEnded(ctx, v.ID)
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

func (s *Service) endVoucher(ctx context.Context, v store.Voucher) (ended bool, err error) {
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if ended, err = tx.EndVoucher(ctx, v); err == nil && ended {
			tx.Audit("voucher.expire", ledger.SubjectOf(v), map[string]any{"username": v.PublicName()})
			tx.AfterCommit(func() { s.ledger.Announce(v.OrderID) })
			_, err = tx.CloseAlert(ctx, "user_missing", string(v.OrderID))
		}
		return err
	})
	return ended, err
}

// recentBoot is how long after a reboot missing users are put back without
// asking: the router may have come up from an older backup.
const recentBoot = 10 * time.Minute

// reviewEvery bounds how often a router's whole user list is read.
const reviewEvery = 5 * time.Minute

// ReviewAfterReboot compares a router's users with the vouchers it should hold. Missing
// ones are restored when the router has just rebooted; otherwise they were removed by
// hand and open an alert.
func (s *Service) ReviewAfterReboot(ctx context.Context, r catalog.Router, h hotspot.Health) error {
	every := reviewEvery
	if h.Uptime < recentBoot {
		every = time.Minute
	}
	if _, ok := s.Cache.Acquire(ctx, fmt.Sprintf("router:review:%s:%s", r.ID, every), every); !ok {
		return nil // the lease is left to run out: it is the pace
	}
	rows, err := s.Hotspot.Users(ctx, r.Router)
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(rows))
	for _, u := range rows {
		have[u.Name] = true
	}
	if err := s.routers.ListOrphans(ctx, r, rows); err != nil {
		return err
	}
	if err := s.reviewStock(ctx, r, have, h.Uptime < recentBoot); err != nil {
		return err
	}
	for _, state := range []voucher.State{voucher.Sold, voucher.Active} {
		if err := s.reviewVouchers(ctx, r, state, have, h.Uptime < recentBoot); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) reviewVouchers(ctx context.Context, r catalog.Router, state voucher.State, have map[string]bool, rebooted bool) error {
	asked, err := s.alerts.OpenSubjects(ctx, "user_missing")
	if err != nil {
		return err
	}
	after := ""
	for {
		live, err := s.Store.LiveVouchers(ctx, r.ID, state, after, 500)
		if err != nil || len(live) == 0 {
			return err
		}
		for _, v := range live {
			if v.OrderID == "" {
				continue // of a batch: reviewStock has looked
			}
			switch there := have[v.Username]; {
			case there && asked[string(v.OrderID)]:
				err = s.ledger.CloseAlert(ctx, "user_missing", string(v.OrderID))
			case !there:
				err = s.reviewMissing(ctx, v, rebooted)
			}
			if err != nil {
				return err
			}
		}
		after = live[len(live)-1].Username
	}
}

// reviewMissing puts one user back or asks a person. One that cannot be put
// back does not keep the others waiting.
func (s *Service) reviewMissing(ctx context.Context, v store.Voucher, rebooted bool) error {
	o, err := s.Store.Order(ctx, v.OrderID)
	if err != nil {
		return err
	}
	f, err := s.facts(ctx, holding{Order: o, Voucher: v, Found: true})
	if err != nil {
		return err
	}
	if _, want := voucher.Wanted(f, s.Clock.Now()); want != voucher.WantEnabled {
		return nil // it ends this very moment
	}
	if rebooted {
		err := s.Restore(ctx, actor.Server, v.OrderID)
		if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Refused) {
			return err
		}
	}
	return s.ledger.Alert(ctx, "user_missing", string(v.OrderID), v.PublicName())
}

// Restore puts a sold voucher's user back on its router with whatever online
// time and data the plan allows; the end of its validity does not move.
// Errors: NotFound "voucher.not_found", Conflict "voucher.ended", router
// faults.
func (s *Service) Restore(ctx context.Context, by actor.Actor, id order.ID) error {
	v, found, err := s.Store.Voucher(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "voucher.not_found")
	}
	if err := voucher.MayRestore(v.Facts(), s.Clock.Now()); err != nil {
		return err
	}
	o, err := s.Store.Order(ctx, id)
	if err != nil {
		return err
	}
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return err
	}
	want, err := s.applyAll(ctx, r, holding{Order: o, Voucher: v, Found: true}, voucher.Speed{})
	if err == nil && want != voucher.WantEnabled {
		err = fault.New(fault.Conflict, "voucher.ended") // in between, or by a refund that is under way
	}
	if err != nil {
		return fmt.Errorf("restore voucher of order %s: %w", id, err)
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("voucher.restore", "order:"+string(id), map[string]any{"router": r.ID})
		_, err := tx.CloseAlert(ctx, "user_missing", string(id))
		return err
	})
}
