package golden

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gerai/internal/sim/routerossim"
)

// phrase is the password of every account.
const phrase = "kopi manis pagi hari"

// Who looks at the program.
const (
	visitor = "visitor"
	admin   = "admin"
	kasir   = "kasir"
	teknisi = "teknisi"
	ofKos   = "admin of kos" // an admin who may see one site only
	halfway = "halfway"      // gave the password, lacks the second factor
)

// roles are in the order in which they are shown.
var roles = []string{visitor, kasir, teknisi, ofKos, admin}

// accounts are the names with which they sign in.
var accounts = map[string]string{admin: "admin", kasir: "siti", teknisi: "budi", ofKos: "wati", halfway: "rahma"}

// floor is a shop in the middle of a busy day, with something of everything.
type floor struct {
	*world
	boss   *browser
	staff  map[string]*browser
	orders map[string]string   // code by what became of it
	shops  map[string]string   // page of the customer by the same names
	pages  map[string][]string // addresses worth a look, by what they show
	links  []string            // of invitations, still unused
	setup  answer              // the page that makes the first admin
}

func busy(t testing.TB) *floor {
	t.Helper()
	f := &floor{world: newWorld(t, t.TempDir(), start), staff: map[string]*browser{}, orders: map[string]string{}, shops: map[string]string{}, pages: map[string][]string{}}
	f.first()
	f.createUsers()
	f.customers()
	f.counter()
	f.later(7 * time.Second)
	f.refunds()
	f.more()
	f.vouchers()
	f.hotspot()
	f.later(3 * time.Minute)
	return f
}

// first makes the first admin with the link of the first start; the demo's admin
// needs no second factor.
func (f *floor) first() {
	f.Helper()
	link, err := f.app.SetupLink(f.Context())
	f.must(err)
	f.boss = f.browser()
	path := strings.TrimPrefix(link, baseURL)
	f.setup = f.boss.page(path)
	f.boss.does(path, "main form", "name", "admin", "password", phrase, "again", phrase)
	f.boss.factor()
	f.boss.does("/admin/policy", "main form", "second_factor", unset)
	f.boss.does("/admin/account/second", "form[action$='/app/remove']")
	f.staff[admin] = f.boss
	f.staff[visitor] = f.browser()
}

// factor sets up an authenticator app.
func (b *browser) factor() {
	b.Helper()
	const path = "/admin/account/second/app"
	p := b.page(path)
	code, err := totp.GenerateCode(strings.ReplaceAll(p.Find(".steps .mono").Text(), " ", ""), b.clock.Now().Add(time.Second))
	b.must(err)
	if a := b.post(p, path, "main form", "code", code); a.Document == nil || a.Find(".codes").Length() == 0 {
		b.Fatalf("second factor: %d %.300s", a.status, a.body)
	}
}

// createUser makes an account and returns the link that its owner gets.
func (f *floor) createUser(name, role string, pairs ...string) string {
	f.Helper()
	a := f.boss.submit("/admin/staff/new", "main form", append([]string{"name", name, "role", role}, pairs...)...)
	if a.Document == nil || a.Find("#link").Length() == 0 {
		f.Fatalf("hiring %s: %d", name, a.status)
	}
	link := strings.TrimPrefix(a.Find("#link").Text(), baseURL)
	f.links = append(f.links, link)
	return link
}

func (f *floor) begin(name, role string, pairs ...string) *browser {
	f.Helper()
	link, b := f.createUser(name, role, pairs...), f.browser()
	b.does(link, "main form", "password", phrase, "again", phrase)
	return b
}

func (f *floor) createUsers() {
	f.Helper()
	f.staff[kasir], f.staff[teknisi] = f.begin("siti", kasir), f.begin("budi", teknisi)
	f.staff[ofKos] = f.begin("wati", admin, "site", "kos")
	f.staff[teknisi].does("/admin/account", "form[action='/admin/account']", "lang", "en") // one of them reads the other language
	f.begin("rahma", kasir).factor()
	f.clock.Add(time.Minute)
	f.staff[halfway] = f.browser().signIn("rahma")
	f.pages["invite"] = []string{f.createUser("dewi", kasir, "site", "kos")}
	f.createUser("joko", kasir)
	joko := f.boss.page("/admin/staff").Find("th a:contains(joko)").AttrOr("href", "")
	f.boss.does(joko, "form[action$='/disable']", "typed", "joko", "reason", "pindah kerja")
}

// order places an order of a site as a customer does.
func (f *floor) order(name, site, plan string, pairs ...string) (page, code string) {
	f.Helper()
	page = f.browser().does("/h/"+site, "#plan-"+plan, pairs...)
	code = f.codeOf(page)
	f.orders[name], f.shops[name] = code, page
	return page, code
}

// customers order, pay and log in, some of them oddly.
func (f *floor) customers() {
	f.Helper()
	for i := 1; i <= 2; i++ {
		mac, ip := fmt.Sprintf("AA:BB:CC:00:20:%02d", i), fmt.Sprintf("10.5.50.%d", 100+i)
		f.must(f.routers["pojok"].Join(routerossim.Device{MAC: mac, IP: ip, Name: "hp-tamu"}))
		hints := "?" + url.Values{"mac": {mac}, "ip": {ip}, "link-login-only": {"http://login.hotspot/login"}}.Encode()
		page := f.browser().does("/h/kopi-pojok"+hints, "#plan-kopi-1hari", "phone", fmt.Sprintf("0812-3456-78%02d", i))
		f.orders["online"], f.shops["online"] = f.codeOf(page), page
		f.pay(f.orders["online"]+"-1", 0)
		f.want(page, "activated")
		f.browser().does(page, "form[action*='/connect']")
	}
	f.routers["pojok"].Traffic("AA:BB:CC:00:20:01", 3<<20, 90<<20)
	f.order("expired", "kopi-pojok", "kopi-7hari")
	_, code := f.order("late", "kopi-pojok", "kopi-2jam")
	f.later(40 * time.Minute)
	f.pay(code+"-1", 0)
	f.boss = f.boss.signIn("admin")
	f.order("qr", "kopi-pojok", "kopi-7hari", "phone", "081298765432")
	f.order("va", "kos-melati", "kos-10gb", "method", "va:BCA")
	f.order("cancelled", "kopi-pojok", "kopi-2jam")
	_, code = f.order("short", "kos-melati", "kos-bulanan", "method", "va:BRI")
	f.pay(code+"-1", 15000)
	_, code = f.order("over", "kos-melati", "kos-10gb", "method", "va:MANDIRI")
	f.pay(code+"-1", 25000)
	bank, code := f.order("bank", "kos-melati", "kos-bulanan", "method", "va:BCA")
	f.pay(code+"-1", 0)
	f.want(bank, "activated")
	back, code := f.order("back", "kopi-pojok", "kopi-1hari")
	f.pay(code+"-1", 0)
	f.want(back, "activated")
	f.foreign("SALAH-KIRIM-1", 12000)
	f.foreign("SALAH-KIRIM-2", 35000)
}

// foreign makes and pays a charge that none of our orders asked for.
func (f *floor) foreign(reference string, amount int) {
	f.Helper()
	body := fmt.Sprintf(`{"reference_id":%q,"amount":%d,"currency":"IDR","payment_method":{"type":"QR_CODE","reusability":"ONE_TIME_USE","reference_id":%q,"qr_code":{"channel_code":"QRIS"}}}`, reference, amount, reference)
	req, err := http.NewRequest(http.MethodPost, f.app.Config.XenditURL+"/payment_requests", strings.NewReader(body))
	f.must(err)
	req.SetBasicAuth(gatewayKey, "")
	req.Header.Set("Idempotency-Key", "foreign-"+reference)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	f.must(err)
	res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if res.StatusCode >= http.StatusBadRequest {
		f.Fatalf("a foreign charge: %d", res.StatusCode)
	}
	f.clock.Add(time.Second)
	f.pay(reference, 0)
}

// sell sells a plan at the counter and returns the order's code.
func (b *browser) sell(plan string, pairs ...string) string {
	b.Helper()
	return strings.TrimPrefix(b.does("/admin/sell", "#sell", append([]string{"plan", plan}, pairs...)...), "/admin/sell/")
}

// openShift counts the drawer and returns the page of the shift.
func (b *browser) openShift(opening string) string {
	b.Helper()
	b.does("/admin/shift", "form[action='/admin/shift/open']", "opening", opening)
	return strings.TrimSuffix(b.page("/admin/shift").Find("form[action$='/close']").AttrOr("action", ""), "/close")
}

// counter works a shift, closes it with a difference, and opens the next.
func (f *floor) counter() {
	f.Helper()
	k := f.staff[kasir].signIn("siti")
	f.pages["closed shift"] = []string{k.openShift("200.000")}
	f.orders["kept"] = k.sell("kopi-2jam", "given", "5.000")
	k.does("/admin/shift", "form[action$='/close']", "counted", "202.000", "note", "salah kembalian")
	f.pages["kasir's shift"] = []string{k.openShift("150.000")}
	f.orders["counter"] = k.sell("kopi-1hari", "given", "10.000", "phone", "0812-3456-7890")
	f.orders["transfer"] = k.sell("kopi-7hari", "method", "transfer", "reference", "BCA 0091")
	f.orders["wide"] = k.sell("kopi-7hari", "given", "50.000")
	f.boss.openShift("0")
}

func (f *floor) refunds() {
	f.Helper()
	k, b := f.staff[kasir], f.boss
	refund := func(name, amount, reason string) string {
		at := k.page("/admin/orders/"+f.orders[name]).Find("a[href*='/refund/']").AttrOr("href", "")
		return k.does(at, "main form", "typed", amount, "reason", reason)
	}
	approve := func(at, amount string) {
		b.does(at, "form[action$='/approve']", "typed", amount, "reason", "benar")
	}
	asked := refund("wide", "25.000", "pindah rumah")
	cash := refund("counter", "5.000", "mati lampu")
	approve(cash, "5.000")
	hand := refund("bank", "85.000", "salah paket")
	approve(hand, "85.000")
	done := refund("back", "5.000", "sinyal lemah")
	approve(done, "5.000")
	no := refund("online", "5.000", "ingin ganti paket")
	b.does(no, "form[action$='/reject']", "reason", "voucher sudah dipakai")
	f.pages["refunds"] = []string{asked, cash, hand, done, no}
}

// more are acts of the admin on orders.
func (f *floor) more() {
	f.Helper()
	b := f.boss
	page := func(name string) string { return "/admin/orders/" + f.orders[name] }
	b.does(page("cancelled")+"/cancel", "main form", "typed", f.orders["cancelled"], "reason", "salah pesan")
	again, code := f.order("credit", "kopi-pojok", "kopi-2jam")
	b.does(page("credit")+"/cancel", "main form", "typed", code, "reason", "ganti paket")
	b.does(page("credit")+"/force", "main form", "typed", code, "reason", "pelanggan lama, bayar besok")
	f.want(again, "activated")
	b.does(page("short"), "form[action$='/note']", "text", "Sudah ditelepon, akan melunasi sore ini.")
	for _, who := range []*browser{b, f.staff[kasir]} {
		who.does("/admin/orders?view=late", "form[action='/admin/filters']", "name", "Telat minggu ini")
	}
}

// vouchers makes batches in every state, assigns some, prints and sells.
func (f *floor) vouchers() {
	f.Helper()
	b, k := f.boss, f.staff[kasir]
	f.boss.signIn("admin")
	batch := func(plan, site, router, count, note string) string {
		b.does("/admin/vouchers/new?site="+site, "form.card", "plan", plan, "router", router, "count", count, "note", note)
		return b.page("/admin/vouchers").Find("a[href*='/batches/']").AttrOr("href", "")
	}
	b.does("/admin/vouchers/outlets", "form.narrow", "name", "Warung Pak Joko", "note", "Ambil tiap Senin")
	outlet := b.page("/admin/vouchers/outlets").Find("a[href*='edit=']").AttrOr("href", "")
	b.does("/admin/vouchers/outlets", "form.narrow", "name", "Warung Bu Tini", "phone", "0813-1111-2222", "note", "Depan masjid")
	first := batch("kopi-1hari", "kopi", "pojok", "40", "loket")
	b.does(first, "form[action$='/assign']", "first", "1", "last", "15")
	print := func(who *browser, format, from, to string) string {
		return who.does(first+"/print", "main form", "first", from, "last", to, "format", format)
	}
	f.pages["prints"] = []string{print(b, "page", "16", "18"), print(k, "page", "28", "30")}
	f.pages["kasir's sale"] = []string{k.does("/admin/vouchers/sell", "form[method=post][action$='/sell']")}
	f.pages["admin's sale"] = []string{b.does("/admin/vouchers/sell", "form[method=post][action$='/sell']")}
	small := batch("kopi-2jam", "kopi", "pojok", "6", "acara")
	name := strings.Fields(b.page(small).Find("h1").Text())
	b.does(small+"/disable", "main form", "typed", name[len(name)-1], "reason", "acara batal")
	one := func(at string) string {
		return b.page(at).Find("tbody a[href^='/admin/vouchers/']").First().AttrOr("href", "")
	}
	f.pages["vouchers"] = []string{one(small), one(first)}
	f.routers["melati-b"].SetFaults(routerossim.Faults{Down: true})
	paused := batch("kos-hemat", "kos", "melati-b", "9", "blok.b")
	b.does(paused, "form[action$='/pause']")
	running := batch("kos-10gb", "kos", "melati-b", "12", "blok.a")
	b.does("/admin/vouchers", "form[action$='/levels']", "low", "50")
	f.pages["batches"] = []string{first, small, paused, running}
	f.pages["outlet"] = []string{outlet}
}

// hotspot fills a router's lists; another one is away, a third was removed.
func (f *floor) hotspot() {
	f.Helper()
	b, on := f.boss, "/admin/routers/pojok/"
	b.does(on+"bindings/new", "main form.card", "mac-address", "AA:BB:CC:DD:EE:01", "type", "bypassed", "comment", "printer kasir")
	b.does(on+"bindings/new", "main form.card", "mac-address", "AA:BB:CC:DD:EE:02", "type", "blocked", "comment", "tetangga")
	b.does(on+"garden/new", "main form.card", "dst-host", "*.bank.example", "action", "allow", "comment", "internet banking")
	b.does(on+"garden-ip/new", "main form.card", "dst-address", "203.0.113.7", "protocol", "tcp", "dst-port", "443", "action", "accept", "comment", "server absen")
	b.does("/admin/routers/new", "main form.card", "name", "gudang", "address", "127.0.0.1:9", "user", "gerai", "password", "rahasia-lama", "act", "save", "untested", "yes")
	gone := b.page("/admin/routers").Find("th a:contains(gudang)").AttrOr("href", "")
	b.does(gone+"/remove", "main form", "typed", "gudang", "reason", "dijual")
}
