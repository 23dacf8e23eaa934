package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/backup"
	"gerai/internal/order"
	"gerai/internal/shop/alerts"
	"gerai/internal/store"
)

// Dashboard is what the dashboard shows, for the sites of one person.
type Dashboard struct {
	At                          time.Time // when it was read
	Sales                       []store.Sales
	Open, Activating, Activated int64 // placed in the last two days, and today
	Attention                   int64
	Routers                     []RouterNow
	Stock                       []StockNow // plans whose stock runs out
	Newest                      time.Time
	Median                      time.Duration // from a gateway's message to the order having moved
	AnyWebhook                  bool
	BackupAt                    time.Time // of the newest backup at any place; zero: none
	Alerts                      []alerts.AlertView
	MoreAlerts                  bool  // there are more than these
	Reconciliations             int64 // rows of the reconciliation that need a person, of all sites
}

// dashboardLife is how long one reading of the dashboard is served from memory.
const dashboardLife = 5 * time.Second

// maxDashboards bounds for how many sets of sites and kinds a reading is kept.
const maxDashboards = 64

// Dashboard reads the dashboard of some sites, none meaning all, with alerts of the
// given kinds, at most dashboardLife old. However many people look, the database is
// asked once in that time for each scope.
func (s *Service) Dashboard(ctx context.Context, sites, kinds []string) (Dashboard, error) {
	sites, kinds = slices.Sorted(slices.Values(sites)), slices.Sorted(slices.Values(kinds))
	key := strings.Join(sites, ",") + " " + strings.Join(kinds, ",")
	t, err := s.dashboards.Get(ctx, key, func(ctx context.Context) (Dashboard, error) { return s.readDashboard(ctx, sites, kinds) })
	if err != nil {
		return t, fmt.Errorf("read the dashboard: %w", err)
	}
	return t, nil
}

func (s *Service) readDashboard(ctx context.Context, sites, kinds []string) (Dashboard, error) {
	now := s.Clock.Now()
	local := now.In(s.Zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, s.Zone)
	t := Dashboard{At: now}
	var err error
	if t.Sales, err = s.Store.SalesBetween(ctx, midnight, midnight.AddDate(0, 0, 1), sites); err != nil {
		return t, err
	}
	recent := midnight.AddDate(0, 0, -2)
	for _, c := range []struct {
		status order.Status
		since  time.Time
		into   *int64
	}{{order.Pending, recent, &t.Open}, {order.Paid, recent.AddDate(0, 0, -28), &t.Activating}, {order.Activated, midnight, &t.Activated}, {"", recent.AddDate(0, 0, -28), &t.Attention}} {
		if *c.into, err = s.Store.CountOrders(ctx, c.status, c.since, sites); err != nil {
			return t, err
		}
	}
	if t.Newest, t.Median, t.AnyWebhook, err = s.Store.WebhookPulse(ctx, now); err != nil {
		return t, err
	}
	if t.BackupAt, err = s.newestBackup(ctx, now); err != nil {
		return t, err
	}
	if t.Routers, err = s.routersNow(ctx, now, sites); err != nil {
		return t, err
	}
	if t.Stock, err = s.stockNow(ctx, sites); err != nil {
		return t, err
	}
	if t.Reconciliations, _, err = s.Store.OpenReconciliations(ctx, now.Add(time.Minute)); err != nil {
		return t, err
	}
	t.Alerts, err = s.alerts.Alerts(ctx, store.AlertFilter{Sites: sites, Kinds: kinds, Limit: mostAlerts + 1})
	if t.MoreAlerts = len(t.Alerts) > mostAlerts; t.MoreAlerts {
		t.Alerts = t.Alerts[:mostAlerts]
	}
	return t, err
}

func (s *Service) newestBackup(ctx context.Context, now time.Time) (time.Time, error) {
	noted, err := s.Store.BackupFiles(ctx)
	if err != nil {
		return time.Time{}, err
	}
	files := make([]backup.File, 0, len(noted))
	for _, f := range noted {
		files = append(files, f.File)
	}
	newest, _ := backup.Newest(files, now)
	return newest.TakenAt, nil
}

// mostAlerts is how many alerts the dashboard lists.
const mostAlerts = 50
