package main

import (
	"errors"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments/xendit"
)

// The simulated gateway of a seeded folder knows the payments that the books have, and no
// others: reconciliation finds none missing on either side.
func TestTheGatewayKnowsTheSeededPayments(t *testing.T) {
	f := seedFlags{orders: 300, days: 4, seed: 5, dir: t.TempDir()}
	if err := seed(t.Context(), f, io.Discard); err != nil {
		t.Fatal(err)
	}
	sim, err := xenditsim.New(xenditsim.Options{StateFile: gatewayFile(f.dir)})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	gateway, err := xendit.New(xendit.Options{Key: "xnd_development_seeded", BaseURL: server.URL, CallbackTokens: []string{"token-of-the-seeded-shop"}, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	tool, err := openSeed(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	defer tool.Close()
	sh := shop.New(shop.Options{Store: tool.Store, Gateway: gateway, Cache: tool.Cache, Clock: clock.System{}, Keys: tool.Config.Keys, Zone: tool.Config.Zone})
	today := report.DayOf(time.Now(), tool.Config.Zone)
	if err := sh.Reconciliation.Run(t.Context(), actor.Named("test"), today.Add(-f.days), today); err != nil {
		t.Fatal(err)
	}
	for d := today.Add(-f.days); d <= today; d = d.Add(1) {
		var again *jobs.Snooze
		for tries := 0; ; tries++ {
			err := sh.Reconciliation.CompareDay(t.Context(), jobs.Job{Kind: jobs.ReconciliationDay, Subject: string(d)})
			if err == nil {
				break
			}
			if !errors.As(err, &again) || again.Err != nil || tries == 20 {
				t.Fatal(d, err)
			}
		}
	}
	seen := map[reconcile.State]int{}
	if err := tool.Store.EachReconciliation(t.Context(), store.ReconciliationFilter{}, func(r store.ReconciliationRow) error {
		if r.Kind == reconcile.PaymentRow {
			seen[r.State]++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	agreed := seen[reconcile.Matched] + seen[reconcile.Settled] + seen[reconcile.Late] + seen[reconcile.Refunded] + seen[reconcile.Undecided]
	if agreed < 200 || seen[reconcile.MissingThere] > 0 || seen[reconcile.MissingHere] > 0 || seen[reconcile.AmountDiffers] > 0 || seen[reconcile.FeeDiffers] > 0 {
		t.Errorf("%v", seen)
	}
}
