package reports

import (
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/shop/alerts"
	"gerai/internal/store"
)

// Options are what the use cases of reports need.
type Options struct {
	Store *store.Store
	Clock clock.Clock
	Zone  *time.Location
}

// Service holds the use cases of reports.
type Service struct {
	Options
	alerts     *alerts.Service
	dashboards *cache.Memo[string, Dashboard]
	takings    *cache.Memo[string, Takings]
	sums       *cache.Memo[string, Books]
}

// New returns the use cases of reports.
func New(o Options, alerts *alerts.Service) *Service {
	return &Service{Options: o, alerts: alerts,
		dashboards: cache.NewMemo[string, Dashboard](o.Clock, dashboardLife, maxDashboards),
		takings:    cache.NewMemo[string, Takings](o.Clock, dashboardLife, maxDashboards),
		sums:       cache.NewMemo[string, Books](o.Clock, 0, keptDays)}
}

// DropDashboards forgets the dashboards that are kept for a moment.
func (s *Service) DropDashboards() { s.dashboards.Clear(); s.takings.Clear() }
