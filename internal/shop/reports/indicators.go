package reports

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/report"
	"gerai/internal/store"
)

// Indicators are key figures that neither money nor orders of a day tell.
type Indicators struct {
	// Solved are how long money stood that did not add up, for what was put right
	// on the days asked about, in seconds.
	Solved report.Waits
	// Helped are the orders that needed a person.
	Helped int64
	// Outstanding is what the counter took on these days and is not confirmed yet.
	Outstanding      money.Rupiah
	OutstandingCount int64
	Reaches          map[string]store.Reach // by router
}

// Indicators reads them for the sites of a filter.
func (s *Service) Indicators(ctx context.Context, f report.Filter) (Indicators, error) {
	out := Indicators{Solved: report.Waits{}}
	from, until := f.From.Start(s.Zone), f.To.End(s.Zone)
	solved, err := s.Store.Solved(ctx, from, until)
	if err != nil {
		return out, fmt.Errorf("signals: solved: %w", err)
	}
	for _, t := range solved {
		if f.Serves(t.SiteID) && (t.SiteID == "" || t.Test == f.Test) {
			out.Solved[max(int64(t.SolvedAt.Sub(t.BeganAt)/time.Second), 0)]++ // money may wait for days, so no longest
		}
	}
	helped, err := s.Store.Helped(ctx, from, until)
	if err != nil {
		return out, fmt.Errorf("signals: helped: %w", err)
	}
	orders := map[string]bool{}
	for _, t := range helped {
		if f.Serves(t.SiteID) && t.Test == f.Test {
			orders[t.Subject] = true
		}
	}
	out.Helped = int64(len(orders))
	owing, err := s.Store.Outstanding(ctx, from, until)
	if err != nil {
		return out, fmt.Errorf("signals: owing: %w", err)
	}
	for _, o := range owing {
		if f.Serves(o.SiteID) && o.Test == f.Test {
			out.Outstanding, out.OutstandingCount = out.Outstanding+o.Amount, out.OutstandingCount+o.N
		}
	}
	out.Reaches, err = s.Reaches(ctx, f)
	return out, err
}

// Reaches reads how the routers of a filter answered on its days, by router.
func (s *Service) Reaches(ctx context.Context, f report.Filter) (map[string]store.Reach, error) {
	all, err := s.Store.Reaches(ctx, f.From.Start(s.Zone), f.To.End(s.Zone))
	if err != nil {
		return nil, fmt.Errorf("signals: reaches: %w", err)
	}
	into := map[string]store.Reach{}
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return nil, err
	}
	sites := map[string]catalog.Router{}
	for _, r := range routers {
		sites[r.ID] = r
	}
	for _, x := range all {
		if r, known := sites[x.RouterID]; known && f.Serves(r.SiteID) {
			into[x.RouterID] = x
		}
	}
	return into, nil
}
