package routers_test

import (
	"context"
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
)

// The answer of each step's order gets lost after the router did it.
func TestKitAnswerLostAtEachStep(t *testing.T) {
	t.Parallel()
	g := newRig(t, board{version: "7.16"})
	before := g.photo()
	steps := g.plan(routers.ProvisioningOptions{}).Steps
	for _, lostAt := range turns(steps) {
		g.driver.before = func(i int, _ hotspot.Step) {
			if i == lostAt {
				g.sim.SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 1})
			}
		}
		struck := g.sim.CommandLog().Faults
		g.setUp()
		if steps[lostAt].Kind != hotspot.StepAccess && g.sim.CommandLog().Faults == struck {
			t.Fatalf("step %d: nothing was lost", lostAt)
		}
		if p := g.plan(routers.ProvisioningOptions{}); len(p.Steps) > 0 {
			t.Fatalf("step %d: %+v is left", lostAt, p.Steps)
		}
		g.driver.before = nil
		g.sim.SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 1})
		if result, err := g.rollBack(routers.ProvisioningOptions{}); err != nil || len(result.Left) > 0 {
			t.Fatalf("step %d: %+v %v", lostAt, result.Left, err)
		}
		g.same(before)
	}
}

// Each step in turn fails, for each reason: the router is as it was, and the
// reason is said.
func TestKitFailsAtEachStep(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]struct {
		faults routerossim.Faults
		code   string
		steps  func([]hotspot.Step) []int
	}{
		"permission":  {routerossim.Faults{Busy: "not enough permissions (9)", Only: "writes", Count: 1}, "router.permission", turns},
		"device-mode": {routerossim.Faults{Busy: "failure: not allowed by device-mode", Only: "writes", Count: 1}, "router.device_mode", ends},
		"too long":    {routerossim.Faults{Busy: "failure: contents too long", Only: "writes", Count: 1}, "router.contents_too_long", ends},
		"never done":  {routerossim.Faults{DropBefore: true, Only: "writes", Count: 2}, "router.unreachable", ends},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, board{version: "7.22"})
			before := g.photo()
			p := g.plan(routers.ProvisioningOptions{})
			for _, failAt := range trouble.steps(p.Steps) {
				st := p.Steps[failAt]
				if st.Kind == hotspot.StepAccess {
					continue
				}
				g.driver.n = 0
				g.driver.before = func(i int, _ hotspot.Step) {
					if i == failAt {
						g.sim.SetFaults(trouble.faults)
					}
				}
				result, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), g.plan(routers.ProvisioningOptions{}))
				if fault.CodeOf(err) != trouble.code || len(result.Left) > 0 || result.Failed == nil || result.Failed.Item != st.Item {
					t.Fatalf("at %s %s: %+v %v", st.Kind, st.Item, result, err)
				}
				g.same(before)
				g.sim.SetFaults(routerossim.Faults{})
			}
			g.driver.before = nil
			g.setUp()
		})
	}
}

// The router goes away in the middle and stays away: setup says what is left, refuses to
// go on, and a later rollback completes.
func TestKitRouterGoesAway(t *testing.T) {
	g := newRig(t, board{version: "7.16"})
	before := g.photo()
	p := g.plan(routers.ProvisioningOptions{})
	g.driver.after = func(i int, _ hotspot.Step) {
		if i == 5 {
			g.sim.SetFaults(routerossim.Faults{Down: true})
		}
	}
	result, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), p)
	if fault.CodeOf(err) != "router.unreachable" || len(result.Left) != 7 {
		t.Fatalf("%+v %v", result, err)
	}
	g.driver.after = nil
	if _, err := g.Shop.Routers.PlanProvisioning(t.Context(), "pojok", routers.ProvisioningOptions{}); fault.CodeOf(err) != "router.kit_unfinished" {
		t.Fatal(err)
	}
	if _, err := g.rollBack(routers.ProvisioningOptions{}); fault.CodeOf(err) != "router.unreachable" {
		t.Fatal(err)
	}
	g.sim.SetFaults(routerossim.Faults{})
	if result, err := g.rollBack(routers.ProvisioningOptions{}); err != nil || len(result.Left) > 0 {
		t.Fatalf("%+v %v", result.Left, err)
	}
	g.same(before)
	g.setUp()
}

// The process dies before or after each step; what it left can be taken back.
func TestKitDiesAtEachStep(t *testing.T) {
	t.Parallel()
	g := newRig(t, board{version: "7.22"})
	before := g.photo()
	steps := g.plan(routers.ProvisioningOptions{}).Steps
	for _, dieAt := range turns(steps[:len(steps)-1]) {
		for _, late := range []bool{false, true} {
			cut := func(i int, _ hotspot.Step) {
				if i == dieAt {
					panic(errPower)
				}
			}
			p := g.plan(routers.ProvisioningOptions{})
			if g.driver.before = cut; late {
				g.driver.before, g.driver.after = nil, cut
			}
			if !die(func() { _, _ = g.Shop.Routers.Provision(t.Context(), actor.Named("test"), p) }) {
				t.Fatal("it did not die")
			}
			g.driver.before, g.driver.after = nil, nil
			if _, err := g.Shop.Routers.PlanProvisioning(t.Context(), "pojok", routers.ProvisioningOptions{}); fault.CodeOf(err) != "router.kit_unfinished" {
				t.Fatal(err)
			}
			if result, err := g.rollBack(routers.ProvisioningOptions{}); err != nil || len(result.Left) > 0 {
				t.Fatalf("step %d: %+v %v", dieAt, result, err)
			}
			g.same(before)
		}
	}
}

// An unreachable api-ssl, as behind a firewall, is found out before the shop depends on
// it.
func TestKitProvesTheNewWayIn(t *testing.T) {
	g := newRig(t, board{version: "7.16"})
	before := g.photo()
	result, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), g.plan(routers.ProvisioningOptions{TLSAddress: "127.0.0.1:1"}))
	if fault.CodeOf(err) != "router.unreachable" || len(result.Left) > 0 || result.Failed.Kind != hotspot.StepAccess {
		t.Fatalf("%+v %v", result, err)
	}
	g.same(before)
	for _, wrong := range []string{"nowhere", "host:port", ":8729", "a:99999"} {
		if _, err := g.Shop.Routers.PlanProvisioning(t.Context(), "pojok", routers.ProvisioningOptions{TLSAddress: wrong}); fault.CodeOf(err) != "router.kit_address" {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// Ctrl-C in the middle is a failure like any other.
func TestKitCancelled(t *testing.T) {
	g := newRig(t, board{version: "7.16"})
	before := g.photo()
	p := g.plan(routers.ProvisioningOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	g.driver.after = func(i int, _ hotspot.Step) {
		if i == 4 {
			cancel()
		}
	}
	result, err := g.Shop.Routers.Provision(ctx, actor.Named("test"), p)
	if err == nil || len(result.Left) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	g.same(before)
}

// What stands in the way is said before anything is changed.
func TestKitBlocked(t *testing.T) {
	long := strings.Repeat("<!-- long -->", 400)
	for name, c := range map[string]struct {
		board board
		spoil func(g *rig)
		want  string
	}{
		"no add before 7.9": {board{version: "6.49"}, func(g *rig) { g.api("/file/remove", "=.id=hotspot/alogin.html") }, "no_file_add"},
		"unreadable page":   {board{version: "6.49"}, func(g *rig) { g.sim.PutFile("hotspot/login.html", long) }, "page_unreadable"},
		"too long": {board{version: "6.49", catalog: func(c *catalog.Catalogue) {
			c.Brand.Licence = strings.Repeat("Dijual kembali atas nama PT Contoh. ", 30)
		}}, func(*rig) {},
			"page_too_long"},
		"memory":       {board{version: "7.16", dir: "hotspot"}, func(g *rig) { g.sim.PutFile("flash/skins/x", "") }, "outside_flash"},
		"no pages":     {board{version: "7.16"}, func(g *rig) { g.api("/ip/hotspot/profile/set", "=.id=hsprof1", "=html-directory=none") }, "no_directory"},
		"no server":    {board{version: "7.16"}, func(g *rig) { g.api("/ip/hotspot/disable", "=.id=hotspot1") }, "server_missing"},
		"device-mode":  {board{version: "7.22"}, func(g *rig) { g.sim.SetFaults(routerossim.Faults{NoDeviceMode: true}) }, "device_mode"},
		"other server": {board{version: "7.16", catalog: func(c *catalog.Catalogue) { c.Routers[0].Server = "lain" }}, func(*rig) {}, "server_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, c.board)
			c.spoil(g)
			before := g.photo()
			p := g.plan(routers.ProvisioningOptions{})
			found := false
			for _, f := range p.Blocked {
				found = found || f.ID == c.want
			}
			if !found {
				t.Errorf("%+v", p.Blocked)
			}
			if _, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), p); fault.CodeOf(err) != "router.kit_blocked" {
				t.Error(err)
			}
			g.same(before)
			if bare := g.plan(routers.ProvisioningOptions{Bare: true}); strings.HasPrefix(c.want, "page") && len(bare.Blocked) > 0 {
				t.Errorf("without pages: %+v", bare.Blocked)
			}
		})
	}
}

// The router changes between the plan and the confirmation.
func TestKitPlanGoesStale(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	p := g.plan(routers.ProvisioningOptions{})
	g.api("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=cookie,http-chap,mac-cookie")
	before := g.photo()
	result, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), p)
	if fault.CodeOf(err) != "router.kit_changed" || len(result.Left) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	g.same(before)
}

// Plans are sealed, stay readable when keys rotate, and two never run at once.
func TestKitsAreSealed(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	p := g.setUp()
	kits, err := g.Store.Provisionings(t.Context(), "pojok")
	if err != nil || len(kits) != 1 || kits[0].State != store.ProvisioningApplied || len(kits[0].Steps) != len(p.Steps) || !strings.Contains(kits[0].Plan, "rahasia") {
		t.Fatalf("%+v %v", kits, err)
	}
	insert := func(id string) error {
		return g.Store.InTx(t.Context(), actor.Named("test"), func(tx *store.Tx) error {
			return tx.InsertProvisioning(t.Context(), store.Provisioning{ID: id, RouterID: "pojok", Plan: "{}"})
		})
	}
	if err := insert("k1"); err != nil {
		t.Fatal(err)
	}
	if err := insert("k2"); fault.CodeOf(err) != "router.kit_unfinished" {
		t.Error(err)
	}
	if n, err := g.Store.RotateKeys(t.Context(), actor.Named("test")); err != nil || n.Sealed.Total() != 0 {
		t.Error(n, err)
	}
}

// No two setups of one router at once.
func TestKitTwoAtOnce(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	first, second := g.plan(routers.ProvisioningOptions{}), g.plan(routers.ProvisioningOptions{})
	g.driver.before = func(i int, _ hotspot.Step) {
		if i != 3 {
			return
		}
		if _, err := g.Shop.Routers.Provision(t.Context(), actor.Named("other"), second); fault.CodeOf(err) != "router.kit_unfinished" {
			t.Error(err)
		}
	}
	if _, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), first); err != nil {
		t.Fatal(err)
	}
}

// turns are the first and the last step of each kind: ten pages are not ten
// stories.
func turns(steps []hotspot.Step) (out []int) {
	for i, st := range steps {
		if i == 0 || i == len(steps)-1 || steps[i-1].Kind != st.Kind || steps[i+1].Kind != st.Kind {
			out = append(out, i)
		}
	}
	return out
}

// ends are the first step, one in the middle and the last on the router.
func ends(steps []hotspot.Step) []int { return []int{0, len(steps) / 2, len(steps) - 2} }

// audit returns the findings by id.
func (g *rig) audit(o routers.ProvisioningOptions) map[string]hotspot.Finding {
	g.Helper()
	list, err := g.Shop.Routers.CheckProvisioning(g.Context(), "pojok", o)
	if err != nil {
		g.Fatal(err)
	}
	out := map[string]hotspot.Finding{}
	for _, f := range list {
		out[f.ID] = f
	}
	return out
}
