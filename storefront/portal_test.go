package storefront

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

var passing = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Sites[0].Portal = catalog.Portal{SSID: "Kopi;Pojok", Pass: catalog.DefaultPass}
	c.Sites[0].Portal.Pass.On = true
})

// TestA24GracePassOnThePage: what it is, the codes first, one tap, until when,
// and an honest word once it is over.
func TestA24GracePassOnThePage(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		v := open(t, shoptest.OnDatabase(database), passing)
		v.Join("pojok", phone.MAC, phone.IP)
		o := v.Buy("sehari", "qris")
		if got := v.get(path(o)).page(http.StatusOK).Find("#pass"); got.Find("form").Length() != 0 || !strings.Contains(got.Text(), "Sambung ke Wi-Fi Kopi Pojok") {
			t.Errorf("without a device: %s", text(got))
		}
		doc := v.get(path(o) + "?" + atHotspot).page(http.StatusOK)
		section := doc.Find("details#pass")
		if _, open := section.Attr("open"); open || !strings.Contains(text(section), "5 menit (sampai 20 MB)") || !strings.Contains(text(section), "jendela ini bisa tertutup sendiri") {
			t.Errorf("%s", text(section))
		}
		if said := text(section); strings.Index(said, o.Code.Pretty()) > strings.Index(said, "Nyalakan") || !strings.Contains(said, v.ClaimCode(o)) {
			t.Errorf("the codes do not come first: %s", said)
		}
		action, pairs := fields(section.Find("form"))
		look := doc.Find("#live").AttrOr("data-look", "")
		doc = v.get(v.post(action, pairs...).moved()).page(http.StatusOK)
		if got := text(doc.Find("#pass[open] .note.good")); got != "Internet untuk membayar menyala sampai pukul 10.05 WIB." || doc.Find("[role=status] .note.good").Length() != 1 {
			t.Errorf("%q %s", got, text(doc.Find("main")))
		}
		if doc.Find("#live").AttrOr("data-look", "") == look {
			t.Error("another window would not notice")
		}
		if !strings.HasPrefix(v.OnlineAs("pojok", phone.MAC), "gp-") {
			t.Errorf("online as %q", v.OnlineAs("pojok", phone.MAC))
		}
		v.Clock.Add(6 * time.Minute)
		doc = v.get(path(o) + "?m=pass&" + atHotspot).page(http.StatusOK)
		if got := doc.Find("#pass"); got.Find("form").Length() != 0 || !strings.Contains(text(got), "sudah dipakai") || doc.Find("[role=status] .note").Length() != 0 {
			t.Errorf("%s", text(doc.Find("main")))
		}
		to := v.post(path(o)+"/pass", "mac", phone.MAC, "ip", phone.IP).moved()
		if got := v.get(to).page(http.StatusOK).Find("[role=status] .note").Text(); got != "Internet untuk membayar pesanan ini sudah dipakai." {
			t.Errorf("%q", got)
		}
	})
}

func TestNoPassWhereThereIsNone(t *testing.T) {
	v := open(t, passing)
	off := v.Buy("bulanan", "qris")
	if v.get(path(off)+"?"+atHotspot).page(http.StatusOK).Find("#pass").Length() != 0 {
		t.Error("offered where it is off")
	}
	if got := v.get(v.post(path(off)+"/pass", "mac", phone.MAC, "ip", phone.IP).moved()).page(http.StatusOK).Find(".note").Text(); !strings.Contains(got, "tidak menyediakan") {
		t.Errorf("%q", got)
	}
	o := v.Buy("sehari", "qris")
	to := v.post(path(o)+"/pass?lang=en", "mac", "AA:BB:CC:99:99:99", "ip", "10.5.50.77").moved()
	if got := v.get(to).page(http.StatusOK).Find("[role=status] .note").Text(); !strings.Contains(got, "not seen") {
		t.Errorf("%q", got)
	}
	if v.get(path(bought(v))+"?"+atHotspot).page(http.StatusOK).Find("#pass").Length() != 0 {
		t.Error("offered after paying")
	}
}

// TestExtendingOnThePage: one tap orders more of the same account, the new
// order says so, and both pages show the new end.
func TestExtendingOnThePage(t *testing.T) {
	v := open(t)
	o := v.Buy("sejam", "qris")
	v.Pay(o)
	v.RunAll()
	before := v.Order(o)
	page := v.get(path(o) + "?" + atHotspot).page(http.StatusOK)
	form := page.Find("form[action$='/extend']")
	if got := text(form); !strings.Contains(got, "1 Jam: akun yang sama ditambah 1 jam, 1 jam pemakaian, 500 MB.") || !strings.Contains(got, "Perpanjang Rp2.000") {
		t.Errorf("%q", got)
	}
	action, pairs := fields(form)
	to := v.post(action, pairs...).moved()
	carries(t, "the extension", to)
	if again := v.post(action, pairs...).moved(); again != to {
		t.Errorf("a double tap orders twice: %q", again)
	}
	doc := v.get(to).page(http.StatusOK)
	if got := text(doc.Find("main .note.good")); doc.Find(".qr img").Length() != 1 || !strings.Contains(got, "memperpanjang akun "+before.Username) {
		t.Errorf("%q in %s", got, text(doc.Find("main")))
	}
	more, err := v.Store.OrderByToken(t.Context(), order.Token(strings.TrimPrefix(strings.SplitN(to, "?", 2)[0], "/o/")))
	if err != nil || more.Extends != o.ID || more.Hints.MAC != phone.MAC {
		t.Fatalf("%+v %v", more, err)
	}
	v.Pay(more)
	v.RunAll()
	end := "Sampai 24 Nov 2026 12.00 WIB" // ordered at 10.00, an hour and an hour
	for name, p := range map[string]string{"extension": path(more), "first order": path(o)} {
		doc := v.get(p).page(http.StatusOK)
		if got := text(doc.Find("dl.card")); !strings.Contains(got, end) || !strings.Contains(got, "2 jam dari 2 jam") || !strings.Contains(got, "1 GB dari 1 GB") {
			t.Errorf("%s: %s", name, got)
		}
		if doc.Find(".voucher code").First().Text() != before.Username || doc.Find(".voucher code").Last().Text() != before.Password {
			t.Errorf("%s: other credentials", name)
		}
	}
	if got := text(v.get(path(more)).page(http.StatusOK).Find("[role=status] .note.good")); got != "Akun "+before.Username+" sudah diperpanjang." {
		t.Errorf("%q", got)
	}
	// Once it has ended, one tap buys the same again, for a new account.
	v.Advance(2*time.Hour + time.Minute)
	doc = v.get(path(o)).page(http.StatusOK)
	form = doc.Find("form[action$='/extend']")
	if doc.Find("h1").Text() != "Voucher sudah berakhir" || text(form) != "Beli lagi 1 Jam Rp2.000" {
		t.Fatalf("%s", text(doc.Find("main")))
	}
	action, pairs = fields(form)
	doc = v.get(v.post(action, pairs...).moved()).page(http.StatusOK)
	if doc.Find(".qr img").Length() != 1 || strings.Contains(text(doc.Find("main")), "memperpanjang") {
		t.Errorf("%s", text(doc.Find("main")))
	}
}

func TestNothingIsOfferedThatIsSoldNoMore(t *testing.T) {
	v := open(t)
	active, expired := bought(v), v.Buy("sehari", "qris")
	v.Resell(func(c *catalog.Catalogue) { c.Plans[0].Price = 7000 })
	v.Advance(40 * time.Minute)
	if got := text(v.get(path(expired)).page(http.StatusOK).Find("form[action$='/renew'] button")); got != "Buat kode baru Rp7.000" {
		t.Errorf("yesterday's price: %q", got)
	}
	v.Resell(func(c *catalog.Catalogue) { c.Plans[0].Hidden = true })
	v.Clock.Add(2 * time.Second)
	for p, form := range map[string]string{path(active): "form[action$='/extend']", path(expired): "form[action$='/renew']"} {
		doc := v.get(p).page(http.StatusOK)
		if doc.Find(form).Length() != 0 || doc.Find("main a.btn[href='/h/kopi-pojok']").Length() != 1 {
			t.Errorf("%s", text(doc.Find("main")))
		}
	}
	for _, action := range []string{path(active) + "/extend", path(expired) + "/renew"} {
		if got := v.get(v.post(action, "nonce", v.NextNonce()).moved()).page(http.StatusOK).Find(".note").Text(); got != "Paket itu sudah tidak dijual. Pilih paket lain." {
			t.Errorf("%q", got)
		}
	}
}

// TestMovingOnThePage: explained, one tap, three times a day.
func TestMovingOnThePage(t *testing.T) {
	v := open(t)
	o := bought(v)
	old := order.Hints{MAC: "AA:BB:CC:00:01:02", IP: "10.5.50.102"}
	v.Join("pojok", phone.MAC, phone.IP)
	v.Join("pojok", old.MAC, old.IP)
	v.post(path(o)+"/connect", "mac", old.MAC, "ip", old.IP).moved()
	doc := v.get(path(o) + "?" + atHotspot).page(http.StatusOK)
	if got := doc.Find("dl.card").Text(); !contains(got, "1 tersambung, boleh 1 perangkat …:01:02") || strings.Contains(got, "AA:BB") {
		t.Errorf("%s", got)
	}
	form := doc.Find("form[action$='/move']")
	if got := text(form.Parent()); !strings.Contains(got, "Paling banyak 3 kali sehari") {
		t.Errorf("%s", got)
	}
	action, pairs := fields(form)
	for i := range 4 {
		to := v.post(action, pairs...).moved()
		got := v.get(to).page(http.StatusOK).Find("[role=status] .note").Text()
		if want := map[bool]string{true: "Perangkat lain sudah diputus.", false: "Perangkat sudah dipindah beberapa kali hari ini."}[i < 3]; !strings.HasPrefix(got, want) {
			t.Errorf("%d: %q", i, got)
		}
	}
	if v.OnlineAs("pojok", phone.MAC) != v.Order(o).Username || v.OnlineAs("pojok", old.MAC) != "" {
		t.Error("the wrong device is online")
	}
	if got := v.get(path(o) + "?m=moved").page(http.StatusOK).Find("[role=status] .note.good").Length(); got != 1 {
		t.Error("not said")
	}
}

// A router that does not answer is said to be silent; nothing is invented.
func TestUseIsHonest(t *testing.T) {
	v := open(t)
	o := v.Buy("sejam", "qris")
	v.Pay(o)
	v.RunAll()
	v.Join("pojok", phone.MAC, phone.IP)
	v.post(path(o)+"/connect", "mac", phone.MAC, "ip", phone.IP).moved() // until then it is known that nothing was used
	v.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	doc := v.get(path(o)).page(http.StatusOK)
	for _, want := range []string{"Sisa pemakaian belum diketahui, dari 1 jam", "Sisa kuota belum diketahui, dari 500 MB", "Perangkat belum diketahui, dari 1 perangkat", "Sisa waktu 1 jam", "Router belum menjawab."} {
		if !contains(doc.Find("main").Text(), want) {
			t.Errorf("no %q in %s", want, text(doc.Find("main")))
		}
	}
}

// contains compares without blanks: terms and values of a list stand apart by
// markup alone.
func contains(said, want string) bool {
	strip := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return strings.Contains(strip(said), strip(want))
}

func TestUse(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	voucher := func(left time.Duration) orders.View {
		v := orders.View{Now: now, Allowed: order.Item{UptimeLimit: 3 * time.Hour, DataLimit: 1000}, Used: vouchers.Used{At: now, Usage: hotspot.Usage{Uptime: time.Hour, Bytes: 400}}}
		if left != 0 {
			v.Voucher = store.Voucher{ValidUntil: now.Add(left)}
		}
		return v
	}
	if u := use(voucher(0)); u.Uptime != 2*time.Hour || u.Data != 600 || u.Left != 0 {
		t.Errorf("%+v", u)
	}
	if u := use(voucher(30 * time.Minute)); u.Uptime != 30*time.Minute || u.Left != 30*time.Minute {
		t.Errorf("more time than the voucher lives: %+v", u)
	}
	if u := use(voucher(-time.Minute)); u.Uptime != 0 || u.Left != 0 {
		t.Errorf("time after the end: %+v", u)
	}
	over := voucher(0)
	over.Used.Uptime, over.Used.Bytes = 9*time.Hour, 5000
	if u := use(over); u.Uptime != 0 || u.Data != 0 {
		t.Errorf("less than nothing: %+v", u)
	}
	silent := voucher(time.Hour)
	silent.Used = vouchers.Used{}
	if u := use(silent); !u.At.IsZero() || u.Uptime != 0 || u.Left != time.Hour {
		t.Errorf("%+v", u)
	}
	if masked("AA:BB:CC:DD:EE:FF") != "…:EE:FF" || masked("x") != "…" {
		t.Error(masked("AA:BB:CC:DD:EE:FF"))
	}
}

// TestForgettingOnThePage: offered once the order is over, done with one tap,
// refused politely before.
func TestForgettingOnThePage(t *testing.T) {
	v := open(t)
	in := v.Form("sehari", "qris")
	in.Phone, in.Hints = "0812-3456-7890", phone
	o, err := v.Shop.Orders.Place(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if v.get(path(o)).page(http.StatusOK).Find("form[action$='/forget']").Length() != 0 {
		t.Error("offered while the order is open")
	}
	if got := v.get(v.post(path(o) + "/forget").moved()).page(http.StatusOK).Find(".note").Text(); !strings.Contains(got, "belum selesai") {
		t.Errorf("%q", got)
	}
	v.Pay(o)
	v.RunAll()
	doc := v.get(path(o) + "?" + atHotspot).page(http.StatusOK)
	if got := text(doc.Find("details:has(form[action$='/forget'])")); !strings.Contains(got, "08xx-xxxx-7890") || strings.Contains(got, "3456") {
		t.Errorf("%q", got)
	}
	action, pairs := fields(doc.Find("form[action$='/forget']"))
	for range 2 {
		to := v.post(action, pairs...).moved()
		doc = v.get(to).page(http.StatusOK)
		if strings.Contains(to, "mac=") || doc.Find("form[action$='/forget']").Length() != 0 || doc.Find("[role=status] .note.good").Text() != "Nomor HP dan data perangkat sudah dihapus." {
			t.Errorf("%q: %s", to, text(doc.Find("main")))
		}
	}
	if now := v.Order(o); now.Phone != "" || now.Hints != (order.Hints{}) || doc.Find(".voucher code").Length() != 2 {
		t.Errorf("%+v", now)
	}
}

// metered sells an hour online within a day, on one device.
var metered = shoptest.Selling(func(c *catalog.Catalogue) {
	for i := range c.Plans {
		if c.Plans[i].ID == "sehari" {
			c.Plans[i].UptimeLimit, c.Plans[i].SharedUsers = time.Hour, 1
		}
	}
})

// A voucher whose online time is used up says so and offers to extend it; it is
// nowhere called active until the extension is paid.
func TestAUsedUpVoucher(t *testing.T) {
	v := open(t, metered)
	v.Join("pojok", phone.MAC, phone.IP)
	o := bought(v)
	v.post(path(o)+"/connect", "mac", phone.MAC, "ip", phone.IP).moved()
	v.Advance(2 * time.Hour)
	over := func(when string, at string) {
		t.Helper()
		for lang, said := range map[string][]string{"id": {"Voucher sudah habis terpakai", "Perpanjang Rp5.000"}, "en": {"This voucher is used up", "Extend Rp5.000"}} {
			sep := "?"
			if strings.Contains(at, "?") {
				sep = "&"
			}
			main := v.get(at + sep + "lang=" + lang).page(http.StatusOK).Find("main")
			if main.Find("h1").Text() != said[0] || text(main.Find("form[action*='/extend'] button")) != said[1] || main.Find(".voucher, form[action*='/connect'], .note").Length() != 0 || strings.Contains(text(main), "oucher aktif") {
				t.Errorf("%s, %s: %s", when, lang, text(main))
			}
		}
	}
	over("opened", path(o))
	v.Join("pojok", phone.MAC, phone.IP)
	to := v.post(path(o)+"/connect", "mac", phone.MAC, "ip", phone.IP).moved()
	if !strings.Contains(to, "m=voucher.used_up") {
		t.Error(to)
	}
	over("refused", to)
	action, pairs := fields(v.get(path(o)).page(http.StatusOK).Find("form[action$='/extend']"))
	next, err := v.Shop.Orders.View(t.Context(), order.Token(strings.TrimPrefix(strings.SplitN(v.post(action, pairs...).moved(), "?", 2)[0], "/o/")))
	if err != nil {
		t.Fatal(err)
	}
	v.Pay(next.Order)
	v.RunAll()
	if got := v.get(path(o)).page(http.StatusOK).Find("h1").Text(); got != "Voucher aktif" {
		t.Errorf("after the extension: %q", got)
	}
}

// The phone that comes second to a voucher for one device reads what is the
// matter, and the button below moves the voucher to it.
func TestASecondPhoneMovesTheVoucher(t *testing.T) {
	v := open(t, metered)
	second := hotspot.Device{MAC: "AA:BB:CC:00:00:09", IP: "10.5.50.79"}
	v.Join("pojok", phone.MAC, phone.IP)
	v.Join("pojok", second.MAC, second.IP)
	o := bought(v)
	v.post(path(o)+"/connect", "mac", phone.MAC, "ip", phone.IP).moved()
	to := v.post(path(o)+"/connect", "mac", second.MAC, "ip", second.IP).moved()
	main := v.get(to).page(http.StatusOK).Find("main")
	if got := text(main.Find("[role=status] .note")); got != "Voucher ini sedang dipakai perangkat lain. Pindahkan ke sini bila ingin memakainya di perangkat ini." {
		t.Errorf("%q", got)
	}
	form := main.Find("[role=status] ~ form[action*='/move']").First()
	if got := text(form.Find("button")); got != "Pindahkan ke perangkat ini" {
		t.Fatalf("%q in %s", got, text(main))
	}
	action, pairs := fields(form)
	main = v.get(v.post(action, pairs...).moved()).page(http.StatusOK).Find("main")
	if v.OnlineAs("pojok", second.MAC) == "" || v.OnlineAs("pojok", phone.MAC) != "" || main.Find("[role=status] ~ form[action*='/move']").Length() != 0 {
		t.Errorf("%q, %q online; %s", v.OnlineAs("pojok", phone.MAC), v.OnlineAs("pojok", second.MAC), text(main))
	}
}

// A voucher that is deleted, switched off or locked to another phone on the
// router has its own sentence too.
func TestWhatTheRouterRefuses(t *testing.T) {
	for name, c := range map[string]struct{ set, said string }{
		"deleted":  {"", "Voucher ini dimatikan atau terhapus di router. Coba lagi beberapa menit lagi, atau hubungi kami."},
		"disabled": {"=disabled=yes", "Voucher ini dimatikan atau terhapus di router. Coba lagi beberapa menit lagi, atau hubungi kami."},
		"locked":   {"=mac-address=AA:BB:CC:77:77:77", "Di router, voucher ini dikunci untuk perangkat lain. Hubungi kami untuk membuka kuncinya."},
	} {
		t.Run(name, func(t *testing.T) {
			v := open(t, metered)
			v.Join("pojok", phone.MAC, phone.IP)
			o := bought(v)
			v.ChangeUser("pojok", v.Order(o).Username, c.set)
			to := v.post(path(o)+"/connect", "mac", phone.MAC, "ip", phone.IP).moved()
			if got := text(v.get(to).page(http.StatusOK).Find("[role=status] .note")); got != c.said {
				t.Errorf("%q", got)
			}
		})
	}
}
