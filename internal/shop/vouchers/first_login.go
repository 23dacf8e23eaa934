package vouchers

import (
	"context"
	"maps"
	"slices"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// ObserveLogins notices the first login of sold vouchers, which starts the
// validity of plans that count from it. One short read per router, and one more where
// a user is online for the first time.
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
	look := s.watched.look(r.ID, clock.Elapsed(s.Clock))
	fresh, err := s.Hotspot.Online(ctx, r.Router, look.fresh)
	if err != nil {
		return err
	}
	waiting, err := s.Store.WaitingVouchers(ctx, r.ID, fresh)
	if err != nil {
		look.now = nil // of no one is known that their voucher does not wait
	} else if len(waiting) > 0 {
		err = s.noteSeen(ctx, r, waiting, look.away)
	}
	if err != nil && look.away {
		return err // the next look does not know it either
	}
	s.watched.note(r.ID, look, waiting)
	return err
}

// noteSeen notes the first logins of those who wait for theirs and are online.
func (s *Service) noteSeen(ctx context.Context, r catalog.Router, waiting []store.Voucher, away bool) error {
	if away {
		return s.noteMissed(ctx, r, waiting)
	}
	names := make([]string, len(waiting))
	for i, v := range waiting {
		names[i] = v.Username
	}
	online, err := s.Hotspot.OnlineFor(ctx, r.Router, names)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	logins := make([]login, len(waiting))
	for i, v := range waiting {
		logins[i] = login{Voucher: v, at: now.Add(-online[v.Username])} // who has left meanwhile was there a moment ago
	}
	return s.noteLogins(ctx, logins)
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
	logins := make([]login, len(waiting))
	for i, v := range waiting {
		logins[i] = login{Voucher: v, at: voucher.FirstLoginOf(facts[i], users[v.Username], s.Clock.Now(), since, clockRight)}
	}
	return s.noteLogins(ctx, logins)
}
