package admin

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/admin/web"
	"gerai/internal/order"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// The table of docs/reference/roles.md: a test for each kind of act, and in it a
// case for each role.

// team is one person of each role on a shop that has sold something.
type team struct {
	*panel
	admin, kasir, teknisi *browser
}

func newTeam(t *testing.T) *team {
	t.Helper()
	p := open(t)
	return &team{p, p.as(staff.Admin), p.as(staff.Kasir), p.as(staff.Teknisi)}
}

func (x *team) each(fn func(role string, b *browser)) {
	fn(staff.Admin, x.admin)
	fn(staff.Kasir, x.kasir)
	fn(staff.Teknisi, x.teknisi)
}

// post sends a form with a token of its own.
func (b *browser) post(path string, pairs ...string) answer {
	b.Helper()
	form := url.Values{"csrf": {b.token()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

// wants asserts which roles are allowed.
func (x *team) wants(role, method, path string, a answer, open bool) {
	x.Helper()
	if (a.StatusCode != http.StatusForbidden) != open || a.StatusCode >= http.StatusInternalServerError {
		x.Errorf("%s %s as %s: %d, want open: %v", method, path, role, a.StatusCode, open)
	}
}

// customer is a paid order with a telephone number.
func (x *team) customer() order.Order {
	x.Helper()
	in := x.Form("sehari", "qris")
	in.Phone = "081234567890"
	o, err := x.Shop.Orders.Place(ctx, in)
	if err != nil {
		x.Fatal(err)
	}
	x.Pay(o)
	x.RunAll()
	return x.Want(o, order.Activated)
}

// See orders of own scope: teknisi the status only, no money anywhere.
func TestMatrixSeeOrdersOfOwnScope(t *testing.T) {
	x := newTeam(t)
	x.kasir.onShift()
	o, over := x.customer(), x.Buy("sehari", "qris")
	x.PayAmount(over, 9000)
	x.RunAll()
	x.each(func(role string, b *browser) {
		for _, path := range []string{"/admin/orders", "/admin/orders/" + string(o.Code), "/admin/orders/" + string(over.Code), "/admin/orders?view=refund", "/admin", "/admin/alerts"} {
			said := text(b.get(path).page(http.StatusOK).Find("main"))
			money := strings.Contains(said, "Rp") || strings.Contains(said, "5.000") || strings.Contains(said, "5000") || strings.Contains(said, "9000") || strings.Contains(said, "4.000")
			if role == staff.Teknisi && money {
				t.Errorf("%s shows a technician money: %s", path, said)
			}
			if role != staff.Teknisi && !money && path != "/admin/alerts" && !strings.Contains(path, "view") {
				t.Errorf("%s shows %s no money", path, role)
			}
			if strings.HasPrefix(path, "/admin/orders/"+string(o.Code)) && !strings.Contains(said, "selesai") {
				t.Errorf("%s shows %s no status: %s", path, role, said)
			}
		}
		views := text(b.get("/admin/orders").page(http.StatusOK).Find(".chips"))
		if strings.Contains(views, "Lebih bayar") == (role == staff.Teknisi) {
			t.Errorf("filters of %s: %s", role, views)
		}
	})
	a := x.teknisi.post("/admin/reports/tech/export", "what", "tech", "format", "csv")
	rows, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
	if err != nil || len(rows) != 4 || strings.Contains(string(a.body), "5000") {
		t.Error(rows, err)
	}
}

// See credentials of a voucher: admin any, kasir their own sales for a day, both
// recorded in the audit trail; teknisi none.
func TestMatrixSeeCredentials(t *testing.T) {
	x := newTeam(t)
	x.kasir.onShift()
	own, foreign := x.kasir.sells(), x.customer()
	x.RunAll()
	own = x.Order(own)
	shows := func(b *browser, o order.Order) bool {
		a := b.post("/admin/orders/" + string(o.Code) + "/credentials")
		return a.StatusCode == http.StatusOK && strings.Contains(string(a.body), o.Password)
	}
	for _, c := range []struct {
		name string
		b    *browser
		o    order.Order
		want bool
	}{{"admin", x.admin, own, true}, {"admin, a foreign one", x.admin, foreign, true}, {"kasir", x.kasir, own, true}, {"kasir, a foreign one", x.kasir, foreign, false},
		{"teknisi", x.teknisi, own, false}, {"teknisi, a foreign one", x.teknisi, foreign, false}} {
		before := x.AuditCount(c.o, "order.reveal")
		if got := shows(c.b, c.o); got != c.want || x.AuditCount(c.o, "order.reveal")-before != map[bool]int{true: 1}[c.want] {
			t.Errorf("%s: %v, %d looks noted", c.name, got, x.AuditCount(c.o, "order.reveal")-before)
		}
		if page := c.b.get("/admin/orders/" + string(c.o.Code)); strings.Contains(string(page.body), c.o.Password) {
			t.Errorf("%s: in the open", c.name)
		}
	}
	x.Clock.Add(25 * time.Hour)
	for name, want := range map[string]bool{"kasir": false, "admin": true} {
		b := map[string]*browser{"kasir": x.kasir, "admin": x.admin}[name]
		b.submit("/admin/login", "form", "name", "uji-"+name, "password", password).moved()
		if got := shows(b, own); got != want {
			t.Errorf("%s a day later: %v", name, got)
		}
	}
}

// Full phone number: admin on request, recorded in the audit trail; the others the last
// four digits.
func TestMatrixFullPhoneNumber(t *testing.T) {
	x := newTeam(t)
	o := x.customer()
	page := "/admin/orders/" + string(o.Code)
	x.each(func(role string, b *browser) {
		for _, path := range []string{page, "/admin/orders"} {
			a := b.get(path)
			if said := string(a.body); !strings.Contains(said, "08xx-xxxx-7890") || strings.Contains(said, "1234567890") {
				t.Errorf("%s as %s: not the last four digits alone", path, role)
			}
		}
		before := x.AuditCount(o, "order.reveal")
		a := b.post(page + "/phone")
		x.wants(role, "POST", page+"/phone", a, role == staff.Admin)
		if strings.Contains(string(a.body), "081234567890") != (role == staff.Admin) || (x.AuditCount(o, "order.reveal") > before) != (role == staff.Admin) {
			t.Errorf("%s: revealed, or not noted", role)
		}
	})
	for _, path := range []string{"/admin/reports/export"} {
		if a := x.admin.post(path, "what", "orders", "format", "csv"); strings.Contains(string(a.body), "7890") {
			t.Errorf("%s: a phone number in a file", path)
		}
	}
}

// Cash sale, reprint, resend link: teknisi none of it.
func TestMatrixCashSaleReprintResendLink(t *testing.T) {
	x := newTeam(t)
	x.admin.onShift()
	x.kasir.onShift()
	sold := x.kasir.sells()
	x.RunAll()
	x.each(func(role string, b *browser) {
		open := role != staff.Teknisi
		for _, path := range []string{"/admin/sell", "/admin/sell/" + string(sold.Code), "/admin/orders/" + string(sold.Code) + "/link", "/admin/vouchers/sell", "/admin/shift"} {
			x.wants(role, "GET", path, b.get(path), open)
		}
		before, err := x.Store.ListOrders(ctx, store.OrderFilter{})
		if err != nil {
			t.Fatal(err)
		}
		x.wants(role, "POST", "/admin/sell", b.post("/admin/sell", "site", "kopi", "plan", "sehari", "method", "cash", "nonce", x.NextNonce()), open)
		after, err := x.Store.ListOrders(ctx, store.OrderFilter{})
		if err != nil || (len(after) == len(before)+1) != open {
			t.Errorf("%s: %d orders, then %d, %v", role, len(before), len(after), err)
		}
	})
}

// Retry activation, poll the gateway: all roles.
func TestMatrixRetryActivationCheckGateway(t *testing.T) {
	x := newTeam(t)
	x.each(func(role string, b *browser) {
		x.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
		o := x.Buy("sehari", "qris")
		page := "/admin/orders/" + string(o.Code)
		if to := b.submit(page, "form[action$='/check']").moved(); !strings.HasSuffix(to, "m=order.check") {
			t.Errorf("%s: %s", role, to)
		}
		x.Pay(o)
		x.RunAll()
		x.Want(o, order.Paid)
		x.Routers["pojok"].SetFaults(routerossim.Faults{})
		if to := b.submit(page, "form[action$='/retry']").moved(); !strings.HasSuffix(to, "m=order.retry") {
			t.Errorf("%s: %s", role, to)
		}
		x.Advance(2 * time.Minute)
		x.Want(o, order.Activated)
	})
}

// Routers, add, edit, secret: admin with a fresh proof, teknisi without reading
// secrets, kasir nothing.
func TestMatrixRoutersAddEditSecret(t *testing.T) {
	x := newTeam(t)
	x.each(func(role string, b *browser) {
		edit := b.get("/admin/routers/pojok/edit")
		x.wants(role, "GET", "/edit", edit, role != staff.Kasir)
		x.wants(role, "GET", "/new", b.get("/admin/routers/new"), role != staff.Kasir)
		secret := b.post("/admin/routers/pojok/secret")
		if role == staff.Admin {
			secret = b.submit("/admin/routers/pojok/secret", "main form", "typed", "pojok", "reason", "router diganti")
		}
		x.wants(role, "POST", "/secret", secret, role == staff.Admin)
		if strings.Contains(string(edit.body), "rahasia-pojok") || strings.Contains(string(secret.body), "rahasia-pojok") != (role == staff.Admin) {
			t.Errorf("%s reads the secret, or admin does not", role)
		}
		if role == staff.Kasir {
			x.wants(role, "POST", "/edit", b.post("/admin/routers/pojok/edit", "name", "lain", "untested", "yes"), false)
			x.wants(role, "POST", "/routers", b.post("/admin/routers", "name", "lain", "untested", "yes"), false)
			return
		}
		b.submit("/admin/routers/pojok/edit", "main form", "name", "pojok-"+role, "untested", "yes").moved()
		if r, err := x.Store.Router(ctx, "pojok"); err != nil || r.Name != "pojok-"+role || r.Password != "rahasia-pojok" {
			t.Errorf("%s: %q %v", role, r.Name, err)
		}
	})
	x.Clock.Add(6 * time.Minute)
	x.each(func(role string, b *browser) {
		if role == staff.Kasir {
			return
		}
		if to := b.post("/admin/routers/pojok/edit", "name", "tanpa-bukti").moved(); !strings.HasPrefix(to, "/admin/prove") {
			t.Errorf("%s without a fresh proof: %s", role, to)
		}
	})
	if to := x.admin.post("/admin/routers/pojok/secret").moved(); !strings.HasPrefix(to, "/admin/prove") {
		t.Error(to)
	}
}

// Kick user: all roles, the kasir with a limit.
func TestMatrixKickUser(t *testing.T) {
	x := newTeam(t)
	x.api("pojok", "/ip/hotspot/user/add", "=name=tamu", "=password=x")
	join := func() {
		_ = x.Routers["pojok"].Join(routerossim.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}) // it may still be there
		x.api("pojok", "/ip/hotspot/active/login", "=user=tamu", "=password=x", "=ip=10.5.50.2", "=mac-address=AA:BB:CC:00:00:01")
	}
	active := "/admin/routers/pojok/active"
	x.each(func(role string, b *browser) {
		join()
		b.get(active + "?fresh=1")
		if to := b.submit(active, "form[action$='/kick']").moved(); !strings.HasSuffix(to, "m=kicked") {
			t.Errorf("%s: %s", role, to)
		}
		x.Clock.Add(time.Second)
	})
	limited := 0
	for range 40 {
		if to := x.kasir.post("/admin/routers/pojok/active/1/kick").moved(); strings.HasSuffix(to, "m=limit.kick") {
			limited++
		}
	}
	if limited == 0 || limited > 15 {
		t.Errorf("%d of 40 tries limited", limited)
	}
}

// Packages and prices: admin.
func TestMatrixPackagesAndPrices(t *testing.T) {
	x := newTeam(t)
	x.each(func(role string, b *browser) {
		for _, path := range []string{"/admin/vouchers/new", "/admin/reports/fees", "/admin/vouchers/print", "/admin/vouchers/outlets", "/admin/catalogue/promotions", "/admin/catalogue/promotions/new", "/admin/catalogue/history", "/admin/catalogue/import", "/admin/catalogue/methods"} {
			x.wants(role, "GET", path, b.get(path), role == staff.Admin)
		}
		for _, path := range []string{"/admin/vouchers/new", "/admin/vouchers/levels", "/admin/reports/fees", "/admin/vouchers/print", "/admin/vouchers/outlets", "/admin/catalogue/promotions/new", "/admin/catalogue/import", "/admin/catalogue/history/x/back", "/admin/catalogue/methods"} {
			x.wants(role, "POST", path, b.post(path), role == staff.Admin)
		}
		if staff.Allowed(role, staff.EditPlans) != (role == staff.Admin) {
			t.Errorf("%s may edit plans", role)
		}
	})
}

// Cancel unpaid, force activate: admin, with a reason.
func TestMatrixCancelUnpaidForceActivate(t *testing.T) {
	x := newTeam(t)
	o := x.Buy("sehari", "qris")
	page := "/admin/orders/" + string(o.Code)
	x.each(func(role string, b *browser) {
		if role == staff.Admin {
			return
		}
		x.wants(role, "POST", "/cancel", b.post(page+"/cancel", "reason", "salah pesan"), false)
		x.wants(role, "GET", "/force", b.get(page+"/force"), false)
		x.wants(role, "POST", "/force", b.post(page+"/force", "typed", string(o.Code), "reason", "salah pesan"), false)
	})
	for _, act := range []string{"/cancel", "/force"} {
		x.admin.post(page+act, "typed", string(o.Code)).page(http.StatusUnprocessableEntity)
	}
	x.Want(o, order.Pending)
	x.admin.submit(page+"/cancel", "main form", "typed", string(o.Code), "reason", "salah pesan").moved()
	x.Want(o, order.Cancelled)
	x.admin.submit(page+"/force", "main form", "typed", string(o.Code), "reason", "ternyata bayar").moved()
	x.RunAll()
	x.Want(o, order.Activated)
}

// Refund: kasir requests, admin requests and approves, above a limit only what another
// account requested; teknisi nothing.
func TestMatrixRefundRequestApprove(t *testing.T) {
	x := newTeam(t)
	x.admin.onShift()
	o := x.Buy("bulanan", "qris")
	x.Pay(o)
	x.RunAll()
	pay, err := x.Store.Payments(ctx, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	ask := web.Root + web.RefundPath(o.Code, pay[0])[len(web.Root):]
	x.wants(staff.Teknisi, "GET", ask, x.teknisi.get(ask), false)
	x.wants(staff.Teknisi, "POST", ask, x.teknisi.post(ask, "amount", "1000", "typed", "1000", "reason", "mati lampu", "nonce", x.NextNonce()), false)
	refund := func(b *browser, amount string) string {
		to, _, _ := strings.Cut(b.submit(ask, "main form", "amount", amount, "typed", amount, "reason", "mati lampu").moved(), "?")
		return to
	}
	ofKasir, ofAdmin, large := refund(x.kasir, "1000"), refund(x.admin, "2000"), refund(x.admin, "60000")
	for _, at := range []string{ofKasir, ofAdmin, large} {
		x.wants(staff.Teknisi, "GET", at, x.teknisi.get(at), false)
		for role, b := range map[string]*browser{staff.Kasir: x.kasir, staff.Teknisi: x.teknisi} {
			x.wants(role, "POST", at+"/approve", b.post(at+"/approve", "typed", "1000", "reason", "benar"), false)
		}
	}
	approve := func(at, amount string) string {
		return x.admin.submit(at, "form[action$='/approve']", "typed", amount, "reason", "benar").moved()
	}
	approve(ofKasir, "1000")
	if doc := x.admin.get(large).page(http.StatusOK); doc.Find("form[action$='/approve']").Length() != 0 || !strings.Contains(text(doc.Find("main .note")), "orang lain harus menyetujui") {
		t.Error("an approval is offered that is refused, or nothing says why there is none")
	}
	if a := x.admin.post(large+"/approve", "typed", "60000", "reason", "benar"); strings.HasSuffix(a.Header.Get("Location"), "m=refund.approve") {
		t.Error("one person asks and approves above the limit")
	}
	for at, want := range map[string]bool{ofKasir: true, ofAdmin: true, large: false} {
		f, err := x.Store.Refund(ctx, strings.TrimPrefix(at, "/admin/refunds/"))
		if err != nil || (f.State != order.RefundRequested) != want {
			t.Errorf("%s is %s, %v", at, f.State, err)
		}
	}
}

// Reports and export: admin all, kasir their own shift, teknisi technical only.
func TestMatrixReportsExport(t *testing.T) {
	x := newTeam(t)
	x.admin.onShift()
	x.kasir.onShift()
	s, err := x.Store.StaffByName(ctx, "uji-admin")
	if err != nil {
		t.Fatal(err)
	}
	foreign, _, err := x.Store.OpenShift(ctx, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	x.each(func(role string, b *browser) {
		for _, path := range []string{"/admin/reports", "/admin/reports/kpi", "/admin/reports/resale", "/admin/reports/fees", "/admin/audit", "/admin/audit/export"} {
			x.wants(role, "GET", path, b.get(path), role == staff.Admin)
		}
		x.wants(role, "POST", "/admin/reports/export", b.post("/admin/reports/export", "what", "orders"), role == staff.Admin)
		x.wants(role, "GET", "/admin/reports/tech", b.get("/admin/reports/tech"), role != staff.Kasir)
		x.wants(role, "POST", "/admin/reports/tech/export", b.post("/admin/reports/tech/export", "what", "tech"), role != staff.Kasir)
		x.wants(role, "GET", "/admin/shift", b.get("/admin/shift"), role != staff.Teknisi)
		if role == staff.Teknisi {
			for _, what := range []string{"orders", "trend", "kpi"} {
				if a := b.post("/admin/reports/tech/export", "what", what); a.StatusCode != http.StatusUnprocessableEntity && a.StatusCode != http.StatusBadRequest {
					t.Errorf("a technician exports %s: %d", what, a.StatusCode)
				}
			}
		}
		if role == staff.Kasir {
			if a := b.get("/admin/shift/" + foreign.ID); a.StatusCode != http.StatusNotFound {
				t.Errorf("a kasir reads somebody's shift: %d", a.StatusCode)
			}
		}
	})
}

// Users, roles, settings: admin with a fresh proof and the name typed.
func TestMatrixUsersRolesSettings(t *testing.T) {
	x := newTeam(t)
	s, err := x.Store.StaffByName(ctx, "uji-kasir")
	if err != nil {
		t.Fatal(err)
	}
	one := "/admin/staff/" + s.ID
	acts := []string{one + "/post", one + "/disable", one + "/enable", one + "/reset-second", one + "/link", one + "/end-sessions", "/admin/staff", "/admin/policy", "/admin/money/rules"}
	x.each(func(role string, b *browser) {
		for _, path := range []string{"/admin/staff", "/admin/staff/new", one, "/admin/policy", "/admin/money/rules"} {
			x.wants(role, "GET", path, b.get(path), role == staff.Admin)
		}
		if role == staff.Admin {
			return
		}
		for _, path := range acts {
			x.wants(role, "POST", path, b.post(path, "typed", "uji-kasir", "reason", "karena", "role", "admin", "name", "baru"), false)
		}
	})
	x.admin.post(one+"/post", "role", "admin", "reason", "naik").page(http.StatusUnprocessableEntity)
	x.Clock.Add(6 * time.Minute)
	for _, path := range acts {
		if to := x.admin.post(path, "typed", "uji-kasir", "reason", "karena", "role", "admin", "name", "baru").moved(); !strings.HasPrefix(to, "/admin/prove") {
			t.Errorf("%s without a fresh proof: %s", path, to)
		}
	}
	if now, err := x.Store.StaffByName(ctx, "uji-kasir"); err != nil || now.Role != staff.Kasir || now.Disabled {
		t.Errorf("%+v %v", now, err)
	}
	if rules, err := x.Store.CounterRules(ctx); err != nil || rules.SecondAbove == 0 {
		t.Error(rules, err)
	}
}
