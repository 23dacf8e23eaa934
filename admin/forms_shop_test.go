package admin

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/shop"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/routers"
	"gerai/internal/shop/setup"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// busyShop is a shop in which every form of the panel has something to act on, the
// accounts that see them, and a database snapshot that shows all that changes.
type busyShop struct {
	*panel
	clock       atomic.Pointer[clock.Fixed] // the shop's
	snapshot    *storetest.Snapshot
	staff       map[string]*browser            // by what they are
	waiting     string                         // code of an unpaid order
	codes       []string                       // recovery codes of "lama"
	link        string                         // an unused invitation
	blank       map[string]*routerossim.Router // not set up yet
	routerState map[string]string              // digests of the tables at the start
	wrote       int64                          // commands that changed a router, when last asked
}

// The accounts beside the three roles: "lama" has a second factor, "lupa" is the same
// account before giving it, "kabar" has unread notices, "again" is the admin at a second
// browser, "kos" is an admin of the other site alone.
const (
	signedOut = "nobody"
	elsewhen  = "lupa"
	other     = "kos"
)

func openBusy(t testing.TB) *busyShop {
	t.Helper()
	database := storetest.SQLite(t)
	s := &busyShop{staff: map[string]*browser{}, blank: map[string]*routerossim.Router{}}
	for _, id := range []string{"siap", "kosong"} {
		s.blank[id] = blankRouter(t, id, s.now)
	}
	s.panel = open(t, shoptest.OnDatabase(database), shoptest.Selling(s.sellThere), shoptest.With(func(o *shop.Options) {
		driver := routeros.New(routeros.Options{Clock: o.Clock, CallTimeout: 20 * time.Second, OpTimeout: time.Minute, BreakFor: time.Millisecond, LoginPause: time.Millisecond})
		t.Cleanup(func() { _ = driver.Close() }) // never fails
		o.Hotspot = driver
	}))
	s.clock.Store(s.Clock)
	backed(t, s.Harness)
	for id, sim := range s.blank {
		s.Routers[id] = sim
		_, port, err := net.SplitHostPort(sim.TLSAddr())
		s.fine(err)
		s.api(id, "/ip/service/set", "=.id=api-ssl", "=certificate=none", "=tls-version=any", "=port="+port)
		s.api(id, "/certificate/remove", "=.id=api-ssl")
	}
	s.createUser()
	s.trade()
	s.compare()
	s.stock()
	s.Promote(catalog.Promotion{DiscountKind: catalog.AmountOff, Value: 1000, Code: "NANTI", Sites: []string{"kopi"}, From: s.Clock.Now().AddDate(9, 0, 0)})
	s.tinker()
	s.retire()
	s.fine(s.Shop.Setup.SaveKeys(ctx, actor.Named("test"), setup.KeysForm{Key: "xnd_development_panel", Tokens: "token-webhook-panel"}))
	s.snapshot = storetest.TakeSnapshot(t, database)
	s.snapshot.Keep()
	s.routerState = s.snapshot.Tables(append(passing, "audit", "audit_head", "kept_forms")...)
	s.routersChanged()
	return s
}

// blankRouter is a router as it comes out of its box.
func blankRouter(t testing.TB, id string, now func() time.Time) *routerossim.Router {
	t.Helper()
	sim, err := routerossim.New(routerossim.Options{Name: id, User: "admin", Password: "rahasia-" + id, Addr: "127.0.0.1:0", TLSAddr: "127.0.0.1:0", Now: now})
	if err == nil {
		err = sim.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim
}

// now is the shop's clock, also before there is a shop: routers ask from the start.
func (s *busyShop) now() time.Time {
	if c := s.clock.Load(); c != nil {
		return c.Now()
	}
	return shoptest.Start
}

func (s *busyShop) sellThere(c *catalog.Catalogue) {
	for id, sim := range s.blank {
		c.Routers = append(c.Routers, catalog.Router{SiteID: "kopi", Priority: 9, Disabled: true, Router: hotspot.Router{ID: id, Name: id, Address: sim.Addr(), User: "admin", Password: "rahasia-" + id}})
	}
}

func (s *busyShop) fine(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// createUser makes the people.
func (s *busyShop) createUser() {
	s.staff[signedOut] = s.browser()
	for _, role := range staff.Roles {
		s.staff[role] = s.as(role)
	}
	s.staff["again"] = s.browser()
	s.staff["again"].submit("/admin/login", "form", "name", "uji-admin", "password", password).moved()
	s.staff[other] = s.scoped("kos", staff.Admin)
	var err error
	for _, name := range []string{"lama", "mati"} {
		_, err = s.accounts.Add(ctx, actor.Named("test"), name, staff.Teknisi, password)
		s.fine(err)
	}
	b := s.browser()
	b.submit("/admin/login", "form", "name", "lama", "password", password).moved()
	_, s.codes = b.enrol()
	s.staff["lama"] = b
	half := s.browser()
	half.submit("/admin/login", "form", "name", "lama", "password", password).moved()
	s.staff[elsewhen] = half
	_, s.link, err = s.accounts.CreateUser(ctx, actor.Named("test"), "kabar", staff.Assignment{Role: staff.Kasir}, "")
	s.fine(err)
	s.staff["kabar"] = s.browser()
	s.staff["kabar"].submit(web.Root+"/invite?token="+s.link, "main form", "password", password, "again", password).moved()
	s.Clock.Add(time.Second)
	s.staff["kabar"].submit("/admin/login", "form", "name", "kabar", "password", password).moved()
	_, s.link, err = s.accounts.CreateUser(ctx, actor.Named("test"), "undangan", staff.Assignment{Role: staff.Kasir}, "")
	s.fine(err)
	off, err := s.Store.StaffByName(ctx, "mati")
	s.fine(err)
	s.fine(s.accounts.Disable(ctx, actor.Named("test"), off.ID, staff.Confirmation{Typed: "mati", Reason: "pindah kerja"}))
}

// actorOf is the person as the use cases know them.
func (s *busyShop) actorOf(name string) actor.Actor {
	s.Helper()
	who, err := s.Store.StaffByName(ctx, name)
	s.fine(err)
	return actor.Staff(who.ID, who.Name, nil)
}

// trade makes orders, and money in every state that needs a decision.
func (s *busyShop) trade() {
	admin, kasir := s.staff[staff.Admin].onShift(), s.staff[staff.Kasir].onShift()
	bought := func(plan, method string) order.Order {
		form := s.Form(plan, method)
		form.Phone = "081234567890"
		o, err := s.Shop.Orders.Place(ctx, form)
		s.fine(err)
		s.Pay(o)
		s.RunAll()
		return o
	}
	wanted := func(o order.Order) string {
		pay, err := s.Store.Payments(ctx, o.ID)
		s.fine(err)
		f, err := s.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: pay[0].Gateway, PaymentKey: pay[0].Key, OrderID: o.ID, Amount: o.Total, Typed: o.Total.String(), Reason: "mati lampu",
			Nonce: s.NextNonce(), Actor: s.actorOf("uji-kasir")})
		s.fine(err)
		return f.ID
	}
	approve := func(o order.Order) {
		id := wanted(o)
		s.fine(s.Shop.Refunds.ApproveRefund(ctx, refunds.DecideIn{ID: id, Typed: o.Total.String(), Reason: "benar", Actor: s.actorOf("uji-admin")}))
	}
	wanted(bought("sehari", "qris"))
	approve(kasir.sells())
	approve(bought("bulanan", "va:BCA"))
	s.elsewhere(bought("sehari", "qris"))
	bought("sehari", "qris")
	kasir.sells()
	kasir.sells("method", "transfer", "reference", "bca 1")
	admin.sells()
	kept := s.VoucherOf(bought("sehari", "qris"))
	s.fine(s.Shop.Vouchers.SuspendVoucher(ctx, vouchers.ActIn{ID: kept.ID, Typed: kept.Username, Reason: "dipakai orang lain", Actor: s.actorOf("uji-admin")}))
	for _, ref := range []string{"SOMEBODY-ELSE-1", "SOMEBODY-ELSE-2"} {
		s.ForeignCharge(ref, 5000)
		s.PayReference(ref, 0)
	}
	s.RunAll()
	down := bought("sehari", "qris")
	s.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	approve(down)
	stuck := s.Buy("sehari", "qris")
	s.Pay(stuck)
	s.RunAll()
	s.Want(stuck, order.Paid)
	s.Routers["pojok"].SetFaults(routerossim.Faults{})
	s.waiting = string(s.Buy("sehari", "qris").Code)
	s.Buy("bulanan", "va:BCA")
}

// compare leaves rows of the reconciliation open, and a month that can be closed.
func (s *busyShop) compare() {
	s.fine(s.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		if _, err := tx.LockMonths(ctx, []reconcile.Month{"2026-10", "2026-11"}); err != nil {
			return err
		}
		return tx.KeepReconciliation(ctx, "2026-11", reconcile.Row{Subject: "payment:xendit:pr-gone", Kind: reconcile.PaymentRow, State: reconcile.MissingThere, Day: "2026-11-24", At: tx.Now(),
			Gateway: "xendit", Key: "pr-gone", Reference: "HILANG-1", Method: "qris", Here: 5000})
	}))
}

// elsewhere gives money back at the gateway, without us.
func (s *busyShop) elsewhere(o order.Order) {
	body, err := json.Marshal(map[string]any{"payment_request_id": s.GatewayID(o), "reference_id": "dashboard", "amount": 5000, "reason": "OTHERS"})
	s.fine(err)
	req, err := http.NewRequest(http.MethodPost, s.API.URL+"/refunds", bytes.NewReader(body))
	s.fine(err)
	req.SetBasicAuth("xnd_development_test", "")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	s.fine(err)
	s.fine(res.Body.Close())
	s.RunAll()
}

// stock makes vouchers: done, being made, halted.
func (s *busyShop) stock() {
	s.fine(s.Shop.Counter.PutOutlet(ctx, actor.Named("test"), counter.OutletIn{Name: "Warung Bu Tini"}))
	done := s.Stocked("sehari", "pojok", 5)
	_, err := s.Shop.Stock.NotePrint(ctx, actor.Named("staff:uji-admin"), stock.PrintIn{BatchID: done.ID, Format: stock.FormatPage, First: 1, Last: 2, Nonce: s.NextNonce()})
	s.fine(err)
	s.fine(s.Shop.Vouchers.DisableVoucher(ctx, vouchers.SwitchIn{ID: s.StockVoucher(done, 5).ID, Typed: done.Code + "-0005", Reason: "hilang", Actor: s.actorOf("uji-admin")}))
	s.fine(s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { // what a review leaves to a person
		return tx.NoteUserDifference(ctx, store.UserDifference{VoucherID: s.StockVoucher(done, 4).ID, RouterID: "pojok", Kinds: "missing", Why: "removed"})
	}))
	s.fine(s.Shop.Stock.PauseBatch(ctx, actor.Named("test"), s.NewBatch("sehari", "pojok", 3).ID))
	s.NewBatch("sehari", "pojok", 3)
	s.fine(s.Shop.Orders.KeepFilter(ctx, s.actorOf("uji-admin"), "lunas", "view=activating"))
	s.fine(s.Shop.Orders.KeepFilter(ctx, s.actorOf("uji-kasir"), "lunas", "view=activating"))
}

// tinker puts something into every menu of a router, sets another one up and
// takes a third away.
func (s *busyShop) tinker() {
	s.Join("pojok", "AA:BB:CC:00:00:01", "10.5.50.2")
	for _, menu := range []string{"users", "bindings", "garden", "garden-ip", "active"} {
		for _, words := range belongings[menu] {
			s.api("pojok", words...)
		}
	}
	s.fine(s.Shop.Vouchers.ObserveSessions(ctx))
	s.fine(s.Shop.Vouchers.BanDevice(ctx, vouchers.BanIn{SiteID: "kopi", MAC: "AA:BB:CC:00:00:66", Typed: "AA:BB:CC:00:00:66", Reason: "mengganggu", Actor: actor.Named("test")}))
	s.setUp("siap")
	gone, err := s.Shop.Routers.FindRouter(ctx, "melati-a")
	s.fine(err)
	s.fine(s.Shop.Routers.RemoveRouter(ctx, actor.Named("test"), gone, "rusak"))
}

// retire makes a plan and retires it.
func (s *busyShop) retire() {
	by := s.actorOf("uji-admin")
	old, err := s.Shop.Catalogue.SavePlan(ctx, by, catalogue.PlanForm{SiteID: "kopi", Fields: catalog.Fields{"name": "Paket Lama", "price": "3000"}})
	s.fine(err)
	s.fine(s.Shop.Catalogue.RetirePlan(ctx, by, old.ID, old.Name, "tidak laku"))
}

// belongings are what is in the menus of a router that people use.
var belongings = map[string][][]string{
	"profiles":  {{"/ip/hotspot/user/profile/add", "=name=harian", "=add-mac-cookie=yes"}},
	"users":     {{"/ip/hotspot/user/profile/add", "=name=harian", "=add-mac-cookie=yes"}, {"/ip/hotspot/user/add", "=name=tamu", "=password=x", "=profile=harian"}},
	"bindings":  {{"/ip/hotspot/ip-binding/add", "=mac-address=AA:BB:CC:00:00:07", "=type=bypassed"}},
	"garden":    {{"/ip/hotspot/walled-garden/add", "=dst-host=toko.example"}},
	"garden-ip": {{"/ip/hotspot/walled-garden/ip/add", "=dst-host=toko.example", "=action=accept"}},
	"active":    {logIn},
	"cookies":   {logIn},
}

var logIn = []string{"/ip/hotspot/active/login", "=user=tamu", "=password=x", "=ip=10.5.50.2", "=mac-address=AA:BB:CC:00:00:01"}

// repair puts back what forms took off a router. What is still there refuses to
// be added once more, which is fine.
func (s *busyShop) repair(f form) {
	if strings.HasSuffix(f.action, "/reboot") {
		s.Clock.Add(30 * time.Second) // it takes as long
	}
	for menu, words := range belongings {
		if strings.HasPrefix(f.action, web.Root+"/routers/pojok/"+menu+"/") || menu == "active" && strings.HasPrefix(f.action, web.Root+"/online/pojok/") {
			for _, w := range words {
				_ = s.Routers["pojok"].Command(w...)
			}
		}
	}
}

func (s *busyShop) setUp(router string) {
	r, err := s.Shop.Routers.FindRouter(ctx, router)
	s.fine(err)
	plan, err := s.Shop.Routers.PlanProvisioning(ctx, router, provisioningOf)
	s.fine(err)
	_, err = s.Shop.Routers.ProvisionFromPanel(ctx, actor.Named("test"), r, provisioningOf, plan.Digest(), "router baru")
	s.fine(err)
}

var provisioningOf = routers.ProvisioningOptions{Bare: true}

// routersChanged reports whether anything was written to a router since it was
// asked last.
func (s *busyShop) routersChanged() bool {
	var n int64
	for _, r := range s.Routers {
		for command, times := range r.CommandLog().Counters {
			if !slices.Contains(looks, path.Base(command)) {
				n += times
			}
		}
	}
	changed := n != s.wrote
	s.wrote = n
	return changed
}

// looks are the commands that change nothing on a router.
var looks = []string{"print", "getall", "login", "monitor-traffic", "listen", "cancel"}
