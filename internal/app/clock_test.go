package app_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/hotspot"
	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

// opened is the program, migrated, with its tasks running until the test ends.
func opened(t *testing.T, c config.Config) *app.App {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.Open(ctx, c, slog.New(slog.DiscardHandler))
	if err == nil {
		_, err = a.Migrate(ctx)
	}
	if err == nil {
		err = a.Listen()
	}
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// The program as it is wired hears the gateway and the routers.
func TestClockIsConfirmedFromOutside(t *testing.T) {
	told := func(a *app.App, want clock.Verdict) {
		t.Helper()
		testenv.Eventually(t, 30*time.Second, func() (bool, string) {
			got := a.Verifier.Verdict()
			return got.State == want.State && got.Source == want.Source, "the sources are not heard: " + got.Source
		})
	}
	c := settings(t)
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-7*time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusNotFound)
	}))
	defer wrong.Close()
	c.XenditURL = wrong.URL
	a := opened(t, c)
	told(a, clock.Verdict{State: clock.Disagreed, Source: clock.SourceGateway})
	testenv.Eventually(t, 20*time.Second, func() (bool, string) {
		open, err := a.Store.OpenAlerts(context.Background())
		return err == nil && len(open) == 1 && open[0].Kind == "clock_wrong", "no alert"
	})

	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	c = settings(t)
	c.XenditURL = "http://" + closed.Addr().String()
	sim, err := routerossim.New(routerossim.Options{Name: "satu", User: "gerai", Password: "rahasia", Addr: "127.0.0.1:0"})
	if err == nil {
		err = sim.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	a = opened(t, c)
	err = a.Shop.Catalogue.ApplyCatalogue(context.Background(), actor.Named("test"), catalog.Catalogue{Brand: catalog.DefaultBrand,
		Sites:   []catalog.Site{{ID: "kopi", Slug: "kopi", Name: "Kopi", Timezone: "Asia/Jakarta"}},
		Routers: []catalog.Router{{SiteID: "kopi", Router: hotspot.Router{ID: "satu", Name: "satu", Address: sim.Addr(), User: "gerai", Password: "rahasia"}}}})
	if err != nil {
		t.Fatal(err)
	}
	told(a, clock.Verdict{State: clock.Agreed, Source: "router:satu"})
}
