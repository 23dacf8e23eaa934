package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
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
	if err != nil {
		return err
	}
	away := s.watched.away(r.ID, clock.Elapsed(s.Clock))
	if len(sessions) == 0 {
		return nil
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
	if len(waiting) > 0 && away {
		err := s.noteMissed(ctx, r, waiting)
		if err != nil {
			s.watched.forget(r.ID) // the next look does not know it either
		}
		return err
	}
	for _, v := range waiting {
		if err := s.firstLogin(ctx, v, s.Clock.Now().Add(-uptime[v.Username])); err != nil {
			return err
		}
	}
	return nil
}

// watched remembers when each router's sessions were last listed.
type watched struct {
	mu sync.Mutex
	at map[string]time.Duration
}

// unwatched is how long a router may go without a look before its sessions no longer tell
// when a device first logged in: it may have come and gone between two looks.
const unwatched = time.Minute

// away reports whether the last look at a router is longer ago than unwatched, and notes the
// present one.
func (w *watched) away(router string, now time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at == nil {
		w.at = map[string]time.Duration{}
	}
	last, known := w.at[router]
	w.at[router] = now
	return !known || now-last > unwatched
}

// forget has the next look be the first one after a while.
func (w *watched) forget(router string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.at, router)
}

// noteMissed notes first logins that may have been long ago: the router's counters tell.
func (s *Service) noteMissed(ctx context.Context, r catalog.Router, waiting []store.Voucher) error {
	names := make(map[string]bool, len(waiting))
	for _, v := range waiting {
		names[v.Username] = true
	}
	roll, err := s.Hotspot.ListUsers(ctx, r.Router, func(b hotspot.Brief) bool { return names[b.Name] })
	if err != nil {
		return err
	}
	users := make(map[string]hotspot.Found, len(roll.Users))
	for _, u := range roll.Users {
		users[u.Name] = u.Found
	}
	last, _, err := s.Store.UserReview(ctx, r.ID)
	if err != nil {
		return err
	}
	return s.noteBegun(ctx, r, users, last.At, s.clockRight(roll))
}

// noteBegun notes the first logins of users that their router counted online time of. since
// is when they were last seen unused.
func (s *Service) noteBegun(ctx context.Context, r catalog.Router, users map[string]hotspot.Found, since time.Time, clockRight bool) error {
	if len(users) == 0 {
		return nil
	}
	waiting, err := s.Store.WaitingVouchers(ctx, r.ID, slices.Collect(maps.Keys(users)))
	if err != nil {
		return err
	}
	facts, err := s.factsOf(ctx, waiting)
	if err != nil {
		return err
	}
	for i, v := range waiting {
		at := voucher.FirstLoginOf(facts[i], users[v.Username], s.Clock.Now(), since, clockRight)
		if err := s.firstLogin(ctx, v, at); err != nil {
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

// stockLogin records the first login of a voucher that was sold on paper. The time of
// its sale is unknown, so validity counts from now, whatever the plan says.
func (s *Service) stockLogin(ctx context.Context, v store.Voucher, at time.Time) error {
	b, err := s.Store.Batch(ctx, v.BatchID)
	if err != nil {
		return err
	}
	at = ledger.Later(at, b.CreatedAt)
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		used := v
		used.FirstLoginAt = at
		until := WithItem(used, b.Item).EndsAt()
		moved, err := tx.ActivateStock(ctx, v, at, until)
		if err != nil || !moved {
			return err // it was sold at the counter a moment ago: the next look sees the order
		}
		if err := s.ledger.NoteClock(ctx, tx, store.ErrorLogin, v.ID); err != nil {
			return err
		}
		tx.Audit("voucher.first_login", ledger.SubjectOf(v), map[string]any{"username": v.PublicName(), "batch": b.Code, "no": v.No})
		if until.IsZero() {
			return nil
		}
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.StockExpire, Queue: jobs.RouterQueue(v.RouterID), Subject: v.ID, DueAt: until})
	})
	if err != nil {
		return fmt.Errorf("note first login of voucher %s: %w", v.ID, err)
	}
	return nil
}
