package store_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
)

func TestRouterHistory(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		check := func(answered bool, latency time.Duration) {
			f.Write(func(tx *store.Tx) error {
				return tx.NoteChecks(ctx, []store.RouterCheck{{RouterID: "r1", Answered: answered, Latency: latency}})
			})
		}
		check(true, 40*time.Millisecond)
		check(true, 20*time.Millisecond)
		check(false, 0)
		busy := hotspot.Sample{CPU: 7, Memory: 40, Active: 12, Rate: hotspot.Rate{Rx: 5e9, Tx: 3}}
		f.Write(func(tx *store.Tx) error { return tx.NoteSample(ctx, "r1", hotspot.Sample{}) })
		f.Write(func(tx *store.Tx) error { return tx.NoteSample(ctx, "r1", busy) })
		f.Clock.Add(store.SlotLength)
		check(true, time.Millisecond)
		got, err := f.Slots(ctx, "r1", storetest.Start)
		if err != nil || len(got) != 2 || got[0].Checks != 3 || got[0].Answers != 2 || got[0].LatencySum != 60*time.Millisecond || got[0].LatencyMax != 40*time.Millisecond || got[0].Sample != busy || !got[0].Sampled || got[1].Sampled {
			t.Errorf("%+v %v", got, err)
		}
		if got, err = f.Slots(ctx, "r1", f.Clock.Now()); err != nil || len(got) != 1 {
			t.Errorf("%+v %v", got, err)
		}
		f.Clock.Add(store.KeepSlots)
		var n int64
		f.Write(func(tx *store.Tx) (err error) { n, err = tx.CleanSlots(ctx); return err })
		if got, err = f.Slots(ctx, "r1", storetest.Start); err != nil || len(got) != 1 || n != 1 {
			t.Errorf("%d forgotten, left %+v %v", n, got, err)
		}
	})
}

func TestOutages(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		state := func(seen time.Time, failure string) {
			f.Write(func(tx *store.Tx) error { return tx.SetRouterState(ctx, "r1", seen, failure) })
			f.Clock.Add(time.Minute)
		}
		state(f.Clock.Now(), "")
		state(time.Time{}, "router.unreachable")
		state(time.Time{}, "router.login_rejected")
		state(f.Clock.Now(), "")
		state(time.Time{}, "router.unreachable")
		got, err := f.Outages(ctx, "r1", 9)
		begin := storetest.Start
		want := []store.Outage{{BeganAt: begin.Add(4 * time.Minute), Failure: "router.unreachable"}, {BeganAt: begin.Add(2 * time.Minute), EndedAt: begin.Add(3 * time.Minute), Failure: "router.login_rejected"},
			{BeganAt: begin.Add(time.Minute), EndedAt: begin.Add(2 * time.Minute), Failure: "router.unreachable"}}
		if err != nil || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestRoutersComeAndGo(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		r := catalog.Router{SiteID: "s1", Router: hotspot.Router{ID: "r2", Name: "dua", Address: "10.0.0.2:8728", User: "gerai", Password: "rahasia"}}
		f.Write(func(tx *store.Tx) error { return tx.PutRouter(ctx, r) })
		r.Password, r.Priority = "", 7
		f.Write(func(tx *store.Tx) error { return tx.PutRouter(ctx, r) })
		if got, err := f.Router(ctx, "r2"); err != nil || got.Password != "rahasia" || got.Priority != 7 {
			t.Errorf("%v %v", got.Priority, err)
		}
		r.Name = "satu"
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.PutRouter(ctx, r) }); !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "router.name_used" {
			t.Error(err)
		}
		gone := func(when time.Time) error {
			return f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SetRouterDeleted(ctx, "r2", when) })
		}
		f.Must(gone(f.Clock.Now()))
		if err := gone(f.Clock.Now()); !fault.Is(err, fault.NotFound) {
			t.Error("twice:", err)
		}
		listed, err := f.Routers(ctx)
		selling, sellErr := f.RoutersOf(ctx, "s1")
		kept, keptErr := f.Router(ctx, "r2")
		away, awayErr := f.GoneRouters(ctx, storetest.Start)
		if err != nil || sellErr != nil || keptErr != nil || awayErr != nil || len(listed) != 1 || len(selling) != 1 || !kept.Disabled || len(away) != 1 || away[0].Name != "dua" {
			t.Errorf("%d %d %v %v", len(listed), len(selling), kept.Disabled, away)
		}
		f.Must(gone(time.Time{}))
		if kept, err = f.Router(ctx, "r2"); err != nil || kept.Disabled {
			t.Error("not back as it was", err)
		}
		f.Write(func(tx *store.Tx) error { return tx.SetFailover(ctx, "s1", false, 0) })
		if s, err := f.Site(ctx, "s1"); err != nil || s.Failover {
			t.Error(err)
		}
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SetFailover(ctx, "nowhere", true, 0) }); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

func TestSales(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Order()
		f.Write(func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) })
		f.Write(func(tx *store.Tx) error {
			_, err := tx.InsertVoucher(ctx, store.Voucher{ID: "v1", OrderID: o.ID, SiteID: "s1", PlanID: "p1", RouterID: "r1", Username: o.Username, State: voucher.Sold, SoldAt: f.Clock.Now()}, time.Time{})
			return err
		})
		got, err := f.Sales(ctx, []string{o.Username, "nobody", "\x00"})
		if err != nil || len(got) != 1 || got[o.Username].Code != o.Code || got[o.Username].State != voucher.Sold {
			t.Errorf("%+v %v", got, err)
		}
		if n, err := f.VouchersAlive(ctx, "r1"); err != nil || n != 1 {
			t.Error(n, err)
		}
	})
}
