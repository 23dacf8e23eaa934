package vouchers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// queueBans has every router of a site told which devices are banned, at an instant.
func (s *Service) queueBans(ctx context.Context, tx *store.Tx, siteID string, due time.Time) error {
	routers, err := tx.RouterStates(ctx)
	if err != nil {
		return err
	}
	for _, r := range routers {
		if r.SiteID != siteID || r.Disabled {
			continue
		}
		if err := s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.BansHold, Queue: jobs.RouterQueue(r.ID), Subject: r.ID, DueAt: due}); err != nil {
			return err
		}
	}
	return nil
}

// HoldBansJob has a router block the devices that its site bans.
func (s *Service) HoldBansJob(ctx context.Context, j jobs.Job) error {
	r, err := s.Store.Router(ctx, j.Subject)
	if fault.Is(err, fault.NotFound) || err == nil && r.Disabled {
		return nil
	}
	if err != nil {
		return err
	}
	away, err := s.holdBans(ctx, r)
	if away {
		return s.RouterAway(ctx, j, r, err)
	}
	return err
}

// ReviewBans holds every router that blocks devices, or should, to the bans of its site,
// whatever hand was on it.
func (s *Service) ReviewBans(ctx context.Context) error {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return err
	}
	told, err := s.Store.BanRouters(ctx)
	if err != nil {
		return err
	}
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		bans, err := s.bansOf(ctx, r.SiteID)
		if err != nil {
			return err
		}
		if len(bans) == 0 && !slices.ContainsFunc(told, func(x store.BanRouter) bool { return x.RouterID == r.ID && x.Held > 0 }) {
			continue
		}
		if _, ok := s.Cache.Acquire(ctx, "router:bans:"+r.ID, reviewEvery-5*time.Second); !ok {
			continue // the lease is left to run out: it is the pace of all replicas
		}
		if _, err := s.holdBans(ctx, r); err != nil {
			s.Log.DebugContext(ctx, "bans not reviewed", "router", r.ID, "error", err)
		}
	}
	return nil
}

// bansOf are the bans that hold at a site now.
func (s *Service) bansOf(ctx context.Context, siteID string) ([]hotspot.Ban, error) {
	all, err := s.Store.HoldingBans(ctx, siteID)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	var out []hotspot.Ban
	for _, b := range all {
		if b.Holds(now) {
			out = append(out, b.OfRouter())
		}
	}
	return out, nil
}

// holdBans has a router hold the bans of its site. What was banned or lifted while it was
// told is told once more. With away the error is the router's.
func (s *Service) holdBans(ctx context.Context, r catalog.Router) (away bool, err error) {
	for range ledger.Tries {
		bans, err := s.bansOf(ctx, r.SiteID)
		if err != nil {
			return false, err
		}
		if len(bans) > 0 { // first: a router whose answer is lost is looked at until it holds none
			if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.ExpectBans(ctx, r.ID, len(bans)) }); err != nil {
				return false, err
			}
		}
		changed, err := s.Hotspot.SyncBans(ctx, r.Router, bans)
		if err != nil {
			return true, fmt.Errorf("hold bans of router %s: %w", r.ID, err)
		}
		if changed != (hotspot.BansHeld{}) {
			s.Log.InfoContext(ctx, "bans written", "router", r.ID, "added", changed.Added, "removed", changed.Removed, "ended", changed.Ended)
		}
		if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.NoteBans(ctx, r.ID, len(bans)) }); err != nil {
			return false, err
		}
		now, err := s.bansOf(ctx, r.SiteID)
		if err != nil || slices.Equal(bans, now) {
			return false, err
		}
	}
	return false, store.ErrOrderChanged
}
