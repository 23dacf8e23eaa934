package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/staff"
	"gerai/internal/testenv"
)

// later is how far the shop's clock is ahead of this machine's once dayOld has run.
const later = 26 * time.Hour

// routersOfWalk are those whose health the walk looks at while they answer.
var routersOfWalk = []string{"pojok", "melati-b"}

// dayOld makes the data that must be older than a day: an order that expired, one paid
// late, an ended voucher, an overdue transfer, a dead invitation; a voucher whose user is
// gone. Then it restarts the shop with its clock ahead.
func (f *floor) dayOld(t *testing.T, dir string) {
	t.Helper()
	f.order(t, "expired", "kopi-pojok", "kopi-7hari")
	late, code := f.order(t, "late", "kopi-pojok", "kopi-2jam")
	f.online(t, "ended", "pojok-1", "kopi-pojok", "kopi-1hari", 3)
	f.boss.waits(f.voucher("ended"), "p > .tag.good")
	f.boss.does("/admin/shift", "form[action='/admin/shift/open']", "opening", "0")
	sold := f.boss.does("/admin/sell", "#sell", "plan", "kopi-7hari", "method", "transfer", "reference", "BCA 0077")
	f.orders["overdue"] = strings.TrimPrefix(sold, "/admin/sell/")
	f.boss.does("/admin/shift", "form[action$='/close']", "counted", "0")
	f.boss.does("/admin/money/rules", "main form", "overdue_days", "1")
	f.hire(t, "agus", staff.Teknisi)
	// The review that follows the start finds a user missing. Later it would look only every
	// five minutes, and before, right after a restart of the router, it would put the user back.
	gone, mine := f.order(t, "gone", "kos-melati", "kos-10gb")
	f.pay(t, mine+"-1", 0)
	f.until(t, gone, "activated")
	f.api(t, "melati-a", "/ip/hotspot/user/remove", "=numbers="+f.users(t, mine)[0][".id"])
	// A chart of a router's health needs two quarters of an hour: this one, and one of a day later.
	for _, router := range routersOfWalk {
		f.boss.waits("/admin/routers/"+router+"/health", "table.cards")
	}
	f.demo = f.again(t, dir, "--ahead", later.String())
	f.boss.d = f.demo
	f.router(t, "pojok-1", map[string]any{"reboot": true, "reboot_ms": 1})
	f.boss.signIn(f.Boss, f.Word)
	f.pay(t, code+"-1", 0)
	f.until(t, late, "activated")
	for _, router := range routersOfWalk {
		f.boss.waits("/admin/routers/"+router+"/health", "figure[data-chart]")
	}
}

// voucher is the page of an order's voucher.
func (f *floor) voucher(name string) string {
	const link = "dd a[href^='/admin/vouchers/']"
	return f.boss.waits("/admin/orders/"+f.orders[name], link).Find(link).AttrOr("href", "")
}

// online buys at the hotspot of a router, pays, and logs the device in.
func (f *floor) online(t *testing.T, name, router, site, plan string, i int) string {
	t.Helper()
	mac, ip := fmt.Sprintf("AA:BB:CC:00:20:%02d", i), fmt.Sprintf("10.5.50.%d", 100+i)
	if s := ask(t, http.MethodPost, f.Sim+"/_sim/routers/"+router+"/devices", map[string]any{"mac": mac, "ip": ip, "name": "hp-tamu"}, nil); s != http.StatusOK {
		t.Fatalf("device: %d", s)
	}
	c := newPanelClient(t, f.demo)
	hints := "?" + url.Values{"mac": {mac}, "ip": {ip}, "link-login-only": {"http://login.hotspot/login"}}.Encode()
	page := c.does("/h/"+site+hints, "#plan-"+plan, "phone", fmt.Sprintf("0812-3456-78%02d", i))
	var s status
	ask(t, http.MethodGet, f.Shop+page+"/status", nil, &s)
	f.pay(t, s.Order+"-1", 0)
	f.until(t, page, "activated")
	c.does(page, "form[action*='/connect']")
	f.orders[name] = s.Order
	return page
}

// traffic adds bytes to a device's session.
func (f *floor) traffic(t *testing.T, router string, i, down int) {
	t.Helper()
	mac := fmt.Sprintf("AA:BB:CC:00:20:%02d", i)
	if s := ask(t, http.MethodPost, f.Sim+"/_sim/routers/"+router+"/traffic", map[string]any{"mac": mac, "up": 3 << 20, "down": down}, nil); s != http.StatusOK {
		t.Fatalf("traffic: %d", s)
	}
}

// problems makes orders with every flag and attention reason that the demo can produce.
func (f *floor) problems(t *testing.T) {
	t.Helper()
	b := f.boss
	attention := func(page, reason string) {
		testenv.Eventually(t, 60*time.Second, func() (bool, string) {
			var s struct{ Attention string }
			ask(t, http.MethodGet, f.Shop+page+"/status", nil, &s)
			return s.Attention == reason, fmt.Sprintf("%s asks for attention because of %q, not %s", page, s.Attention, reason)
		})
	}
	_, code := f.order(t, "over", "kos-melati", "kos-10gb", "method", "va:MANDIRI")
	f.pay(t, code+"-1", 25000)
	f.online(t, "used up", "melati-a", "kos-melati", "kos-hemat", 4)
	f.traffic(t, "melati-a", 4, 2<<30)
	b.waits(f.voucher("used up"), "p > .tag.warn")

	// Cancelled after a part of the money came.
	page, code := f.order(t, "cancelled paid", "kos-melati", "kos-bulanan", "method", "va:BNI")
	f.pay(t, code+"-1", 20000)
	attention(page, "underpaid")
	b.does("/admin/orders/"+code+"/cancel", "main form", "typed", code, "reason", "tidak jadi")

	// The charge is paid after the counter took cash while the gateway was down.
	page, code = f.order(t, "twice", "kopi-pojok", "kopi-7hari")
	f.gateway(t, map[string]any{"status": 503})
	f.kasir.does("/admin/orders/"+code+"/pay", "main form", "given", "25.000")
	f.pay(t, code+"-1", 0)
	f.gateway(t, map[string]any{})
	f.until(t, page, "activated")

	// The gateway refuses a bank.
	f.gateway(t, map[string]any{"channel_off": []string{"BNI"}})
	f.order(t, "no bank", "kos-melati", "kos-bulanan", "method", "va:BNI")
	f.gateway(t, map[string]any{})

	page, code = f.order(t, "disputed", "kopi-pojok", "kopi-1hari")
	f.gateway(t, map[string]any{"currency": "USD"})
	f.pay(t, code+"-1", 0)
	f.gateway(t, map[string]any{})
	attention(page, "payment_disputed")

	// The router refuses the command.
	f.router(t, "pojok-1", map[string]any{"busy": "failure: not allowed", "only": "/ip/hotspot/user/add"})
	page, code = f.order(t, "refused", "kopi-pojok", "kopi-1hari")
	f.pay(t, code+"-1", 0)
	attention(page, "router_refused")
	page, code = f.order(t, "refunding", "kopi-pojok", "kopi-7hari", "method", "va:BCA")
	f.pay(t, code+"-1", 0)
	attention(page, "router_refused")
	f.router(t, "pojok-1", map[string]any{})
	f.approve(f.refund("refunding", "25.000", "tidak mau menunggu"), "25.000")
	attention(page, "refunding")

	// Staff keep one voucher out for a while, and move another to the site's other router.
	act := func(at, do string, fields ...string) {
		b.does(at+"/"+do, "main form", append(fields, "typed", strings.TrimPrefix(b.page(at).Find("h1").Text(), "Voucher "), "reason", "kartu hilang")...)
	}
	delivered := func(name, site, plan string) string {
		page, code := f.order(t, name, site, plan)
		f.pay(t, code+"-1", 0)
		f.until(t, page, "activated")
		return f.voucher(name)
	}
	kept := delivered("kept out", "kopi-pojok", "kopi-2jam")
	act(kept, "extend", "validity", "1", "uptime", "1")
	act(kept, "suspend")
	b.waits(kept, "p > .tag.warn")
	moved := delivered("moved", "kos-melati", "kos-hemat")
	act(moved, "extend", "data", "100")
	act(moved, "move", "router", "melati-b")
	b.waits(moved, "dd:contains('Sebelumnya di')")

	// One router is down, the site's other router takes over.
	b.waits("/admin/alerts?kind=router_users", "li h2")
	f.router(t, "melati-a", map[string]any{"down": true})
	page, code = f.order(t, "away", "kos-melati", "kos-hemat")
	f.pay(t, code+"-1", 0)
	f.until(t, page, "activated")
	page, code = f.order(t, "ended away", "kos-melati", "kos-hemat")
	f.pay(t, code+"-1", 0)
	f.until(t, page, "activated")
	f.router(t, "melati-a", map[string]any{})
	b.waits("/admin/routers", "tr:has(a[href$='/melati-a']) .tag.good") // and the alert about the other one is over

	// An extension, paid at the counter.
	f.longer(t)

	f.router(t, "pojok-1", map[string]any{"delay_ms": 20000, "only": "/ip/hotspot/user/add"})
	waiting := f.kasir.does("/admin/sell", "#sell", "plan", "kopi-2jam", "given", "3.000")
	f.orders["waiting"] = strings.TrimPrefix(waiting, "/admin/sell/")
	f.record(waiting)
	f.router(t, "pojok-1", map[string]any{"down": true})
	f.kasir.waits(waiting, ".note:contains('belum aktif')")
	f.record(waiting)
	f.router(t, "pojok-1", map[string]any{})
	f.kasir.waits(waiting, "#sold:not([hx-get])")

	// The site has no router.
	b.does("/admin/routers/pojok/edit", "main form.card", "disabled", "yes", "act", "save")
	page, code = f.order(t, "no router", "kopi-pojok", "kopi-1hari")
	f.pay(t, code+"-1", 0)
	attention(page, "no_router")
	f.record("/admin/routers", "/admin/routers/pojok", "/admin/sell/"+code)
	b.does("/admin/routers/pojok/edit", "main form.card", "disabled", "", "act", "save", "untested", "yes")
}

// longer extends the voucher of a device.
func (f *floor) longer(t *testing.T) {
	t.Helper()
	c := newPanelClient(t, f.demo)
	page := c.does(f.at, "form[action$='/extend']")
	var s status
	ask(t, http.MethodGet, f.Shop+page+"/status", nil, &s)
	f.orders["longer"] = s.Order
	f.kasir.does("/admin/orders/"+s.Order+"/pay", "main form", "given", "5.000")
	f.until(t, page, "activated")
}

// record keeps pages in a state that does not last until the walk.
func (f *floor) record(paths ...string) {
	for _, path := range paths {
		route, _, _ := strings.Cut(path, "?")
		e, _ := routeOf(f.table, http.MethodGet, route)
		f.seen.add(e.Path, f.boss.page(path).Document)
	}
}

// refund requests a refund and returns its page.
func (f *floor) refund(name, amount, reason string) string {
	page := "/admin/orders/" + f.orders[name]
	at := f.kasir.waits(page, "a[href*='/refund/']").Find("a[href*='/refund/']").AttrOr("href", "")
	return f.kasir.does(at, "main form", "typed", amount, "reason", reason)
}

// approve approves a refund.
func (f *floor) approve(at, amount string) {
	f.boss.does(at, "form[action$='/approve']", "typed", amount, "reason", "benar")
}

// refundAtGateway refunds a charge without the panel, as the gateway's dashboard does.
func (f *floor) refundAtGateway(t *testing.T, dir, order string, amount int) {
	t.Helper()
	all := f.charges(t, order)
	if len(all) == 0 {
		t.Fatalf("no charge of %s", order)
	}
	body, err := json.Marshal(map[string]any{"payment_request_id": all[0].ID, "reference_id": "dashboard-" + order, "amount": amount, "reason": "REQUESTED_BY_CUSTOMER", "currency": "IDR"})
	if err != nil {
		t.Fatal(err)
	}
	f.atGateway(t, dir, "/refunds", "dashboard-"+order, bytes.NewReader(body))
}

// unanswered leaves routers and the gateway in their faults, so that what waits for them
// keeps its state for the whole walk.
func (f *floor) unanswered(t *testing.T, dir string) {
	t.Helper()
	b := f.boss
	b.waits(f.voucher("online"), "p > .tag.good")
	f.refundAtGateway(t, dir, f.orders["online"], 5000)
	const outside = "li:contains('dibuat di luar panel') a"
	f.pages["external"] = []string{b.waits("/admin/orders/"+f.orders["online"], outside).Find(outside).AttrOr("href", "")}
	stopping := f.refund("away", "4.000", "sinyal hilang")
	f.approve(stopping, "4.000")
	ended := f.voucher("ended away")
	b.does(ended+"/disable", "main form", "money", "keep", "typed", strings.TrimPrefix(b.page(ended).Find("h1").Text(), "Voucher "), "reason", "dipakai orang lain")
	excess := b.page("/admin/orders/"+f.orders["over"]).Find("a[href^='/admin/refunds/']").AttrOr("href", "")
	f.approve(excess, "5.000")
	b.waits(excess, "form[enctype]")
	b.uploads(excess, "form[enctype]", "proof", "typed", "5.000", "reason", "ditransfer balik")

	b.does("/admin/routers", "form.bar[action$='/failover']", "after", "3600") // no other router takes what waits
	f.router(t, "melati-a", map[string]any{"down": true})                      // closes the open connection: only logins are rejected
	f.router(t, "melati-a", map[string]any{"reject_login": true})
	b.waits("/admin/routers", "tr:contains(melati-a) .tag.bad")
	_, code := f.order(t, "config", "kos-melati", "kos-hemat")
	f.pay(t, code+"-1", 0)
	b.waits("/admin/orders/"+code, ".tag:contains('setelan router')")
	b.does("/admin/vouchers/new?site=kos", "form.card", "plan", "kos-hemat", "router", "melati-a", "count", "50", "note", "blok.c")
	stopped := b.page("/admin/vouchers").Find("a[href*='/batches/']").AttrOr("href", "")
	b.waits(stopped, "#progress .tag.bad")
	f.pages["batches"] = append(f.pages["batches"], stopped)

	b.does("/admin/policy", "main form", "complexity", "1")

	// The gateway calls the disputed order paid and names no rupiah: that is told after it was
	// read a few times. Were the gateway away before, its being away would be told instead, on
	// machines that take more than a minute for the rest.
	b.waits("/admin/alerts?kind=unconfirmed_claim", "li h2")
	f.gateway(t, map[string]any{"get_down": true, "drop_webhooks": true})
	sent := f.refund("late", "3.000", "tidak dipakai")
	f.approve(sent, "3.000")
	b.waits(sent, ".tag:contains('dikirim gateway')")
	f.pages["refunds"] = append(f.pages["refunds"], stopping, sent, excess)

	for _, kind := range []string{"transfer_overdue", "orphan_users", "router_clock"} {
		b.waits("/admin/alerts?kind="+kind, "li h2")
	}
	for _, kind := range []string{"router_down", "unmatched_money"} {
		at := "/admin/alerts?kind=" + kind
		b.does(at, "form[action$='/ack']", "note", "sudah dilihat")
	}
}

// stateStops are further pages of a role that show the remaining states. The browser opens
// only those that hold an element of a kind not seen before.
func (f *floor) stateStops(role string) (out []string) {
	switch role {
	case staff.Admin:
		for _, name := range []string{"expired", "late", "over", "cancelled paid", "twice", "disputed", "refused", "refunding", "no router", "overdue", "transfer", "config", "away", "cancelled", "ended"} {
			out = append(out, "/admin/orders/"+f.orders[name])
		}
		for _, name := range []string{"ended", "online", "used up", "twice", "ended away", "kept out", "moved"} {
			out = append(out, f.voucher(name))
		}
		out = append(out, f.voucher("kept out")+"/extend", f.voucher("online")+"/extend")
		for _, do := range []string{"/suspend", "/extend", "/move"} {
			out = append(out, f.voucher("moved")+do)
		}
		for _, state := range []string{"sold", "active", "expired", "disabled"} {
			out = append(out, "/admin/vouchers/find?state="+state)
		}
		out = append(out, "/admin/online?q=tidak-ada", "/admin/search", "/admin/search?q=x", "/admin/search?q=tidak-ada", "/admin/search?q=081", "/admin/search?q=melati", "/admin/online?site=kopi-pojok", "/admin/orders", "/admin/alerts", "/admin/alerts?state=closed", "/admin/audit?actor=tidak-ada",
			"/admin/orders?q=tidak-ada", "/admin/vouchers/find?q=tidak-ada", "/admin/sell?phone=0899999999", "/admin/sell?phone=1", "/admin/routers/pojok/users?q=tidak-ada",
			"/admin/reports?from=2020-01-01&to=2020-01-02", "/admin/sell/"+f.orders["refused"], "/admin/sell/"+f.orders["counter"]+"?w=80", "/admin/sell/"+f.orders["several"],
			fmt.Sprint("/admin/routers/pojok/back?since=", time.Now().Add(later).UnixMilli()), fmt.Sprint("/admin/routers/melati-b/back?since=", time.Now().Add(later-20*time.Minute).UnixMilli()))
		out = append(out, f.pages["external"]...)
		out = append(out, "/admin/routers/melati-b/health", "/admin/routers/pojok/log?topic=tidak-ada", "/admin/vouchers/sell?code="+f.paper, f.voucher("online")+"/disable", "/admin/sell/"+f.orders["ended"], "/admin/sell/"+f.orders["longer"])
		out = append(out, f.pages["off router"]...)
		out = append(out, f.pages["more prints"]...)
		out = append(out, f.pages["transfer sale"]...)
		out = append(out, f.boss.page("/admin/routers/pojok/users").Find("a[rel=next]").AttrOr("href", ""))
		for _, kind := range ends("alert.") {
			out = append(out, "/admin/alerts?kind="+kind, "/admin/alerts?state=closed&kind="+kind)
		}
		out = append(out, f.boss.page("/admin/routers/pojok/profiles").Find("th a:contains('gerai')").AttrOr("href", ""))
		people := f.boss.page("/admin/staff")
		for _, name := range []string{"joko", "rahma", "dewi", "agus", "admin"} {
			at := people.Find("th a:contains("+name+")").AttrOr("href", "")
			out = append(out, at, "/admin/audit?person="+strings.TrimPrefix(at, "/admin/staff/"))
		}
	}
	return out
}
