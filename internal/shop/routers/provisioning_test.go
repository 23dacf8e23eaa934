package routers_test

import (
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
)

var boards = map[string]board{
	"6.49":  {version: "6.49"},
	"7.16":  {version: "7.16"},
	"7.22":  {version: "7.22"},
	"flash": {version: "7.16", dir: "flash/hotspot"},
	"moved": {version: "7.22", dir: "hotspot", files: "flash/hotspot"},
}

// Setup, once more, audit and undo, on every kind of router.
func TestKitThereAndBack(t *testing.T) {
	t.Parallel()
	for name, b := range boards {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, b)
			before := g.photo()
			was, err := g.Shop.Routers.FindRouter(t.Context(), "pojok")
			if err != nil {
				t.Fatal(err)
			}
			g.setUp()
			now, err := g.Shop.Routers.FindRouter(t.Context(), "pojok")
			if err != nil {
				t.Fatal(err)
			}
			if !now.TLS || now.Fingerprint != g.sim.Fingerprint() || now.Address != g.sim.TLSAddr() || now.User != "gerai" || len(now.Password) < 30 {
				t.Fatalf("%+v", now)
			}
			if _, err := g.driver.Ping(t.Context(), now.Router); err != nil {
				t.Fatal("the shop's own account:", err)
			}
			g.holds(b)
			if p := g.plan(routers.ProvisioningOptions{}); len(p.Steps)+len(p.Blocked) > 0 {
				t.Fatalf("a second time: %+v %+v", p.Steps, p.Blocked)
			}
			result, err := g.rollBack(routers.ProvisioningOptions{})
			if err != nil || len(result.Left) > 0 {
				t.Fatal(result.Left, err)
			}
			for _, b := range result.RolledBack {
				if b.Outcome != hotspot.RollbackDone {
					t.Errorf("%s %s: %s", b.Step.Kind, b.Step.Item, b.Outcome)
				}
			}
			g.same(before)
			if back, err := g.Shop.Routers.FindRouter(t.Context(), "pojok"); err != nil || back != was {
				t.Errorf("record %+v, was %+v", back, was)
			}
			if _, err := g.Shop.Routers.PlanRollback(t.Context(), "pojok", routers.ProvisioningOptions{}); fault.CodeOf(err) != "router.kit_no_undo" {
				t.Error("undo twice:", err)
			}
			g.setUp() // and again from the start
		})
	}
}

// holds looks at the router with other eyes than the planner's.
func (g *rig) holds(b board) {
	g.Helper()
	dir := or(b.files, or(b.dir, "hotspot"))
	find := func(menu, field, value string) map[string]string {
		for _, row := range g.sim.Rows(menu) {
			if row[field] == value {
				return row
			}
		}
		g.Errorf("%s: nothing with %s=%s", menu, field, value)
		return map[string]string{}
	}
	var may []string
	for p := range strings.SplitSeq(find("user/group", "name", "gerai")["policy"], ",") {
		if p[0] != '!' {
			may = append(may, p)
		}
	}
	if got := strings.Join(may, ","); got != "read,write,test,api" {
		g.Error("rights", got)
	}
	row := find("ip/hotspot/walled-garden/ip", "dst-host", "voucher.example.net")
	if row["dst-port"] != "443" || row["action"] != "accept" || row["protocol"] != "tcp" {
		g.Error(row)
	}
	for _, profile := range []string{"gerai-sehari", "gerai-sejam", "gerai-pass"} {
		find("ip/hotspot/user/profile", "name", profile)
	}
	for _, page := range stockPages[:7] {
		if body := find("file", "name", dir+"/"+page)["contents"]; strings.Contains(body, "stock") || body == "" {
			g.Errorf("%s was not replaced", page)
		}
	}
	if b.version != "6.49" {
		find("file", "name", dir+"/api.json")
	}
	if md5 := find("file", "name", dir+"/md5.js")["contents"]; !strings.Contains(md5, "stock") {
		g.Error("md5.js is not ours to replace")
	}
	if p := find("ip/hotspot/profile", "name", "hsprof1"); p["html-directory"] != dir || !strings.Contains(p["login-by"], "http-pap") {
		g.Error(p)
	}
	if api := find("ip/service", "name", "api"); api["disabled"] == "true" || api["address"] != "" {
		g.Error("plain api was touched", api)
	}
}

// A group or account that existed before under a wished name is foreign.
func TestKitLeavesStrangersAlone(t *testing.T) {
	g := newRig(t, board{version: "7.16", catalog: func(c *catalog.Catalogue) { c.Plans[0].Profile = "harian" }})
	g.api("/user/group/add", "=name=gerai", "=policy=read,api,reboot")
	g.api("/user/add", "=name=gerai", "=group=full", "=password=x")
	g.api("/ip/hotspot/user/profile/add", "=name=harian", "=rate-limit=9M/9M")
	g.api("/ip/hotspot/walled-garden/ip/add", "=dst-host=voucher.example.net", "=action=accept")
	before := g.photo()
	p := g.setUp()
	for _, st := range p.Steps {
		if st.Item == "harian" || st.Kind == hotspot.StepWalledGarden || (st.Kind == hotspot.StepGroup || st.Kind == hotspot.StepUser) && st.Item != "gerai-2" {
			t.Errorf("%s %s", st.Kind, st.Item)
		}
	}
	if r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok"); err != nil || r.User != "gerai-2" {
		t.Error(r.User, err)
	}
	if _, err := g.rollBack(routers.ProvisioningOptions{}); err != nil {
		t.Fatal(err)
	}
	g.same(before)
}

// Undo keeps what an operator changed since, and what vouchers need.
func TestUndoKeepsWhatChanged(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	g.setUp()
	g.api("/ip/hotspot/walled-garden/ip/set", "=.id="+g.sim.Rows("ip/hotspot/walled-garden/ip")[0][".id"], "=dst-port=8443")
	g.api("/file/set", "=.id=hotspot/status.html", "=contents=my own")
	g.api("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=http-pap")
	g.api("/ip/hotspot/user/add", "=name=tamu", "=profile=gerai-sehari")
	g.api("/file/remove", "=.id=hotspot/api.json")
	result, err := g.rollBack(routers.ProvisioningOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]hotspot.RollbackOutcome{}
	for _, b := range result.RolledBack {
		got[string(b.Step.Kind)+" "+b.Step.Item] = b.Outcome
	}
	for what, want := range map[string]hotspot.RollbackOutcome{"garden voucher.example.net:443": hotspot.RollbackKept, "page hotspot/status.html": hotspot.RollbackKept, "login_by hsprof1": hotspot.RollbackKept,
		"profile gerai-sehari": hotspot.RollbackInUse, "profile gerai-sejam": hotspot.RollbackDone, "page hotspot/api.json": hotspot.RollbackGone, "page hotspot/login.html": hotspot.RollbackDone} {
		if got[what] != want {
			t.Errorf("%s: %q, want %q", what, got[what], want)
		}
	}
	for _, row := range g.sim.Rows("file") {
		if row["name"] == "hotspot/status.html" && row["contents"] != "my own" {
			t.Error(row)
		}
	}
}

// The stored account may be small: then the operator lends the big one, once.
func TestKitWithAnotherAccount(t *testing.T) {
	g := newRig(t, board{version: "7.16", catalog: func(c *catalog.Catalogue) { c.Routers[0].User, c.Routers[0].Password = "kecil", "sandi-kecil" }})
	g.sim.AddUser("kecil", "sandi-kecil", "write")
	before := g.photo()
	result, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), g.plan(routers.ProvisioningOptions{}))
	if fault.CodeOf(err) != "router.permission" || len(result.Left) > 0 || result.Failed == nil || result.Failed.Kind != hotspot.StepGroup {
		t.Fatalf("%+v %v", result, err)
	}
	g.same(before)
	full := routers.ProvisioningOptions{User: "admin", Password: "rahasia"}
	if _, err := g.Shop.Routers.Provision(t.Context(), actor.Named("test"), g.plan(full)); err != nil {
		t.Fatal(err)
	}
	if p := g.plan(routers.ProvisioningOptions{}); len(p.Steps) > 0 {
		t.Errorf("the least account sees work left: %+v", p.Steps)
	}
	if result, err := g.rollBack(routers.ProvisioningOptions{}); fault.CodeOf(err) != "router.permission" || len(result.Left) == 0 {
		t.Fatalf("the small account undoes: %+v %v", result, err)
	}
	if result, err := g.rollBack(full); err != nil || len(result.Left) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	g.same(before)
	if r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok"); err != nil || r.User != "kecil" || r.Password != "sandi-kecil" {
		t.Error(r.User, err)
	}
}

// An undo that would leave the shop without any way in is refused.
func TestUndoDoesNotLockTheShopOut(t *testing.T) {
	g := newRig(t, board{version: "7.16"})
	g.sim.AddUser("lama", "sandi-lama", "full")
	r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok")
	if err != nil {
		t.Fatal(err)
	}
	g.setUp()
	g.api("/user/set", "=.id=admin", "=password=baru-baru")
	now := g.photo()
	if _, err := g.rollBack(routers.ProvisioningOptions{User: "lama", Password: "sandi-lama"}); fault.CodeOf(err) != "router.kit_locked_out" {
		t.Fatal(err)
	}
	g.same(now)
	g.api("/user/set", "=.id=admin", "=password="+r.Password)
	if _, err := g.rollBack(routers.ProvisioningOptions{}); err != nil {
		t.Fatal(err)
	}
}

// Nothing secret reaches the audit trail, and it verifies.
func TestKitIsAudited(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	g.setUp()
	r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.rollBack(routers.ProvisioningOptions{}); err != nil {
		t.Fatal(err)
	}
	trail, err := g.Store.AuditOf(t.Context(), "router:pojok")
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, row := range trail {
		acts = append(acts, row.Action)
		if strings.Contains(row.Detail, r.Password) || strings.Contains(row.Detail, "rahasia") {
			t.Error("a password in the trail")
		}
	}
	if got := strings.Join(acts, " "); got != "router.import kit.begin router.access kit.apply kit.undo router.access kit.undone" {
		t.Error(got)
	}
	if _, err := g.Store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	for _, e := range g.sim.CommandLog().Entries {
		if strings.Contains(strings.Join(e.Words, " "), r.Password) {
			t.Error("the simulator logs a password")
		}
	}
}

// The next import of an old catalogue file brings the old account back; setup repairs
// that with the account it made, and the rollback still finds its way.
func TestKitAfterTheCatalogueIsImportedAgain(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	before := g.photo()
	old, err := g.Store.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g.setUp()
	if err := g.Shop.Catalogue.ApplyCatalogue(t.Context(), actor.Named("test"), old); err != nil {
		t.Fatal(err)
	}
	if f := g.audit(routers.ProvisioningOptions{}); f["account_plain"].ID == "" || f["account_rights"].ID == "" {
		t.Errorf("%+v", f)
	}
	p := g.setUp()
	if len(p.Steps) != 2 || p.Steps[0].Kind != hotspot.StepUser || p.Steps[0].Add || p.Steps[0].Item != "gerai" || p.Steps[1].Kind != hotspot.StepAccess {
		t.Errorf("%+v", p.Steps)
	}
	if r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok"); err != nil || !r.TLS {
		t.Error(r.TLS, err)
	} else if _, err := g.driver.Ping(t.Context(), r.Router); err != nil {
		t.Error(err)
	}
	if result, err := g.rollBack(routers.ProvisioningOptions{}); err != nil || len(result.Left) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	g.same(before)
}
