package reports

import (
	"time"

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
	alerts         *alerts.Service
	dashboardCache dashboardCache
	sums           sums
}

// New returns the use cases of reports.
func New(o Options, alerts *alerts.Service) *Service {
	return &Service{Options: o, alerts: alerts}
}

// DropDashboards forgets the dashboards that are kept for a moment.
func (s *Service) DropDashboards() { s.dashboardCache.drop() }
