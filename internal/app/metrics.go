package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// gauges reads the shop's own numbers when they are asked for.
type gauges struct {
	store *store.Store
	now   func() time.Time
	descs map[string]*prometheus.Desc
	byDay *prometheus.Desc
	up    *prometheus.Desc
}

// countTime bounds what one scrape may ask of the database. The numbers of the
// process are answered whether it answers or not.
const countTime = 3 * time.Second

func newGauges(s *store.Store, now func() time.Time) *gauges {
	g := &gauges{store: s, now: now, descs: map[string]*prometheus.Desc{}}
	for name, help := range map[string]string{
		"unmatched_payments": "Confirmed payments that belong to no order.", "open_alerts": "Open alerts.", "refunds_waiting": "Refunds owed.",
		"jobs_unfinished": "Jobs waiting or running.", "jobs_dead": "Jobs given up.",
		"passes_live": "Grace passes that a router may still hold.",
	} {
		g.descs[name] = prometheus.NewDesc("gerai_"+name, help, nil, nil)
	}
	g.byDay = prometheus.NewDesc("gerai_orders_24h", "Orders of the last 24 hours by status.", []string{"status"}, nil)
	g.up = prometheus.NewDesc("gerai_database_up", "Whether the database answered this scrape; without it the numbers of the shop are missing.", nil, nil)
	return g
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range g.descs {
		ch <- d
	}
	ch <- g.byDay
	ch <- g.up
}

// Collect implements prometheus.Collector.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTime)
	defer cancel()
	n, err := g.store.Numbers(ctx, g.now().Add(-24*time.Hour))
	if err != nil {
		ch <- prometheus.MustNewConstMetric(g.up, prometheus.GaugeValue, 0)
		return
	}
	ch <- prometheus.MustNewConstMetric(g.up, prometheus.GaugeValue, 1)
	for name, v := range map[string]int64{"unmatched_payments": n.UnmatchedPayments, "open_alerts": n.OpenAlerts, "refunds_waiting": n.RefundsWaiting,
		"jobs_unfinished": n.JobsUnfinished, "jobs_dead": n.JobsDead, "passes_live": n.PassesLive} {
		ch <- prometheus.MustNewConstMetric(g.descs[name], prometheus.GaugeValue, float64(v))
	}
	for status, v := range n.Orders {
		ch <- prometheus.MustNewConstMetric(g.byDay, prometheus.GaugeValue, float64(v), status)
	}
}

// counters of work and of the webhook handler.
type counters struct {
	jobs     *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	webhooks *prometheus.CounterVec
}

var count = counters{
	jobs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_jobs_total", Help: "Tries of jobs by kind and outcome."}, []string{"kind", "outcome"}),
	seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gerai_job_seconds", Help: "Time of one try.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"kind"}),
	webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_webhooks_total", Help: "Webhooks by outcome."}, []string{"outcome"}),
}

func (a *App) watch() {
	a.metrics.WatchStreams(a.streams)
	a.metrics.Registry.MustRegister(newGauges(a.Store, a.clock.Now), count.jobs, count.seconds, count.webhooks,
		newRouterGauges(a.Store), newBackupGauges(a.Shop.Backups, a.clock.Now), gateway.calls, gateway.seconds, routerCalls.calls, routerCalls.commands, routerCalls.read, backupCount.runs, backupCount.seconds)
}

func (a *App) jobDone(j jobs.Job, took time.Duration, err error) {
	outcome := "done"
	if _, snoozed := jobs.AsSnooze(err); snoozed {
		outcome = "snoozed"
	} else if err != nil {
		outcome = "failed_" + string(fault.KindOf(err))
	}
	count.jobs.WithLabelValues(string(j.Kind), outcome).Inc()
	count.seconds.WithLabelValues(string(j.Kind)).Observe(took.Seconds())
}
