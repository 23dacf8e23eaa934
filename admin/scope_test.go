package admin

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gerai/admin/routers"
	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/payments"
)

// elsewhere is everything that one site of the shop has and people of the other
// must not learn of.
type elsewhere struct {
	*panel
	paid, open, stock  order.Order
	batch              store.Batch
	outlet             store.Outlet
	shift, print       string
	voucher            string
	receivable, refund string
	alert, staff       string
	pay                order.Payment
	ban                string
	unmatched          string
	promotion, change  string
}

// atKos fills the site "kos" with one of each.
func atKos(t *testing.T) *elsewhere {
	t.Helper()
	e := &elsewhere{panel: open(t)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	account, _, err := e.accounts.CreateUser(ctx, actor.Named("test"), "tuti-kos", staff.Assignment{Role: staff.Kasir, Sites: []string{"kos"}}, password)
	must(err)
	e.staff = account.ID
	tuti := actor.Actor{ID: account.ID, Name: account.Name, AuditName: "staff:tuti-kos"}
	under := store.WithOrigin(ctx, store.Origin{StaffID: account.ID, Role: staff.Kasir})
	must(e.Shop.Counter.OpenShift(under, tuti, 100_000))
	s, _, err := e.Store.OpenShift(ctx, account.ID)
	must(err)
	e.shift = s.ID
	e.open = e.Buy("bulanan", "qris")
	e.batch = e.Stocked("bulanan", "melati-a", 5)
	e.paid, err = e.Shop.Counter.Sell(under, counter.SellIn{SiteID: "kos", PlanID: "bulanan", Nonce: e.NextNonce(), Method: payments.Cash, Actor: tuti})
	must(err)
	owed, err := e.Shop.Counter.Sell(under, counter.SellIn{SiteID: "kos", PlanID: "bulanan", Nonce: e.NextNonce(), Method: payments.Transfer, Reference: "BRI-7", Actor: tuti})
	must(err)
	counted, err := e.Store.CounterPayments(ctx, owed.ID)
	must(err)
	e.receivable = counted[0].Key
	e.stock, err = e.Shop.Counter.SellFromStock(under, counter.StockSaleIn{PlanID: "bulanan", Price: 85_000, Nonce: e.NextNonce(), Actor: tuti})
	must(err)
	e.RunAll()
	pays, err := e.Store.Payments(ctx, e.paid.ID)
	must(err)
	e.pay = pays[0]
	f, err := e.Shop.Refunds.RequestRefund(under, refunds.RefundIn{Gateway: e.pay.Gateway, PaymentKey: e.pay.Key, OrderID: e.paid.ID, Amount: 1234, Typed: "1234", Reason: "mati lampu", Nonce: e.NextNonce(), Actor: tuti})
	must(err)
	e.refund = f.ID
	must(e.Shop.Counter.PutOutlet(ctx, actor.Named("test"), counter.OutletIn{Name: "Warung Kos", SiteID: "kos"}))
	outlets, err := e.Store.Outlets(ctx)
	must(err)
	e.outlet = outlets[0]
	noted, err := e.Shop.Stock.NotePrint(under, tuti, stock.PrintIn{BatchID: e.batch.ID, First: 4, Last: 5, Format: stock.FormatPage, Nonce: e.NextNonce()})
	must(err)
	e.print, e.voucher = noted.ID, e.StockVoucher(e.batch, 5).ID
	must(e.Shop.Vouchers.SetStockLevel(ctx, actor.Named("test"), nil, "bulanan", 50))
	must(e.Shop.Vouchers.BanDevice(ctx, vouchers.BanIn{SiteID: "kos", MAC: "AA:BB:CC:00:00:77", Device: "HP-Tetangga", Typed: "AA:BB:CC:00:00:77", Reason: "mengganggu", Actor: actor.Named("test")}))
	banned, err := e.Store.HoldingBans(ctx, "kos")
	must(err)
	e.ban = banned[0].ID
	e.unmatched = e.ForeignCharge("SOMEBODY-ELSE-1", 7777)
	e.PayReference("SOMEBODY-ELSE-1", 0)
	e.RunAll()
	must(e.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		if _, err := tx.OpenAlert(ctx, "router_down", "melati-a", "router.unreachable"); err != nil {
			return err
		}
		_, err := tx.OpenAlert(ctx, "stuck", string(e.open.ID), "")
		return err
	}))
	cheaper, err := e.Shop.Catalogue.CreatePromotion(ctx, actor.Named("test"), nil, catalog.Promotion{Name: "Diskon Anak Kos", DiscountKind: catalog.AmountOff, Value: 1000, Sites: []string{"kos"}}, e.NextNonce())
	must(err)
	e.promotion = cheaper.ID
	changes, err := e.Store.CatalogueChanges(ctx, []string{"kos"}, "", 1)
	must(err)
	e.change = changes[0].ID
	all, err := e.Store.OpenAlerts(ctx)
	must(err)
	for _, a := range all {
		if a.Kind == "stuck" {
			e.alert = a.ID
		}
	}
	return e
}

// told are words that only pages about "kos" may hold.
func (e *elsewhere) told() map[string]string {
	out := map[string]string{"site": "Kos Melati", "plan": "Bulanan", "router": "melati-a", "other router": "melati-b", "price": "85.000", "batch": e.batch.Code, "outlet": "Warung Kos",
		"colleague": "tuti-kos", "refund": "1.234", "stray money": "7.777", "owed": "BRI-7", "shift": e.shift, "banned device": "HP-Tetangga", "promotion": "Diskon Anak Kos"}
	for name, o := range map[string]order.Order{"sale": e.paid, "order": e.open, "stock sale": e.stock} {
		out[name], out["bare "+name], out["name of "+name] = o.Code.Pretty(), string(o.Code), o.Username
	}
	return out
}

// here is a person who works on "kopi" only.
func (e *elsewhere) here(role string) *browser {
	e.Helper()
	if _, _, err := e.accounts.CreateUser(ctx, actor.Named("test"), "kopi-"+role, staff.Assignment{Role: role, Sites: []string{"kopi"}}, password); err != nil {
		e.Fatal(err)
	}
	b := e.browser()
	b.submit("/admin/login", "form", "name", "kopi-"+role, "password", password).moved()
	b.submit("/admin/account/password", "main form", "current", password, "password", "kopi tubruk tanpa gula", "again", "kopi tubruk tanpa gula").moved()
	return b
}

// address puts what the other site has into a route, "" for routes about
// nothing that a site has.
func (e *elsewhere) address(path string) string {
	for prefix, values := range map[string][]string{
		"/orders/:code": {":code", string(e.paid.Code)}, "/sell/:code": {":code", string(e.paid.Code)}, "/shift/:id": {":id", e.shift}, "/money/owed/": {":key", e.receivable},
		"/money/stray/": {":gateway", "xendit", ":key", e.unmatched}, "/refunds/:id": {":id", e.refund}, "/staff/:id": {":id", e.staff}, "/alerts/:id": {":id", e.alert},
		"/routers/:id": {":id", "melati-a", ":row", "1"}, "/vouchers/batches/:id": {":id", e.batch.ID}, "/vouchers/sales/:id": {":id", string(e.stock.ID)}, "/vouchers/prints/:id": {":id", e.print},
		"/vouchers/:id": {":id", e.voucher}, "/online/:id": {":id", "melati-a"}, "/compensations/:site": {":site", "kos"}, "/bans/:id/": {":id", e.ban}, "/bans/:site": {":site", "kos", ":mac", "AA:BB:CC:00:00:77"},
		"/catalogue/plans/:id": {":id", "bulanan"}, "/catalogue/sites/:id": {":id", "kos"}, "/catalogue/promotions/:id": {":id", e.promotion},
		"/catalogue/history/:id": {":id", e.change},
	} {
		if strings.HasPrefix(path, prefix) {
			return web.Root + strings.NewReplacer(append(values, ":gateway", e.pay.Gateway, ":key", e.pay.Key)...).Replace(path)
		}
	}
	return ""
}

// end is the end of the audit trail: every act of the panel moves it.
func (e *elsewhere) end() int64 {
	e.Helper()
	seq, _, err := e.Store.AuditEnd(ctx)
	if err != nil {
		e.Fatal(err)
	}
	return seq
}

func (b *browser) token() string {
	b.Helper()
	return b.get("/admin/prove").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")
}

// Every page and act about a thing of another site answers as if it were not there,
// whatever the role, and changes nothing. An account of all sites finds each.
func TestThingsOfAnotherSiteAreNotThere(t *testing.T) {
	e := atKos(t)
	everywhere := e.as(staff.Admin)
	people := map[string]*browser{}
	for _, role := range staff.Roles {
		people[role] = e.here(role)
	}
	asked := 0
	before := e.end()
	for _, r := range routes {
		path := e.address(r.Path)
		switch {
		case path == "" && r.AllSites: // TestWhatHoldsForAllSites
			continue
		case path == "" && strings.Contains(r.Path, ":") && !strings.HasPrefix(r.Path, "/filters/") && !strings.HasPrefix(r.Path, "/account/"):
			t.Errorf("%s %s: nobody knows what it is about", r.Method, r.Path)
			continue
		case path == "":
			continue
		}
		for role, b := range people {
			if !staff.Allowed(role, r.Right) {
				continue
			}
			var form url.Values
			if r.Method == http.MethodPost {
				form = url.Values{"csrf": {b.token()}, "reason": {"karena"}, "typed": {"x"}, "note": {"x"}, "text": {"x"}}
			}
			asked++
			if a := b.do(r.Method, path, form); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s as %s of another site: %d to %s", r.Method, path, role, a.StatusCode, a.Header.Get("Location"))
			}
		}
	}
	if end := e.end(); end != before || asked < 100 {
		t.Errorf("%d acts after %d questions", end-before, asked)
	}
	for _, path := range []string{"/admin/orders/" + string(e.paid.Code), "/admin/shift/" + e.shift, "/admin/refunds/" + e.refund, "/admin/staff/" + e.staff, "/admin/routers/melati-a/edit",
		"/admin/vouchers/batches/" + e.batch.ID, "/admin/vouchers/sales/" + string(e.stock.ID), "/admin/money/stray/xendit/" + e.unmatched + "/assign"} {
		everywhere.get(path).page(http.StatusOK)
	}
}

// Forms that name a thing of another site are refused, and nothing changes.
func TestFormsAboutAnotherSiteAreRefused(t *testing.T) {
	e := atKos(t)
	b := e.here(staff.Admin)
	b.onShift()
	codes, err := e.Store.BatchVouchers(ctx, e.batch.ID, 3, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	own := e.Stocked("sehari", "pojok", 3)
	token, before := b.token(), e.end()
	people, err := e.Store.ListStaff(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		form url.Values
	}{
		{"/sell", url.Values{"site": {"kos"}, "plan": {"bulanan"}, "method": {"cash"}, "nonce": {e.NextNonce()}}},
		{"/sell", url.Values{"site": {"kopi"}, "plan": {"bulanan"}, "method": {"cash"}, "nonce": {e.NextNonce()}}},
		{"/vouchers/new", url.Values{"plan": {"bulanan"}, "router": {"melati-a"}, "count": {"5"}, "mode": {"same"}, "charset": {"lower"}, "length": {"8"}, "nonce": {e.NextNonce()}}},
		{"/vouchers/new", url.Values{"plan": {"sehari"}, "router": {"melati-a"}, "count": {"5"}, "mode": {"same"}, "charset": {"lower"}, "length": {"8"}, "nonce": {e.NextNonce()}}},
		{"/vouchers/sell", url.Values{"plan": {"bulanan"}, "price": {"85000"}, "nonce": {e.NextNonce()}}},
		{"/vouchers/sell", url.Values{"code": {codes[0].Username}, "price": {"85000"}, "nonce": {e.NextNonce()}}},
		{"/catalogue/promotions/new", url.Values{"name": {"Milik saya"}, "cheaper": {"percent"}, "value": {"10"}, "nonce": {e.NextNonce()}}},
		{"/catalogue/promotions/new", url.Values{"name": {"Milik saya"}, "cheaper": {"percent"}, "value": {"10"}, "site-kos": {"1"}, "nonce": {e.NextNonce()}}},
		{"/vouchers/outlets", url.Values{"id": {e.outlet.ID}, "name": {"Milik saya"}, "site": {"kopi"}}},
		{"/vouchers/outlets", url.Values{"name": {"Milik saya"}, "site": {"kos"}}},
		{"/vouchers/outlets", url.Values{"name": {"Milik saya"}, "site": {""}}},
		{"/vouchers/batches/" + own.ID + "/assign", url.Values{"outlet": {e.outlet.ID}, "first": {"1"}, "last": {"2"}}},
		{"/routers/failover", url.Values{"site": {"kos"}, "on": {"yes"}}},
		{"/routers", url.Values{"site": {"kos"}, "name": {"baru"}, "address": {"127.0.0.1:1"}, "user": {"x"}, "password": {"x"}, "untested": {"yes"}}},
		{"/routers/pojok/edit", url.Values{"site": {"kos"}, "name": {"pojok"}, "address": {"127.0.0.1:1"}, "user": {"x"}, "untested": {"yes"}}},
		{"/staff", url.Values{"name": {"baru"}, "role": {"kasir"}, "site": {"kos"}}},
		{"/staff", url.Values{"name": {"baru"}, "role": {"admin"}, "site": {"kopi", "kos"}}},
		{"/staff", url.Values{"name": {"baru"}, "role": {"kasir"}}},
		{"/reports/export", url.Values{"what": {"trend"}, "site": {"kos"}}},
		{"/reports/export", url.Values{"what": {"trend"}, "plan": {"bulanan"}}},
		{"/policy", url.Values{"min_length": {"12"}, "idle_minutes": {"30"}, "expiry_days": {"0"}}},
		{"/money/rules", url.Values{"second_above": {"1"}}},
		{"/reports/fees", url.Values{"qris_percent": {"1"}, "qris_fixed": {"0"}, "va_percent": {"0"}, "va_fixed": {"0"}, "cash_percent": {"0"}, "cash_fixed": {"0"}, "transfer_percent": {"0"}, "transfer_fixed": {"0"}}},
		{"/vouchers/print", url.Values{"paper": {"a4"}, "columns": {"3"}}},
		{"/catalogue/add/plan", url.Values{"site": {"kos"}, "name": {"Baru"}, "price": {"5000"}, "devices": {"1"}, "valid_from": {"purchase"}, "delivery": {"router"}, "act": {"save"}}},
		{"/setup/site", url.Values{"name": {"Baru"}}},
		{"/setup/plan", url.Values{"site": {"kos"}, "name": {"Baru"}, "price": {"5000"}}},
		{"/setup/plan", url.Values{"site": {"kopi"}, "name": {"Baru"}, "price": {"5000"}}},
		{"/setup/trial", url.Values{"router": {"melati-a"}, "plan": {"bulanan"}, "nonce": {e.NextNonce()}}},
		{"/setup/trial", url.Values{"router": {"pojok"}, "plan": {"sehari"}, "nonce": {e.NextNonce()}}},
		{"/setup/gateway", url.Values{"key": {"xnd_development_lain"}, "tokens": {"token-webhook-lain"}}},
		{"/catalogue/add/site", url.Values{"name": {"Baru"}, "slug": {"baru"}, "late_payment": {"activate"}}},
	} {
		c.form.Set("csrf", token)
		if a := b.do(http.MethodPost, web.Root+c.path, c.form); a.StatusCode < 400 || a.StatusCode >= 500 {
			t.Errorf("%s %v: %d to %s", c.path, c.form, a.StatusCode, a.Header.Get("Location"))
		}
	}
	b.do(http.MethodPost, web.Root+"/vouchers/levels", url.Values{"csrf": {token}, "plan": {"bulanan"}, "low": {"1"}}).page(http.StatusNotFound)
	// Oneself neither wider nor elsewhere.
	self, err := e.Store.StaffByName(ctx, "kopi-admin")
	if err != nil {
		t.Fatal(err)
	}
	for _, sites := range [][]string{nil, {"kos"}, {"kopi", "kos"}} {
		consent := b.get(web.Root+"/staff/"+self.ID).page(http.StatusOK).Find("form[action$='/post'] input[name=token]").AttrOr("value", "")
		form := url.Values{"csrf": {token}, "role": {"admin"}, "site": sites, "typed": {"kopi-admin"}, "reason": {"ingin semua"}, "token": {consent}}
		if a := b.do(http.MethodPost, web.Root+"/staff/"+self.ID+"/post", form); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", sites, a.StatusCode)
		}
	}
	if end := e.end(); end != before {
		rows, _ := e.Store.AuditAfter(ctx, before, 10)
		t.Errorf("%d acts: %+v", end-before, rows)
	}
	after, err := e.Store.ListStaff(ctx)
	if err != nil || len(after) != len(people) {
		t.Error(len(after), len(people), err)
	}
}

// No list, dashboard, report or file shows anything of another site; an account of all
// sites finds each of the words, or the test would prove nothing.
func TestNothingOfAnotherSiteIsListed(t *testing.T) {
	e := atKos(t)
	e.Pay(e.Buy("sehari", "qris"))
	e.RunAll()
	all := e.as(staff.Admin)
	found := map[string]bool{}
	read := func(b *browser, role string, r web.Route) []byte {
		if r.Method != http.MethodGet || strings.Contains(r.Path, ":") || !staff.Allowed(role, r.Right) {
			return nil
		}
		return b.get(web.Root + r.Path).body
	}
	more := []string{"/alerts?state=closed", "/orders?view=refund", "/orders?view=late", "/sell?site=kos", "/vouchers/new?site=kos", "/vouchers/find?state=sold", "/vouchers/find?state=stock", "/vouchers/find?batch=" + e.batch.Code[:5],
		"/reports/kpi", "/reports/resale", "/reports/tech", "/reports?period=month", "/vouchers/sell?code=" + "tidak-ada", "/orders?channel=cash", "/vouchers/find?outlet=" + e.outlet.ID}
	for _, role := range staff.Roles {
		b := e.here(role)
		look := func(path string, body []byte) {
			for what, word := range e.told() {
				if bytes.Contains(body, []byte(word)) {
					t.Errorf("%s as %s shows the %s %q", path, role, what, word)
				}
			}
		}
		for _, r := range routes {
			look(r.Path, read(b, role, r))
		}
		for _, path := range more {
			look(path, b.get(web.Root+path).body)
		}
		for _, x := range []struct {
			path, what string
			right      staff.Right
		}{{"/reports/export", "orders", staff.Reports}, {"/reports/export", "sites", staff.Reports}, {"/reports/export", "plans", staff.Reports}, {"/reports/export", "kpi", staff.Reports}, {"/reports/tech/export", "tech", staff.TechReports}} {
			if !staff.Allowed(role, x.right) {
				continue
			}
			body := b.do(http.MethodPost, web.Root+x.path, url.Values{"csrf": {b.token()}, "what": {x.what}, "format": {"csv"}}).body
			if rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll(); err != nil || len(rows) < 1 {
				t.Error(x.what, err)
			}
			look(x.path+" "+x.what, body)
			if bytes.Contains(body, []byte("85000")) {
				t.Errorf("%s: the amount of another site", x.what)
			}
		}
	}
	for _, r := range routes {
		body := read(all, staff.Admin, r)
		for what, word := range e.told() {
			found[what] = found[what] || bytes.Contains(body, []byte(word))
		}
	}
	for _, path := range append(more, "/orders/"+string(e.paid.Code), "/vouchers/batches/"+e.batch.ID) {
		body := all.get(web.Root + path).body
		for what, word := range e.told() {
			found[what] = found[what] || bytes.Contains(body, []byte(word))
		}
	}
	for what := range e.told() {
		if !found[what] && !strings.HasPrefix(what, "name of") {
			t.Errorf("nobody ever sees the %s: this proves nothing", what)
		}
	}
}

// What belongs to no site, or holds for all, is for people of all sites: it is
// neither in the menu nor behind its address.
func TestWhatHoldsForAllSites(t *testing.T) {
	e := atKos(t)
	here, all := e.here(staff.Admin), e.as(staff.Admin)
	menu := here.get("/admin").page(http.StatusOK).Find(".menu nav")
	for _, r := range routes {
		if !r.AllSites || r.Method != http.MethodGet || strings.Contains(r.Path, "export") {
			continue
		}
		here.get(web.Root + r.Path).page(http.StatusForbidden)
		want := http.StatusOK
		if strings.Contains(r.Path, ":") { // there is no thing of that name
			want = http.StatusNotFound
		}
		if r.Path == "/backups/recovery/end" { // no recovery stands
			if to := all.get(web.Root + r.Path).moved(); !strings.Contains(to, "recovery.none") {
				t.Error(to)
			}
			continue
		}
		if r.Path == "/setup/gateway/forget" { // no keys are kept
			want = http.StatusConflict
		}
		all.get(web.Root + r.Path).page(want)
		if menu.Find("a[href='"+web.Root+r.Path+"']").Length() != 0 {
			t.Errorf("%s is in the menu", r.Path)
		}
	}
	if said := text(here.get("/admin").page(http.StatusOK).Find("#board")); strings.Contains(said, "Cadangan") || strings.Contains(said, "gateway") {
		t.Error(said)
	}
}

// A stream ends when its account may not see the subject any more.
func TestAStreamAsksWhoWatches(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	b.get("/admin").page(http.StatusOK)
	s, err := p.Store.StaffByName(ctx, "uji-teknisi")
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := p.Store.SessionsOf(ctx, s.ID, p.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Store.Router(ctx, "melati-a")
	if err != nil {
		t.Fatal(err)
	}
	watches := func() bool { return routers.StillWatches(p.handler, context.Background(), sessions[0].TokenHash, r) }
	if !watches() {
		t.Error("a technician of all sites is sent away")
	}
	b.limit("uji-teknisi", "kopi")
	if watches() {
		t.Error("watches a router of another site")
	}
	b.limit("uji-teknisi", "kos")
	if !watches() || slices.Contains(s.Sites, "kos") {
		t.Error("the router's own site does not count")
	}
	if _, err := p.accounts.EndSessionsOf(ctx, actor.Named("test"), s.ID); err != nil || watches() {
		t.Error("watches after signing out", err)
	}
}
