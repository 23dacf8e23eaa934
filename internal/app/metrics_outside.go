package app

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gerai/internal/fault"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// routerGauges says which routers answer and how much work waits for each. It
// says nothing while the database cannot be read.
type routerGauges struct {
	store       *store.Store
	up, waiting *prometheus.Desc
}

func newRouterGauges(s *store.Store) *routerGauges {
	labels := []string{"router", "site"}
	return &routerGauges{store: s,
		up:      prometheus.NewDesc("gerai_router_up", "1 while the router answers, 0 while it does not.", labels, nil),
		waiting: prometheus.NewDesc("gerai_router_jobs_waiting", "Jobs of a router that wait or run, mass work included.", labels, nil)}
}

// Describe implements prometheus.Collector.
func (g *routerGauges) Describe(ch chan<- *prometheus.Desc) {
	ch <- g.up
	ch <- g.waiting
}

// Collect implements prometheus.Collector.
func (g *routerGauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	routers, err := g.store.RouterStates(ctx)
	if err != nil {
		return
	}
	queues, err := g.store.QueueLengths(ctx)
	if err != nil {
		return
	}
	for _, r := range routers {
		up := 0.0
		if r.Failure == "" && !r.SeenAt.IsZero() {
			up = 1
		}
		waiting := queues[jobs.RouterQueue(r.ID)] + queues[jobs.BulkQueue(r.ID)]
		ch <- prometheus.MustNewConstMetric(g.up, prometheus.GaugeValue, up, r.ID, r.SiteID)
		ch <- prometheus.MustNewConstMetric(g.waiting, prometheus.GaugeValue, float64(waiting), r.ID, r.SiteID)
	}
}

// gateway counts the calls of the payment gateway.
var gateway = struct {
	calls   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
}{
	calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_gateway_calls_total", Help: "Calls of the payment gateway by operation and outcome."}, []string{"op", "outcome"}),
	seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gerai_gateway_call_seconds", Help: "Time of one call of the payment gateway.",
		Buckets: []float64{.025, .05, .1, .25, .5, 1, 1.5, 2.5, 5, 10, 15}}, []string{"op", "outcome"}),
}

func gatewayCalled(op string, took time.Duration, err error) {
	outcome := "ok"
	if err != nil {
		outcome = string(fault.KindOf(err))
	}
	gateway.calls.WithLabelValues(op, outcome).Inc()
	gateway.seconds.WithLabelValues(op, outcome).Observe(took.Seconds())
}

// routerCalls counts what is asked of routers. What a round of observation or of the review
// takes is the rate of its bytes or commands by the rate of its calls.
var routerCalls = struct {
	calls          *prometheus.CounterVec
	commands, read *prometheus.CounterVec
}{
	calls:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_router_calls_total", Help: "Calls of routers by operation and outcome."}, []string{"op", "outcome"}),
	commands: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_router_commands_total", Help: "Commands sent to routers by operation."}, []string{"op"}),
	read:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gerai_router_read_bytes_total", Help: "Bytes that routers answered by operation."}, []string{"op"}),
}

func routerCalled(c routeros.Call) {
	outcome := "ok"
	if c.Err != nil {
		outcome = string(fault.KindOf(c.Err))
	}
	op := strings.ReplaceAll(c.Op, " ", "_")
	routerCalls.calls.WithLabelValues(op, outcome).Inc()
	routerCalls.commands.WithLabelValues(op).Add(float64(c.Commands))
	routerCalls.read.WithLabelValues(op).Add(float64(c.Read))
}
