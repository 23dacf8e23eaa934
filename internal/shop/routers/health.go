package routers

import (
	"context"
	"sync"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// samples remembers which routers this process has sampled in their present
// slot. Another replica may sample once more: the last one stays.
type samples struct {
	mu   sync.Mutex
	done map[string]time.Time
}

// due reports whether a router has to be sampled now, and remembers it.
func (x *samples) due(router string, now time.Time) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	slot := now.Truncate(store.SlotLength)
	if x.done == nil {
		x.done = map[string]time.Time{}
	}
	if x.done[router].Equal(slot) {
		return false
	}
	x.done[router] = slot
	return true
}

// checked is what one round found out about a router.
type checked struct {
	store.RouterCheck
	sample *hotspot.Sample
	err    error
}

// sample reads how busy a router is, once in a while. It is worth little
// enough to be left out when the router does not say.
func (s *Service) sample(ctx context.Context, r catalog.Router) *hotspot.Sample {
	m, err := s.manager()
	if err != nil || !s.samples.due(r.ID, s.Clock.Now()) {
		return nil
	}
	busy, err := m.Sample(ctx, panelAccess(r))
	if err != nil {
		s.Log.DebugContext(ctx, "router not sampled", "router", r.ID, "error", err)
		return nil
	}
	return &busy
}

// noteRound keeps what a round found out, in one transaction for all routers.
func (s *Service) noteRound(ctx context.Context, round []checked) error {
	var checks []store.RouterCheck
	for _, c := range round {
		if c.RouterID != "" {
			checks = append(checks, c.RouterCheck)
		}
	}
	if len(checks) == 0 {
		return nil
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.NoteChecks(ctx, checks); err != nil {
			return err
		}
		for _, c := range round {
			if c.sample != nil {
				if err := tx.NoteSample(ctx, c.RouterID, *c.sample); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// RouterHistory is how a router did.
type RouterHistory struct {
	Slots   []store.Slot // oldest first
	Outages []store.Outage
}

const mostOutages = 30

// History reads how a router did since a moment.
func (s *Service) History(ctx context.Context, routerID string, since time.Time) (RouterHistory, error) {
	var h RouterHistory
	var err error
	if h.Slots, err = s.Store.Slots(ctx, routerID, since); err == nil {
		h.Outages, err = s.Store.Outages(ctx, routerID, mostOutages)
	}
	return h, err
}
