package e2e

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/admin"
	"gerai/internal/hotspot"
	"gerai/internal/testenv"
)

// floor is a shop in the middle of a busy day: something of everything, and the accounts
// that look at it.
type floor struct {
	*demo
	boss, kasir, teknisi *panelClient
	halfway              *panelClient        // gave the password, lacks the second factor
	orders               map[string]string   // code by what became of it
	pages                map[string][]string // addresses worth a look, by what they show
	invite               string              // path of an unused invitation
	at                   string              // page of the order whose device is online
	factored             *panelClient        // signed in with a second factor set up
	table                []admin.Entry
	paper                string // code of a voucher in stock
	seen                 seen
}

const phrase = "kopi manis pagi hari"

// busy makes it: a past of two months, then a day of real acts.
func busy(t *testing.T) *floor {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if out, err := exec.Command(path, "seed", "--dir", dir, "--orders", "400", "--days", "60").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f := &floor{demo: own(t, "--dir", dir), orders: map[string]string{}, pages: map[string][]string{}}
	f.table = admin.Routes()
	f.boss = newPanelClient(t, f.demo).signIn(f.Boss, f.Word)
	f.dayOld(t, dir)
	f.staff(t)
	f.customers(t)
	f.foreign(t, dir, "SALAH-KIRIM-1", 12000)
	f.foreign(t, dir, "SALAH-KIRIM-2", 35000)
	f.counter(t)
	f.problems(t)
	f.vouchers(t)
	f.hotspot(t)
	f.compare(t)
	f.finish(t)
	f.unanswered(t, dir)
	return f
}

// order places an order of a site as a customer does and returns its page and
// code.
func (f *floor) order(t *testing.T, name, site, plan string, pairs ...string) (page, code string) {
	t.Helper()
	c := newPanelClient(t, f.demo)
	page = c.does("/h/"+site, "#plan-"+plan, pairs...)
	var s status
	ask(t, http.MethodGet, f.Shop+page+"/status", nil, &s)
	f.orders[name] = s.Order
	return page, s.Order
}

// until waits until an order is what it should be.
func (f *floor) until(t *testing.T, page, want string) {
	t.Helper()
	testenv.Eventually(t, 60*time.Second, func() (bool, string) {
		var s status
		ask(t, http.MethodGet, f.Shop+page+"/status", nil, &s)
		return s.Status == want, s.Order + " is " + s.Status
	})
}

// customers order, pay and log in, some of them oddly.
func (f *floor) customers(t *testing.T) {
	for i := 1; i <= 2; i++ {
		f.at = f.online(t, "online", "pojok-1", "kopi-pojok", "kopi-1hari", i)
	}
	f.traffic(t, "pojok-1", 1, 90<<20)
	f.api(t, "pojok-1", "/tool/netwatch/add", "=host=8.8.8.8", "=comment=internet")
	f.api(t, "pojok-1", "/ip/hotspot/user/add", "=name=tanpa-pesanan", "=password=1234", "=comment=vc-gerai.K7M2Q9XD")
	f.order(t, "qr", "kopi-pojok", "kopi-7hari", "phone", "081298765432")
	f.order(t, "va", "kos-melati", "kos-10gb", "method", "va:BCA")
	f.order(t, "cancelled", "kopi-pojok", "kopi-2jam")
	_, short := f.order(t, "short", "kos-melati", "kos-bulanan", "method", "va:BRI")
	f.pay(t, short+"-1", 15000)
	bank, code := f.order(t, "bank", "kos-melati", "kos-bulanan", "method", "va:BCA")
	f.pay(t, code+"-1", 0)
	f.until(t, bank, "activated")
	twice, code := f.order(t, "back", "kopi-pojok", "kopi-1hari")
	f.pay(t, code+"-1", 0)
	f.until(t, twice, "activated")
	taken, code := f.order(t, "taken", "kopi-pojok", "kopi-7hari")
	f.pay(t, code+"-1", 0)
	f.until(t, taken, "activated")
	for _, row := range f.rows(t, "pojok-1", "ip/hotspot/user") { // looks like somebody else's from now on
		if strings.Contains(row["comment"], code) {
			f.api(t, "pojok-1", "/ip/hotspot/user/set", "=.id="+row[".id"], "=comment=milik pak RT")
		}
	}
}

// counter works a shift, closes it with a difference, and opens the next.
func (f *floor) counter(t *testing.T) {
	k, b := f.kasir, f.boss
	k.does("/admin/sell", "form[action='/admin/shift/open']", "opening", "200.000")
	sell := func(plan string, pairs ...string) string {
		return k.does("/admin/sell", "#sell", append([]string{"plan", plan}, pairs...)...)
	}
	f.orders["kept"] = strings.TrimPrefix(sell("kopi-2jam", "given", "5.000"), "/admin/sell/")
	shift := k.page("/admin/shift").Find("form[action$='/close']").AttrOr("action", "")
	k.does("/admin/shift", "form[action$='/close']", "counted", "202.000", "note", "salah kembalian")
	f.pages["closed shift"] = []string{strings.TrimSuffix(shift, "/close")}
	k.does("/admin/sell", "form[action='/admin/shift/open']", "opening", "150.000")
	receipt := sell("kopi-1hari", "given", "10.000", "phone", "0812-3456-7890")
	k.waits(receipt, "#sold:not([hx-get])")
	f.orders["counter"] = strings.TrimPrefix(receipt, "/admin/sell/")
	b.does("/admin/money/rules", "main form", "most_discount", "10")
	f.orders["several"] = strings.TrimPrefix(sell("kopi-2jam", "quantity", "2", "discount", "5%", "discount_reason", "pelanggan tetap", "given", "50.000"), "/admin/sell/")
	sell("kopi-2jam", "method", "qris_static", "reference", "RRN 4410")
	k.does("/admin/shift", "form[action$='/cash']", "way", "out", "amount", "15.000", "reason", "beli kertas struk")
	k.does("/admin/shift", "form[action$='/cash']", "way", "in", "amount", "20.000", "reason", "tukar uang kecil")
	f.orders["transfer"] = strings.TrimPrefix(sell("kopi-7hari", "method", "transfer", "reference", "BCA 0091"), "/admin/sell/")
	sell("kopi-7hari", "method", "transfer", "reference", "BCA 0092")
	wide := sell("kopi-7hari", "given", "50.000")
	b.does("/admin/shift", "form[action='/admin/shift/open']", "opening", "0")
	f.pages["kasir's shift"] = []string{strings.TrimSuffix(k.page("/admin/shift").Find("form[action$='/close']").AttrOr("action", ""), "/close")}

	k.waits(wide, "#sold:not([hx-get])")
	f.orders["wide"] = strings.TrimPrefix(wide, "/admin/sell/")
	asked := f.refund("wide", "25.000", "pindah rumah")
	cash := f.refund("counter", "5.000", "mati lampu")
	f.approve(cash, "5.000")
	hand := f.refund("bank", "85.000", "salah paket")
	f.approve(hand, "85.000")
	done := f.refund("back", "5.000", "sinyal lemah")
	f.approve(done, "5.000")
	no := f.refund("online", "5.000", "ingin ganti paket")
	b.does(no, "form[action$='/reject']", "reason", "voucher sudah dipakai")
	b.waits(cash, "dl")
	out := f.refund("kept", "3.000", "tidak jadi")
	f.approve(out, "3.000")
	k.waits(out, "form[action$='/cash']")
	k.does(out, "form[action$='/cash']", "typed", "3.000", "reason", "diserahkan di loket")
	b.waits(hand, "form[enctype]")
	f.pages["refunds"] = []string{asked, cash, hand, done, no}

	b.does("/admin/orders/"+f.orders["cancelled"]+"/cancel", "main form", "typed", f.orders["cancelled"], "reason", "salah pesan")
	again, _ := f.order(t, "credit", "kopi-pojok", "kopi-2jam")
	b.does("/admin/orders/"+f.orders["credit"]+"/cancel", "main form", "typed", f.orders["credit"], "reason", "ganti paket")
	b.does("/admin/orders/"+f.orders["credit"]+"/force", "main form", "typed", f.orders["credit"], "reason", "pelanggan lama, bayar besok")
	f.until(t, again, "activated")
	_, code := f.order(t, "settled", "kopi-pojok", "kopi-2jam")
	b.does("/admin/orders/"+code+"/cancel", "main form", "typed", code, "reason", "ganti paket")
	b.does("/admin/orders/"+code+"/force", "main form", "typed", code, "reason", "bayar nanti sore")
	b.does("/admin/money", "li:has(a[href$='"+code+"']) form", "how", "cash")
	b.does("/admin/orders/"+f.orders["short"], "form[action$='/note']", "text", "Sudah ditelepon, akan melunasi sore ini.")
	off := b.page("/admin/money").Find("li:contains('BCA 0091') a[href$='/off']").AttrOr("href", "")
	b.does(off, "main form", "typed", "25.000", "reason", "mutasi rekening tidak ada")
	for _, who := range []*panelClient{b, k} {
		who.does("/admin/orders?view=late", "form[action='/admin/filters']", "name", "Telat minggu ini")
	}
}

// vouchers makes batches in every state, assigns some, prints and sells.
func (f *floor) vouchers(t *testing.T) {
	b := f.boss
	f.boss.waits("/admin/vouchers", "tbody .tag.good")
	first := b.page("/admin/vouchers").Find("a[href*='/batches/']").AttrOr("href", "")
	b.waits(first, "#progress .tag.good")
	outlet := b.page("/admin/vouchers/outlets").Find("a[href*='edit=']").AttrOr("href", "")
	b.does("/admin/vouchers/outlets", "form.narrow", "name", "Warung Bu Tini", "phone", "0813-1111-2222", "note", "Depan masjid")
	b.does(first, "form[action$='/assign']", "first", "1", "last", "15")
	print := func(who *panelClient, format, from, to string) string {
		return who.does(first+"/print", "main form", "first", from, "last", to, "format", format)
	}
	sheet := print(b, "page", "16", "27")
	narrow := print(f.kasir, "page", "28", "30")
	sold := f.kasir.does("/admin/vouchers/sell", "form[method=post][action$='/sell']")
	mine := f.boss.does("/admin/vouchers/sell", "form[method=post][action$='/sell']")
	make := func(plan, site, router, count, note string) string {
		b.does("/admin/vouchers/new?site="+site, "form.card", "plan", plan, "router", router, "count", count, "note", note)
		return b.page("/admin/vouchers").Find("a[href*='/batches/']").AttrOr("href", "")
	}
	bySlip := f.kasir.does("/admin/vouchers/sell", "form[method=post][action$='/sell']", "method", "transfer", "reference", "BCA 0123")
	f.pages["transfer sale"] = []string{bySlip}
	comment := b.page(first).Find("dd.mono").Text()
	for _, row := range f.rows(t, "pojok-1", "ip/hotspot/user") { // in the order in which the router was asked, not of their numbers
		base, _ := hotspot.SplitBound(row["comment"])
		if f.paper == "" && base == comment && f.kasir.page("/admin/vouchers/sell?code="+row["name"]).Find("form[method=post] input[name=code]").Length() == 1 {
			f.paper = row["name"] // neither sold nor at an outlet
		}
	}
	paper := make("kopi-7hari", "kopi", "pojok", "50", "kios")
	b.waits(paper, "#progress .tag.good")
	again := b.does(paper+"/print", "main form", "first", "1", "last", "50", "format", "page")
	twice := b.does(paper+"/print", "main form", "first", "1", "last", "3", "format", "page")
	f.pages["more prints"] = []string{again, twice}
	small := make("kopi-2jam", "kopi", "pojok", "60", "acara")
	b.waits(small, "#progress .tag.good")
	f.pages["more prints"] = append(f.pages["more prints"], b.does(small+"/print", "main form", "first", "1", "last", "3", "format", "page"))
	b.does(small+"/disable", "main form", "typed", b.page(small).Find("h1").Text()[strings.LastIndex(b.page(small).Find("h1").Text(), " ")+1:], "reason", "acara batal")
	one := func(batch string) string {
		return b.page(batch).Find("tbody a[href^='/admin/vouchers/']").First().AttrOr("href", "")
	}
	f.pages["vouchers"] = []string{one(small), one(first)}
	f.router(t, "melati-b", map[string]any{"delay_ms": 400, "only": "/ip/hotspot/user/add"})
	paused := make("kos-hemat", "kos", "melati-b", "900", "blok.b")
	b.does(paused, "form[action$='/pause']")
	given := make("kos-hemat", "kos", "melati-b", "300", "blok.d")
	b.does(given, "form[action$='/cancel']")
	running := make("kos-10gb", "kos", "melati-b", "2000", "blok.a")
	b.does("/admin/vouchers", "form[action$='/levels']", "low", "50")
	f.pages["batches"] = []string{first, small, paused, running, given}
	f.pages["prints"] = []string{sheet, narrow}
	f.pages["kasir's sale"], f.pages["admin's sale"] = []string{sold}, []string{mine}
	f.pages["outlet"] = []string{outlet}
}

// hotspot fills the router's lists and takes one router away.
func (f *floor) hotspot(t *testing.T) {
	b := f.boss
	on := "/admin/routers/pojok/"
	f.router(t, "pojok-1", map[string]any{"wrong_clock_seconds": 7200})
	b.does(on+"bindings/new", "main form.card", "mac-address", "AA:BB:CC:DD:EE:01", "type", "bypassed", "comment", "printer kasir")
	b.does(on+"bindings/new", "main form.card", "mac-address", "AA:BB:CC:DD:EE:02", "type", "blocked", "comment", "tetangga")
	b.does(on+"garden/new", "main form.card", "dst-host", "*.bank.example", "action", "allow", "comment", "internet banking")
	b.does(on+"garden-ip/new", "main form.card", "dst-address", "203.0.113.7", "protocol", "tcp", "dst-port", "443", "action", "accept", "comment", "server absen")
	b.does("/admin/routers/new", "main form.card", "name", "gudang", "address", "127.0.0.1:9", "user", "gerai", "password", "rahasia-lama", "act", "save", "untested", "yes")
	b.does("/admin/routers/new", "main form.card", "name", "atap", "address", "127.0.0.1:9", "user", "gerai", "password", "rahasia-lama", "disabled", "yes", "act", "save", "untested", "yes")
	off := b.page("/admin/routers").Find("th a:contains(atap)").AttrOr("href", "")
	f.pages["off router"] = []string{off, off + "/health", off + "/review"}
	gone := b.page("/admin/routers").Find("th a:contains(gudang)").AttrOr("href", "")
	b.does(gone+"/remove", "main form", "typed", "gudang", "reason", "dijual")
	// A user that an order made says so, one of a paper voucher does not: their pages
	// differ, so each is named here instead of taking the first row of the list.
	var s status
	ask(t, http.MethodGet, f.Shop+f.at+"/status", nil, &s)
	users := b.waits(on+"users?q="+s.Voucher.Username, "tbody th a")
	ordered := users.Find("tbody tr:has(a[href^='/admin/orders/']) th a").AttrOr("href", "")
	const paper = "tbody tr:not(:has(a[href^='/admin/orders/'])) th a"
	plain := b.waits(on+"users", paper).Find(paper).AttrOr("href", "")
	if ordered == "" || plain == "" {
		t.Fatalf("user of an order %q, of a paper voucher %q", ordered, plain)
	}
	f.pages["users"] = []string{ordered, plain}
	f.router(t, "melati-b", map[string]any{"down": true})
	b.waits("/admin/routers", "tbody .tag.bad")
}

// speaks fails where the audit trail of all that was done here has only a key for an act,
// not a sentence.
func (f *floor) speaks(t *testing.T) {
	dumb := map[string]bool{}
	for next := "/admin/audit"; next != ""; {
		p := f.boss.page(next)
		p.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			act := row.Find("td").Eq(1).Find("span").First().Clone()
			key, _, _ := strings.Cut(act.Find(".small").Text(), " ")
			act.Find(".small").Remove()
			dumb[key] = dumb[key] || strings.TrimSpace(act.Text()) == key
		})
		next = p.Find("main p a[href*='before=']").AttrOr("href", "")
	}
	for key, is := range dumb {
		if is {
			t.Errorf("the trail has no sentence for %s", key)
		}
	}
	if len(dumb) < 30 {
		t.Errorf("only %d kinds of acts in the trail: %v", len(dumb), dumb)
	}
}

// finish waits until what was begun has come to rest.
func (f *floor) finish(t *testing.T) {
	f.boss.waits("/admin/money", "a[href*='/stray/'][href$='/assign']")
	f.boss.waits(f.pages["refunds"][1], ".tag")
}
