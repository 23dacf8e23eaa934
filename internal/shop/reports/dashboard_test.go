package reports_test

import (
	"path/filepath"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// A board is of one scope: what another person may see does not come out of
// what was read for the first.
func TestTheBoardKeepsScopesApart(t *testing.T) {
	k := shoptest.New(t)
	k.OpenAlert("router_down", "melati-a", "x")
	k.OpenAlert("stock_low", "sehari", "x")
	k.OpenAlert("job_dead", "job", "event.process nothing")
	for name, c := range map[string]struct {
		sites, kinds []string
		want         int
	}{"all": {nil, alerts.AlertKinds(), 3}, "kos": {[]string{"kos"}, alerts.AlertKinds(), 1}, "kopi": {[]string{"kopi"}, alerts.AlertKinds(), 1}, "stock only": {nil, []string{"stock_low"}, 1},
		"kos, stock only": {[]string{"kos"}, []string{"stock_low"}, 0}, "nothing": {nil, nil, 0}} {
		for range 2 {
			if board, err := k.Shop.Reports.Dashboard(ctx, c.sites, c.kinds); err != nil || len(board.Alerts) != c.want {
				t.Errorf("%s: %d %v, want %d", name, len(board.Alerts), err, c.want)
			}
		}
	}
}

func TestToday(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "sales, routers and what does not add up", Test: today}})
}

func today(t *testing.T, k *shoptest.Harness) {
	siti := k.OnShift("siti")
	_, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
	k.Must(err)
	o := k.BuyOne()
	k.Pay(o)
	k.RunAll()
	first, err := k.Shop.Reports.Dashboard(ctx, []string{"kos", "kopi"}, nil)
	k.Must(err)
	if len(first.Sales) != 2 || first.Sales[0].Channel != order.OverCounter || first.Sales[0].Amount != 5000 || first.Activated != 2 || len(first.Routers) != 3 || !first.AnyWebhook || !first.BackupAt.IsZero() {
		t.Fatalf("%+v", first)
	}
	if other, err := k.Shop.Reports.Dashboard(ctx, []string{"kos"}, nil); err != nil || len(other.Sales) != 0 || other.Activated != 0 || len(other.Routers) != 2 {
		t.Fatalf("another site's numbers: %+v %v", other, err)
	}
	if odd, err := k.Store.Differences(ctx, shoptest.Start.Add(-time.Hour)); err != nil || len(odd) != 0 {
		t.Fatal(odd, err)
	}
	f := k.RequestRefund(o, siti, 2000)
	k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
	k.RunAll()
	k.Advance(10 * time.Second)
	if odd, err := k.Store.Differences(ctx, shoptest.Start.Add(-time.Hour)); err != nil || len(odd) != 1 || odd[0].Code != o.Code || odd[0].Given != 2000 {
		t.Fatal(odd, err)
	}
}

// A second look at the dashboard costs no statement: a database that is gone
// cannot have been asked.
func TestTheBoardIsReadOnceForEverybody(t *testing.T) {
	now := clock.NewFixed(shoptest.Start)
	db, err := store.Open(ctx, store.Options{Database: "sqlite:" + filepath.Join(t.TempDir(), "gerai.db"), Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Migrate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := shop.New(shop.Options{Store: db, Clock: now, Zone: time.UTC})
	first, err := s.Reports.Dashboard(ctx, []string{"kos", "kopi"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	now.Add(4 * time.Second)
	for range 3 {
		if again, err := s.Reports.Dashboard(ctx, []string{"kopi", "kos"}, nil); err != nil || !again.At.Equal(first.At) {
			t.Fatal("the database was asked again", err)
		}
	}
	now.Add(2 * time.Second)
	if _, err := s.Reports.Dashboard(ctx, []string{"kopi", "kos"}, nil); err == nil {
		t.Fatal("an old board is shown for ever")
	}
}
