package storefront

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

// roads brings a real order into every state that the outside world can bring
// about, and says what the page must show there.
var roads = []struct {
	name  string
	with  []shoptest.Option
	go_   func(v *visit) order.Order
	title string
	has   []string // selectors
	hasnt []string
}{
	{name: "pay by code", go_: func(v *visit) order.Order { return v.Buy("sehari", "qris") }, title: "Bayar Rp5.000",
		has:   []string{".qr img[width='280']", "a[href$='qr.png?save=1']", "form[action$='/check'] button", ".steps li[aria-current=step]:contains(Bayar)", "time:contains('10.30 WIB')"},
		hasnt: []string{".voucher", "form[action$='/renew']"}},
	{name: "pay by bank", go_: func(v *visit) order.Order { return v.Buy("bulanan", "va:BCA") }, title: "Transfer Rp85.000",
		has: []string{"#va[readonly]", ".va .big", "button[data-copy='85000']", "time:contains('11.30 WITA')", "form[action$='/method'] button[value=qris]"}, hasnt: []string{".qr", "form[action$='/method'] button[value='va:BCA']"}},
	{name: "gateway down", go_: func(v *visit) order.Order {
		v.Xendit.SetFaults(xenditsim.Faults{Status: 503})
		return v.Buy("sehari", "qris")
	}, title: "Pembayaran sedang terganggu", has: []string{"form[action$='/check'] button:contains('Coba lagi')", "[data-again]"}, hasnt: []string{".qr"}},
	{name: "channel off", go_: func(v *visit) order.Order {
		v.Xendit.SetFaults(xenditsim.Faults{ChannelOff: []string{"BCA"}})
		return v.Buy("bulanan", "va:BCA")
	}, title: "Cara bayar ini sedang tidak tersedia", has: []string{"details[open] form[action$='/method'] button[value=qris]"}, hasnt: []string{".va", ".qr"}},
	{name: "code that does not hold water", with: []shoptest.Option{shoptest.With(func(o *shop.Options) { o.Live = func() bool { return true } })}, go_: func(v *visit) order.Order {
		v.Xendit.SetFaults(xenditsim.Faults{BadQR: "amount"})
		return v.Buy("bulanan", "qris")
	}, title: "Kode bayar ini tidak kami tampilkan", has: []string{"details[open] form[action$='/method']"}, hasnt: []string{".qr", ".test"}},
	{name: "too little", go_: func(v *visit) order.Order {
		o := v.Buy("bulanan", "va:BCA")
		v.PayAmount(o, 60000)
		v.RunAll()
		return o
	}, title: "Masih kurang Rp25.000", has: []string{"details[open] form[action$='/method'] button[value=qris]", ".lead:contains('Rp60.000')"}, hasnt: []string{".voucher"}},
	{name: "too little, paying the rest", go_: func(v *visit) order.Order {
		o := v.Buy("bulanan", "va:BCA")
		v.PayAmount(o, 60000)
		v.RunAll()
		v.post(path(o)+"/method", "method", "qris").moved()
		return o
	}, title: "Bayar Rp25.000", has: []string{".qr img", ".note.good:contains('Rp60.000')"}},
	{name: "expired", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		v.Advance(40 * time.Minute)
		return o
	}, title: "Waktu bayar habis", has: []string{"form[action$='/renew'] input[name=nonce]", "form[action$='/check']"}, hasnt: []string{".qr", "form[action$='/method']", ".steps"}},
	{name: "expired with too little", go_: func(v *visit) order.Order {
		o := v.Buy("bulanan", "va:BCA")
		v.PayAmount(o, 60000)
		v.Advance(40 * time.Minute)
		return o
	}, title: "Masih kurang Rp25.000", has: []string{"main a.btn[href='#bantuan']", "details[open] form[action$='/method']"}, hasnt: []string{"form[action$='/renew']"}},
	{name: "paid, router silent", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		v.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
		v.Pay(o)
		v.RunAll()
		return o
	}, title: "Pembayaran diterima", has: []string{".lead:contains('Tidak perlu bayar lagi')", "h1.good", "[data-again]", ".steps li[aria-current=step]:contains(Aktif)"}, hasnt: []string{".voucher", "form[action$='/check']"}},
	{name: "paid, router away for long", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		_ = v.Shop.Routers.CheckRouters(context.Background())
		v.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
		v.Pay(o)
		v.Advance(time.Minute)
		return o
	}, title: "Pembayaran diterima", has: []string{".lead:contains('tidak terhubung sejak 10.00 WIB')"}, hasnt: []string{".voucher"}},
	{name: "paid, activated later", with: []shoptest.Option{shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[0].Policies.ActivationDelay = 10 * time.Minute })}, go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		v.Pay(o)
		v.RunAll()
		return o
	}, title: "Pembayaran diterima", has: []string{".lead:contains('Voucher aktif pukul 10.10 WIB')"}},
	{name: "router refuses us", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		v.Routers["pojok"].SetFaults(routerossim.Faults{RejectLogin: true})
		v.Pay(o)
		v.Advance(time.Minute)
		return o
	}, title: "Pembayaran diterima, perlu petugas", has: []string{"h1.warn", "main a.btn[href='#bantuan']"}, hasnt: []string{".voucher"}},
	{name: "paid late, site gives back", with: []shoptest.Option{shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = true })}, go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		v.Advance(40 * time.Minute)
		v.Pay(o)
		v.RunAll()
		return o
	}, title: "Pembayaran datang terlambat", has: []string{".card.list li:contains('Rp5.000')"}, hasnt: []string{".voucher"}},
	{name: "active", go_: boughtAtHotspot, title: "Voucher aktif", has: []string{".voucher code", "form[action$='/connect'] button", "dl dd:contains('Kopi Pojok')", "summary:contains('Bukti pembayaran')", "[data-final]"},
		hasnt: []string{".qr", "form[action$='/check']", "a[href*='auto=1']", "meta[http-equiv]"}},
	{name: "paid late", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		v.Advance(40 * time.Minute)
		v.Pay(o)
		v.RunAll()
		return o
	}, title: "Voucher aktif", has: []string{".voucher", ".note.good:contains('terlambat')"}},
	{name: "paid twice", go_: func(v *visit) order.Order {
		o := v.Buy("bulanan", "va:BCA")
		old := v.Reference(o)
		v.post(path(o)+"/method", "method", "qris").moved()
		v.Pay(o)
		v.PayReference(old, 0)
		v.RunAll()
		return o
	}, title: "Voucher aktif", has: []string{".voucher", ".note:contains('dua kali')", ".card.list li:contains('Rp85.000')"}},
	{name: "voucher over", go_: func(v *visit) order.Order {
		o := v.Buy("sejam", "qris")
		v.Pay(o)
		v.RunAll()
		v.Advance(2 * time.Hour)
		return o
	}, title: "Voucher sudah berakhir", has: []string{"main a.btn[href='/h/kopi-pojok']"}, hasnt: []string{".voucher", "form[action$='/connect']"}},
	{name: "cancelled", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		cancel(v, o)
		return o
	}, title: "Pesanan dibatalkan", has: []string{"main a.btn[href='/h/kopi-pojok']"}, hasnt: []string{".qr"}},
	{name: "cancelled, then paid", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		cancel(v, o)
		v.Pay(o)
		v.RunAll()
		return o
	}, title: "Pesanan dibatalkan, uang kembali", has: []string{".card.list li:contains('Rp5.000')"}},
	{name: "given back", go_: func(v *visit) order.Order {
		o := v.Buy("sehari", "qris")
		cancel(v, o)
		v.Pay(o)
		v.RunAll()
		refund(v, o)
		return o
	}, title: "Uang sudah dikembalikan", has: []string{".card.list li:contains('sudah dikembalikan')", "[data-final]"}},
}

// boughtAtHotspot is bought on a device that the hotspot's login page named.
func boughtAtHotspot(v *visit) order.Order {
	v.Helper()
	in := v.Form("sehari", "qris")
	in.Hints = order.Hints{MAC: "AA:BB:CC:DD:EE:FF", IP: "10.5.50.77"}
	o, err := v.Shop.Orders.Place(context.Background(), in)
	if err != nil {
		v.Fatal(err)
	}
	v.Pay(o)
	v.RunAll()
	return o
}

func bought(v *visit) order.Order {
	o := v.Buy("sehari", "qris")
	v.Pay(o)
	v.RunAll()
	return o
}

func cancel(v *visit, o order.Order) {
	v.Helper()
	if err := v.Shop.Orders.Cancel(context.Background(), actor.Named("test"), o.ID, "test"); err != nil {
		v.Fatal(err)
	}
}

// refund does what staff do: notes that the money went back.
func refund(v *visit, o order.Order) {
	v.Helper()
	owed, err := v.Store.Refunds(context.Background(), o.ID)
	if err != nil || len(owed) == 0 {
		v.Fatalf("nothing owed: %v", err)
	}
	for _, r := range owed {
		if err := v.Store.InTx(context.Background(), actor.Named("test"), func(tx *store.Tx) error {
			_, err := tx.FinishRefund(context.Background(), r.ID)
			return err
		}); err != nil {
			v.Fatal(err)
		}
	}
	if _, err := v.Shop.Orders.Reconcile(context.Background(), o.ID, ""); err != nil {
		v.Fatal(err)
	}
}

func TestEveryStateOnItsRealRoad(t *testing.T) {
	for _, road := range roads {
		t.Run(road.name, func(t *testing.T) {
			v := open(t, road.with...)
			o := road.go_(v)
			a := v.get(path(o))
			doc := a.page(http.StatusOK)
			if got := doc.Find("h1").Text(); got != road.title {
				t.Errorf("says %q, want %q: %s", got, road.title, text(doc.Find("main")))
			}
			if got := doc.Find("title").Text(); !strings.HasPrefix(got, road.title) {
				t.Errorf("the tab says %q", got)
			}
			for _, sel := range road.has {
				if doc.Find(sel).Length() == 0 {
					t.Errorf("no %s in %s", sel, text(doc.Find("main")))
				}
			}
			for _, sel := range append(road.hasnt, "meta[http-equiv]", ".note.bad") {
				if doc.Find(sel).Length() != 0 {
					t.Errorf("there is %s", sel)
				}
			}
			checkOrderPage(t, v, o, a, doc)
		})
	}
}

// checkOrderPage asserts what holds for an order page in any state.
func checkOrderPage(t *testing.T, v *visit, o order.Order, a answer, doc *goquery.Document) {
	t.Helper()
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%v", a.Header)
	}
	body := string(a.body)
	now := v.Order(o)
	secret := now.Status == order.Activated && doc.Find(".voucher").Length() > 0
	if strings.Contains(body, now.Password) != secret || strings.Contains(body, now.Username) != secret {
		t.Errorf("%s: credentials are shown: %v", now.Status, !secret)
	}
	codes := doc.Find(".codes dd span[aria-hidden]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if len(codes) != 2 || codes[0] != o.Code.Pretty() || codes[1] != v.ClaimCode(o) {
		t.Errorf("codes: %v", codes)
	}
	if doc.Find("[role=status]").Length() != 1 || doc.Find("[role=status] h1").Length() != 1 {
		t.Error("the state is not in the one status region")
	}
	if strings.Contains(strings.ToLower(doc.Find("main").Text()), "gagal") {
		t.Error("the bare word gagal")
	}
	if n := strings.Count(strings.TrimRight(doc.Find(".lead").Text(), "."), ". "); n > 1 {
		t.Errorf("more than two sentences: %s", doc.Find(".lead").Text())
	}
	if head := v.do(http.MethodHead, path(o), nil); head.StatusCode != http.StatusOK || len(head.body) != 0 {
		t.Errorf("HEAD: %d", head.StatusCode)
	}
	if got := v.get(path(o)+"?lang=en").page(http.StatusOK).Find("html").AttrOr("lang", ""); got != "en" {
		t.Errorf("no English: %q", got)
	}
}

func TestReloadingWithoutScript(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	doc := v.get(path(o)).page(http.StatusOK)
	on := doc.Find("a:contains('Muat ulang otomatis')").AttrOr("href", "")
	doc = v.get(on).page(http.StatusOK)
	if got := doc.Find("meta[http-equiv=refresh]").AttrOr("content", ""); got != "5;url="+path(o)+"?auto=1" {
		t.Errorf("%q", got)
	}
	if got := doc.Find("a:contains('Hentikan')").AttrOr("href", ""); got != path(o) {
		t.Errorf("cannot be switched off: %q", got)
	}
	v.Pay(o)
	v.RunAll()
	if v.get(on).page(http.StatusOK).Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Error("goes on when there is nothing to wait for")
	}
}
