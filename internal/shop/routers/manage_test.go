package routers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
)

func router(t *testing.T, k *shoptest.Harness, id string) catalog.Router {
	t.Helper()
	r, err := k.Shop.Routers.FindRouter(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mark is what a page sends along with a row of a list.
func mark(m hotspot.Menu, x hotspot.Item) string {
	spec, _ := hotspot.SpecOf(m)
	return spec.Mark(func(column string) string { return spec.Of(x, column) })
}

func TestRouterHistory(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "rounds and samples add up", Test: func(t *testing.T, k *shoptest.Harness) {
			for range 3 {
				if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
					t.Fatal(err)
				}
				k.Clock.Add(15 * time.Second)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			_ = k.Shop.Routers.CheckRouters(ctx) // what it found is in the history
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Clock.Add(store.SlotLength)
			if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
				t.Fatal(err)
			}
			h, err := k.Shop.Routers.History(ctx, "pojok", shoptest.Start)
			if err != nil || len(h.Slots) != 2 || h.Slots[0].Checks != 4 || h.Slots[0].Answers != 3 || !h.Slots[0].Sampled || !h.Slots[1].Sampled || h.Slots[0].Memory == 0 {
				t.Errorf("%+v %v", h.Slots, err)
			}
			if len(h.Outages) != 1 || h.Outages[0].Failure != "router.unreachable" || h.Outages[0].EndedAt.IsZero() {
				t.Errorf("%+v", h.Outages)
			}
			k.Clock.Add(store.KeepSlots + store.SlotLength)
			if err := k.Shop.Clean(ctx); err != nil {
				t.Fatal(err)
			}
			if h, err = k.Shop.Routers.History(ctx, "pojok", shoptest.Start); err != nil || len(h.Slots)+len(h.Outages) != 0 {
				t.Errorf("kept too long: %+v %v", h, err)
			}
		}},
		{Name: "a router that was taken away is left alone and comes back", Test: func(t *testing.T, k *shoptest.Harness) {
			r := router(t, k, "pojok")
			if err := k.Shop.Routers.RemoveRouter(ctx, actor.Named("staff:a"), r, ""); !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
			if err := k.Shop.Routers.RemoveRouter(ctx, actor.Named("staff:a"), r, "pindah"); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
				t.Fatal(err)
			}
			if h, err := k.Shop.Routers.History(ctx, "pojok", shoptest.Start); err != nil || len(h.Slots) != 0 {
				t.Errorf("%+v %v", h, err)
			}
			if err := k.Shop.Routers.RestoreRouter(ctx, actor.Named("staff:a"), "pojok"); err != nil {
				t.Fatal(err)
			}
			router(t, k, "pojok")
		}},
	})
}

// What is known of a list stays when the router goes away, with its age.
func TestListsOutliveTheRouter(t *testing.T) {
	k := shoptest.New(t)
	r := router(t, k, "melati-a")
	for i := range 120 {
		if err := k.Routers["melati-a"].Command("/ip/hotspot/user/add", fmt.Sprintf("=name=u%03d", i), "=password=x"); err != nil {
			t.Fatal(err)
		}
	}
	q := routers.ListQuery{Menu: hotspot.MenuUsers, By: "prefix", Text: "u"}
	var names []string
	for {
		p, err := k.Shop.Routers.ListItems(ctx, r, q)
		if err != nil || p.Err != nil {
			t.Fatal(err, p.Err)
		}
		for _, x := range p.Items {
			names = append(names, x.Values[0])
		}
		if len(names) == 50 { // a row that goes away does not lose the place
			last := p.Items[49]
			if err := k.Shop.Routers.RemoveItem(ctx, actor.Named("staff:a"), routers.Row{Router: r, Menu: hotspot.MenuUsers, ID: last.ID, Was: mark(hotspot.MenuUsers, last)}, "uji", false); err != nil {
				t.Fatal(err)
			}
		}
		if q.After = p.Next; q.After == "" {
			break
		}
	}
	if len(names) != 120 || names[0] != "u000" || names[50] != "u050" || names[119] != "u119" {
		t.Errorf("%d: %v", len(names), names)
	}
	k.Routers["melati-a"].SetFaults(routerossim.Faults{Down: true})
	p, err := k.Shop.Routers.ListItems(ctx, r, routers.ListQuery{Menu: hotspot.MenuUsers, Fresh: true})
	if err != nil || !fault.Is(p.Err, fault.Unavailable) || p.All != 120 || !p.At.Equal(shoptest.Start) {
		t.Errorf("%v %v, %d rows of %s", err, p.Err, p.All, p.At)
	}
	if _, err := k.Shop.Routers.ListItems(ctx, r, routers.ListQuery{Menu: "nothing"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// A failed act is recorded in the audit trail as such.
func TestFailedActsAreOnRecord(t *testing.T) {
	k := shoptest.New(t)
	r := router(t, k, "pojok")
	k.Routers["pojok"].SetFaults(routerossim.Faults{Busy: "not enough permissions (9)", Only: "writes"})
	err := k.Shop.Routers.AddItem(ctx, actor.Named("staff:a"), r, hotspot.MenuBindings, map[string]string{"mac-address": "AA:BB:CC:00:00:01", "type": "bypassed"})
	if !fault.Is(err, fault.Config) {
		t.Fatal(err)
	}
	rows, err := k.Store.AuditOf(ctx, "router:pojok") // the import of the catalogue, the attempt, its failure
	if err != nil || len(rows) != 3 || rows[2].Action != "router.item_add_failed" || !strings.Contains(rows[2].Detail, "router.permission") {
		t.Errorf("%+v %v", rows, err)
	}
}

func TestKicksAreLimited(t *testing.T) {
	k := shoptest.New(t)
	x := routers.Row{Router: router(t, k, "pojok"), ID: "1", Was: "x"}
	var err error
	for range 31 {
		err = k.Shop.Routers.EndSession(ctx, actor.Named("staff:a"), x)
	}
	if !fault.Is(err, fault.Limited) {
		t.Error(err)
	}
}
