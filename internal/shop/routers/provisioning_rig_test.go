package routers_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/shop"
	"gerai/internal/shop/routers"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
)

var ctx = context.Background()

// rig is a shop whose only router has never been set up.
type rig struct {
	*shoptest.Harness
	sim    *routerossim.Router
	driver *hook
}

// hook lets a test strike between two steps. Everything is done by the real
// driver.
type hook struct {
	*routeros.Driver
	before func(i int, st hotspot.Step) // may panic, as a power cut would
	after  func(i int, st hotspot.Step)
	n      int
}

func (h *hook) ApplyStep(ctx context.Context, r hotspot.Router, st hotspot.Step) error {
	i := h.n
	h.n++
	if h.before != nil {
		h.before(i, st)
	}
	err := h.Driver.ApplyStep(ctx, r, st)
	if h.after != nil {
		h.after(i, st)
	}
	return err
}

// board says how a test's router differs.
type board struct {
	version string
	dir     string // html-directory on the router, default hotspot
	files   string // folder of the stock pages, default dir
	catalog func(*catalog.Catalogue)
	base    string // the shop's URL
	options routerossim.Options
}

var stockPages = []string{"login.html", "rlogin.html", "alogin.html", "status.html", "logout.html", "error.html", "errors.txt", "md5.js"}

func newRig(t *testing.T, b board) *rig {
	t.Helper()
	o := b.options
	o.Name, o.User, o.Password, o.Version, o.Addr, o.TLSAddr = "pojok", "admin", "rahasia", b.version, "127.0.0.1:0", "127.0.0.1:0"
	o.Now = func() time.Time { return shoptest.Start }
	sim, err := routerossim.New(o)
	if err == nil {
		err = sim.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	g := &rig{sim: sim, driver: &hook{}}
	selling := shoptest.Selling(func(c *catalog.Catalogue) {
		c.Routers[0].Address, c.Routers[0].User, c.Routers[0].Password = sim.Addr(), "admin", "rahasia"
		c.Sites[0].Portal.Pass = catalog.DefaultPass
		c.Sites[0].Portal.Pass.On = true
		if b.catalog != nil {
			b.catalog(c)
		}
	})
	g.Harness = shoptest.New(t, selling, shoptest.With(func(o *shop.Options) {
		// Nothing here hangs, so patience costs nothing and a busy machine breaks nothing.
		g.driver.Driver = routeros.New(routeros.Options{Clock: o.Clock, CallTimeout: 20 * time.Second, OpTimeout: time.Minute, BreakFor: time.Millisecond, LoginPause: time.Millisecond})
		o.Hotspot, o.BaseURL = g.driver, or(b.base, "https://voucher.example.net")
	}))
	t.Cleanup(func() { _ = g.driver.Close() }) // never fails
	_, port, err := net.SplitHostPort(sim.TLSAddr())
	if err != nil {
		t.Fatal(err)
	}
	g.api("/ip/service/set", "=.id=api-ssl", "=certificate=none", "=tls-version=any", "=port="+port)
	g.api("/certificate/remove", "=.id=api-ssl")
	if b.dir != "" {
		g.api("/ip/hotspot/profile/set", "=.id=hsprof1", "=html-directory="+b.dir)
	}
	dir := or(b.files, or(b.dir, "hotspot"))
	for _, name := range stockPages {
		sim.PutFile(dir+"/"+name, "<!-- stock "+name+" -->")
	}
	return g
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// api is an operator's hand on the router.
func (g *rig) api(words ...string) {
	g.Helper()
	if err := g.sim.Command(words...); err != nil {
		g.Fatal(words, err)
	}
}

// provisioningMenus is every menu with rows that last.
var provisioningMenus = strings.Fields(`certificate file interface ip/address ip/dhcp-server ip/dhcp-server/network ip/dhcp-server/option ip/firewall/address-list ip/hotspot
	ip/hotspot/active ip/hotspot/cookie ip/hotspot/host ip/hotspot/ip-binding ip/hotspot/profile ip/hotspot/user ip/hotspot/user/profile ip/hotspot/walled-garden
	ip/hotspot/walled-garden/ip ip/pool ip/service ppp/profile ppp/secret queue/simple radius radius/incoming system/clock system/identity system/logging
	system/logging/action system/scheduler system/script tool/netwatch user user/group`)

// photo is the whole router, but for what a login alone changes.
func (g *rig) photo() map[string]string {
	out := map[string]string{}
	for _, menu := range provisioningMenus {
		for i, row := range g.sim.Rows(menu) {
			if menu == "system/clock" {
				continue
			}
			delete(row, "last-logged-in")
			key := menu + " " + row[".id"]
			if row[".id"] == "" {
				key = fmt.Sprint(menu, i)
			}
			var fields []string
			for _, name := range slices.Sorted(maps.Keys(row)) {
				fields = append(fields, name+"="+row[name])
			}
			out[key] = strings.Join(fields, " ")
		}
	}
	return out
}

func (g *rig) same(before map[string]string) {
	g.Helper()
	now := g.photo()
	for key, was := range before {
		if now[key] != was {
			g.Errorf("%s\n was %s\n  is %s", key, was, now[key])
		}
	}
	for key, is := range now {
		if _, known := before[key]; !known {
			g.Errorf("%s is new: %s", key, is)
		}
	}
}

func (g *rig) plan(o routers.ProvisioningOptions) routers.ProvisioningProposal {
	g.Helper()
	g.driver.n = 0
	p, err := g.Shop.Routers.PlanProvisioning(g.Context(), "pojok", o)
	if err != nil {
		g.Fatal(err)
	}
	return p
}

func (g *rig) setUp() routers.ProvisioningProposal {
	g.Helper()
	p := g.plan(routers.ProvisioningOptions{})
	if result, err := g.Shop.Routers.Provision(g.Context(), actor.Named("test"), p); err != nil || len(result.RolledBack) > 0 {
		g.Fatal(result, err)
	}
	return p
}

func (g *rig) rollBack(o routers.ProvisioningOptions) (routers.ProvisioningResult, error) {
	g.Helper()
	p, err := g.Shop.Routers.PlanRollback(g.Context(), "pojok", o)
	if err != nil {
		g.Fatal(err)
	}
	return g.Shop.Routers.Rollback(g.Context(), actor.Named("test"), p)
}

// die runs fn as a process that loses its power where the hook panics.
func die(fn func()) (died bool) {
	defer func() {
		if r := recover(); r != nil {
			if err, ok := r.(error); !ok || !errors.Is(err, errPower) {
				panic(r)
			}
			died = true
		}
	}()
	fn()
	return false
}

var errPower = errors.New("the power is gone")
