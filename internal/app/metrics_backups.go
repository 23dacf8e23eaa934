package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gerai/internal/backup"
	"gerai/internal/shop/backups"
)

// backupGauges says how old the newest backup of each place is and how drills went. It
// says nothing while the database cannot be read, and nothing of what never was.
type backupGauges struct {
	service *backups.Service
	now     func() time.Time

	age, bytes, drillAge, drillOK, drillSeconds, keyAge *prometheus.Desc
	recovering, found                                   *prometheus.Desc
}

func newBackupGauges(s *backups.Service, now func() time.Time) *backupGauges {
	place, kind := []string{"place"}, []string{"kind"}
	return &backupGauges{service: s, now: now,
		age:          prometheus.NewDesc("gerai_backup_age_seconds", "Age of the newest backup at a place.", place, nil),
		bytes:        prometheus.NewDesc("gerai_backup_bytes", "Size of the newest backup at a place.", place, nil),
		drillAge:     prometheus.NewDesc("gerai_restore_drill_age_seconds", "Time since a backup was last restored, from what is packed (drill) or with the private key (by_hand).", kind, nil),
		drillSeconds: prometheus.NewDesc("gerai_restore_drill_seconds", "What restoring and starting a shop took in the last good drill.", kind, nil),
		drillOK:      prometheus.NewDesc("gerai_restore_drill_ok", "1 when the last drill was good, 0 when it failed.", nil, nil),
		recovering:   prometheus.NewDesc("gerai_recovery", "1 while the shop does not know yet all that happened since the backup that it was restored from.", nil, nil),
		found:        prometheus.NewDesc("gerai_recovery_found", "What was found since that backup, by kind and what became of it.", []string{"kind", "state"}, nil),
		keyAge:       prometheus.NewDesc("gerai_backup_key_age_seconds", "Time since the private key was last proven, or since encrypting began.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (g *backupGauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.age, g.bytes, g.drillAge, g.drillOK, g.drillSeconds, g.keyAge, g.recovering, g.found} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (g *backupGauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTime)
	defer cancel()
	g.collectRecovery(ctx, ch)
	if !g.service.Configured() {
		return
	}
	st, err := g.service.State(ctx)
	if err != nil {
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, p := range st.Places {
		if !p.Newest.TakenAt.IsZero() {
			gauge(g.age, p.Age.Seconds(), p.Name)
			gauge(g.bytes, float64(p.Newest.Bytes), p.Name)
		}
	}
	for _, r := range []struct {
		kind string
		at   time.Time
		took time.Duration
	}{{backup.RunDrill, st.LastDrill.StartedAt, st.LastDrill.Drill}, {backup.RunByHand, st.LastByHand.StartedAt, st.LastByHand.Drill}} {
		if !r.at.IsZero() {
			gauge(g.drillAge, max(g.now().Sub(r.at), 0).Seconds(), r.kind)
			gauge(g.drillSeconds, r.took.Seconds(), r.kind)
		}
	}
	if st.DrillKnown {
		ok := 0.0
		if !st.DrillFailed {
			ok = 1
		}
		gauge(g.drillOK, ok)
	}
	if st.Encrypted && !st.KeySince.IsZero() {
		gauge(g.keyAge, max(g.now().Sub(st.KeySince), 0).Seconds())
	}
}

// collectRecovery reports 0, and nothing found, for a shop that was never restored.
func (g *backupGauges) collectRecovery(ctx context.Context, ch chan<- prometheus.Metric) {
	m, err := g.service.LookAtRecovery(ctx)
	if err != nil {
		return
	}
	stands := 0.0
	if m.Stands() {
		stands = 1
	}
	ch <- prometheus.MustNewConstMetric(g.recovering, prometheus.GaugeValue, stands)
	if m.Since.IsZero() {
		return
	}
	sums, err := g.service.Store.RecoverySums(ctx, m.Since)
	if err != nil {
		return
	}
	for _, x := range sums {
		ch <- prometheus.MustNewConstMetric(g.found, prometheus.GaugeValue, float64(x.N), x.Kind, x.State)
	}
}

// backupCount counts runs of backups and drills.
var backupCount = struct {
	runs    *prometheus.CounterVec
	seconds *prometheus.HistogramVec
}{
	runs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_backup_runs_total", Help: "Backups and drills by kind and outcome."}, []string{"kind", "outcome"}),
	seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gerai_backup_seconds", Help: "Time of one backup or drill.",
		Buckets: []float64{.5, 1, 5, 15, 60, 300, 900, 3600, 14400}}, []string{"kind"}),
}

func (a *App) backupDone(r backups.Result, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	backupCount.runs.WithLabelValues(r.Kind, outcome).Inc()
	backupCount.seconds.WithLabelValues(r.Kind).Observe(r.Took.Seconds())
}
