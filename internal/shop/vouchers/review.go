package vouchers

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
)

// The review compares every user that a router holds with what our books want, and corrects
// what differs, whatever caused it: a hand in Winbox, an old backup, a Mikhmon, a job that
// was lost. It is level-triggered: nothing has to notice the moment of a change. What our
// own jobs are about to do is left to them, and what may be wanted is left to a
// person: a user that was taken away, a change that comes back again and again.

const (
	// reviewEvery is the pace: a difference is corrected or told within a minute.
	reviewEvery = 30 * time.Second
	// reviewsAtOnce bounds how many routers are compared at a time, so that a cold start of
	// fifty does not hold the database.
	reviewsAtOnce = 8
	// recentBoot is how long after a reboot missing users are put back without asking: the
	// router may have come up from an older backup.
	recentBoot = 10 * time.Minute
	// reviewTime bounds what one round writes on one router; the next one goes on.
	reviewTime = 25 * time.Second
)

// review is one look at one router.
type review struct {
	*Service
	router  catalog.Router
	roster  *roster
	ending  map[order.ID]bool // orders of refunds that are about to end their vouchers
	open    undecided
	last    store.UserReview // zero where there was none
	told    bool             // an alert is open
	all     bool             // a person wants everything put back
	onePass bool             // what there is no time for is left to the next try
	began   time.Time
	outcome outcome
}

// ReviewUsers compares the users of every router with our books. A router that is away is
// left to the check of routers.
func (s *Service) ReviewUsers(ctx context.Context) error {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return err
	}
	base, lasts, told, err := s.reviewBase(ctx)
	if err != nil {
		return err
	}
	open, err := s.undecidedUsers(ctx)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var seen []store.UserReview
	var errs []error
	var all errgroup.Group
	all.SetLimit(reviewsAtOnce)
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		all.Go(func() error {
			if _, ok := s.Cache.Acquire(ctx, "router:review:"+r.ID, reviewEvery-5*time.Second); !ok {
				return nil // the lease is left to run out: it is the pace of all replicas
			}
			roster, free := s.rosters.take(r.ID)
			if !free {
				return nil
			}
			defer roster.busy.Unlock()
			v := &review{Service: s, router: r, roster: roster, ending: base, open: open, last: lasts[r.ID], told: told[r.ID]}
			done, err := v.run(ctx)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && done.RouterID != "":
				seen = append(seen, done)
			case err != nil && fault.MayPass(err): // the check of routers tells
				s.Log.DebugContext(ctx, "users not reviewed", "router", r.ID, "error", err)
			case err != nil:
				errs = append(errs, fmt.Errorf("review users of router %s: %w", r.ID, err))
			}
			return nil
		})
	}
	_ = all.Wait() // none of them returns an error
	if len(seen) > 0 {
		errs = append(errs, s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			for _, x := range seen {
				if err := tx.NoteUserReview(ctx, x); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return errors.Join(errs...)
}

// reviewBase reads what a round needs for all routers.
func (s *Service) reviewBase(ctx context.Context) (ending map[order.ID]bool, lasts map[string]store.UserReview, told map[string]bool, err error) {
	ids, err := s.Store.EndingRefunds(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	ending = make(map[order.ID]bool, len(ids))
	for _, id := range ids {
		ending[order.ID(id)] = true
	}
	reviews, err := s.Store.UserReviews(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	lasts = make(map[string]store.UserReview, len(reviews))
	for _, x := range reviews {
		lasts[x.RouterID] = x
	}
	told, err = s.alerts.OpenSubjects(ctx, alertUsers)
	return ending, lasts, told, err
}

// run is one review: read, compare, correct, tell. It returns what is to be noted of it,
// nothing where a part of it waits for the next round.
func (v *review) run(ctx context.Context) (store.UserReview, error) {
	v.began = v.Clock.Now()
	seen, err := v.read(ctx)
	if err != nil {
		return store.UserReview{}, err
	}
	if err := v.noteBegun(ctx, v.router, seen.begun, v.last.At, v.clockRight(seen.roll)); err != nil {
		return store.UserReview{}, err
	}
	suspects, err := v.compare(ctx, seen)
	if err != nil {
		return store.UserReview{}, err
	}
	if err := v.settle(ctx, seen, suspects); err != nil {
		return store.UserReview{}, err
	}
	v.holdEnds(ctx, seen)
	if err := v.tell(ctx); err != nil {
		return store.UserReview{}, err
	}
	if err := v.removeEnded(ctx, seen); err != nil {
		return store.UserReview{}, err
	}
	done := store.UserReview{RouterID: v.router.ID, At: v.began, Users: seen.count}
	if v.outcome.found() {
		done.ToldAt, done.Found, done.Corrected = v.began, counts(v.outcome.was), counts(v.outcome.corrected)
	}
	if v.outcome.unfinished() {
		done.At = v.last.At // what waits is still from before that
		if done.At.IsZero() {
			return store.UserReview{}, nil
		}
	}
	return done, nil
}
