package reports

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// RouterNow is how a router does at the moment.
type RouterNow struct {
	ID, Name, SiteID string
	SeenAt           time.Time
	Failure          string        // fault code, "" while it answers
	CPU              int           // percent
	Active           int           // sessions
	Latency          time.Duration // mean of the latest quarter of an hour
	Sampled          bool          // CPU and Active are known
}

// Up reports whether the router answered when it was last asked.
func (r RouterNow) Up() bool { return r.Failure == "" && !r.SeenAt.IsZero() }

// routersNow lists the routers in use at the sites, none meaning all.
func (s *Service) routersNow(ctx context.Context, now time.Time, sites []string) (out []RouterNow, err error) {
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return nil, err
	}
	slots, err := s.Store.LatestSlots(ctx, now.Add(-2*store.SlotLength))
	if err != nil {
		return nil, err
	}
	for _, r := range states {
		if r.Disabled || !ledger.Serves(sites, r.SiteID) {
			continue
		}
		x := RouterNow{ID: r.ID, Name: r.Name, SiteID: r.SiteID, SeenAt: r.SeenAt, Failure: r.Failure}
		if slot, known := slots[r.ID]; known && x.Up() {
			x.Sampled, x.CPU, x.Active, x.Latency = slot.Sampled, slot.CPU, slot.Active, slot.Latency()
		}
		out = append(out, x)
	}
	return out, nil
}

// StockNow is a plan whose stock is below its level.
type StockNow struct {
	PlanID, Plan string
	Left, Low    int
}

// stockNow lists the plans at the sites, none meaning all, whose stock runs out, the
// emptiest first.
func (s *Service) stockNow(ctx context.Context, sites []string) (out []StockNow, err error) {
	levels, err := s.Store.StockLevels(ctx)
	if err != nil {
		return nil, err
	}
	for id, low := range levels {
		plan, err := s.Store.Plan(ctx, id)
		if err != nil {
			return nil, err
		}
		left, err := s.Store.StockUpTo(ctx, id, low)
		if err != nil {
			return nil, err
		}
		if ledger.Serves(sites, plan.SiteID) && left < low {
			out = append(out, StockNow{PlanID: id, Plan: plan.Name, Left: left, Low: low})
		}
	}
	slices.SortFunc(out, func(a, b StockNow) int { return cmp.Or(a.Left-b.Left, cmp.Compare(a.Plan, b.Plan)) })
	return out, nil
}
