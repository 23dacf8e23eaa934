package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// A router's gauges say whether it answers and how much work waits for it.
func TestRouterGauges(t *testing.T) {
	k := shoptest.New(t)
	k.CheckRoutersUntilUp()
	err := k.Store.InTx(context.Background(), actor.Named("test"), func(tx *store.Tx) error {
		if err := tx.SetRouterState(context.Background(), "melati-a", time.Time{}, "router.down"); err != nil {
			return err
		}
		for _, queue := range []string{jobs.RouterQueue("pojok"), jobs.BulkQueue("pojok")} {
			if err := tx.Enqueue(context.Background(), jobs.New{Kind: jobs.OrderActivate, Queue: queue, Subject: queue, DueAt: tx.Now().Add(time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g := newRouterGauges(k.Store)
	want := []string{"gerai_router_jobs_waiting melati-a kos 0", "gerai_router_jobs_waiting melati-b kos 0", "gerai_router_jobs_waiting pojok kopi 2",
		"gerai_router_up melati-a kos 0", "gerai_router_up melati-b kos 1", "gerai_router_up pojok kopi 1"}
	if got := gathered(t, g); !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

// gathered are the gauges of a collector, a line each.
func gathered(t *testing.T, c prometheus.Collector) (out []string) {
	t.Helper()
	r := prometheus.NewRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			line := f.GetName()
			for _, l := range m.GetLabel() {
				line += " " + l.GetValue()
			}
			out = append(out, fmt.Sprint(line, " ", m.GetGauge().GetValue()))
		}
	}
	return out
}

// Calls of the gateway are counted by operation and outcome.
func TestGatewayCallsAreCounted(t *testing.T) {
	r := prometheus.NewRegistry()
	r.MustRegister(gateway.calls)
	calls := func() map[string]float64 {
		families, err := r.Gather()
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]float64{}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				out[m.GetLabel()[0].GetValue()+" "+m.GetLabel()[1].GetValue()] = m.GetCounter().GetValue()
			}
		}
		return out
	}
	before := calls()
	gatewayCalled("create", time.Millisecond, nil)
	gatewayCalled("create", time.Second, fault.New(fault.Unavailable, "gateway.busy"))
	after := calls()
	for _, outcome := range []string{"create ok", "create " + string(fault.Unavailable)} {
		if after[outcome] != before[outcome]+1 {
			t.Errorf("%s: %v", outcome, after[outcome])
		}
	}
}
