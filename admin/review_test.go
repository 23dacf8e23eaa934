package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/staff"
)

// What a review leaves to a person stands on the alert, on the router's page and on the
// voucher's, and is put back from there: all by a teknisi, one by a kasir.
func TestPuttingVouchersBack(t *testing.T) {
	p := open(t)
	p.Clock.Add(time.Hour) // the router started long ago
	var sold []order.Order
	for range 2 {
		sold = append(sold, p.Bought())
	}
	p.Review()
	admin, kasir, teknisi := p.as(staff.Admin), p.as(staff.Kasir), p.as(staff.Teknisi)
	page := "/admin/routers/pojok/review"
	if said := text(teknisi.get(page).page(http.StatusOK).Find("main")); !strings.Contains(said, "2 pengguna") && !strings.Contains(said, "3 pengguna") || !strings.Contains(said, "Tidak ada") {
		t.Error(said)
	}
	p.lose(sold...)
	alert := teknisi.get("/admin/alerts").page(http.StatusOK).Find("li.card").First()
	if said := text(alert); !strings.Contains(said, "2 × tidak ada di router") || alert.Find("a").AttrOr("href", "") != page {
		t.Error(said)
	}
	doc := teknisi.get(page).page(http.StatusOK)
	if said := text(doc.Find("main")); doc.Find("tbody tr").Length() != 2 || !strings.Contains(said, "Dihapus dari router") || !strings.Contains(said, "2 × tidak ada di router") {
		t.Error(said)
	}
	for _, who := range []*browser{teknisi, admin} {
		if who.get(page).page(http.StatusOK).Find("tbody a[href^='/admin/vouchers/']").Length() != 2 {
			t.Error("nothing leads to the vouchers")
		}
	}
	if a := kasir.get(page); a.StatusCode != http.StatusForbidden {
		t.Error(a.StatusCode)
	}
	if a := kasir.get(page + "/restore"); a.StatusCode != http.StatusForbidden {
		t.Error(a.StatusCode)
	}

	// A kasir puts one back, from its page.
	voucher := "/admin/vouchers/" + p.VoucherOf(sold[0]).ID
	doc = kasir.get(voucher).page(http.StatusOK)
	if doc.Find("a[href$='/restore']").Length() != 1 || !strings.Contains(text(doc.Find("main")), "tidak ada di router") {
		t.Error(text(doc.Find("main")))
	}
	for _, missing := range [][]string{{"typed", "lain", "reason", "hilang"}, {"typed", sold[0].Username}, {"typed", sold[0].Username, "reason", "hilang", "token", ""}} {
		if a := kasir.submit(voucher+"/restore", "form[action$='/restore']", missing...); a.StatusCode < 400 {
			t.Errorf("%v: %d", missing, a.StatusCode)
		}
	}
	if to := kasir.submit(voucher+"/restore", "form[action$='/restore']", "typed", sold[0].Username, "reason", "pelanggan di depan").moved(); !strings.Contains(to, "voucher.restored") {
		t.Error(to)
	}
	doc = kasir.get(voucher).page(http.StatusOK)
	if said := text(doc.Find("main")); doc.Find("a[href$='/restore']").Length() != 0 || !strings.Contains(said, "pelanggan di depan") {
		t.Error(said)
	}
	if n := len(p.Users("pojok")); n != 1 {
		t.Fatalf("%d users on the router", n)
	}

	// A teknisi puts the rest back.
	if to := teknisi.submit(page+"/restore", "form[action$='/restore']", "typed", "pojok", "reason", "router direset").moved(); !strings.Contains(to, "users_restore") {
		t.Error(to)
	}
	if doc = teknisi.get(page).page(http.StatusOK); !strings.Contains(text(doc.Find("main")), "sedang dikembalikan") || doc.Find("a[href$='/review/restore']").Length() != 0 {
		t.Error(text(doc.Find("main")))
	}
	p.RunAll()
	p.Review()
	if said := text(teknisi.get(page).page(http.StatusOK).Find("main")); !strings.Contains(said, "Tidak ada") || len(p.Users("pojok")) != 2 {
		t.Error(said, p.Users("pojok"))
	}
	p.WantNoAlerts()
	if rows := p.auditRows("pojok"); !strings.Contains(rows, "router.users_restore") {
		t.Error(rows)
	}
}

// lose takes users from the router as a hand does, and lets the shop see it.
func (p *panel) lose(sold ...order.Order) {
	p.Helper()
	for _, o := range sold {
		p.Must(p.RemoveUser("pojok", o.Username))
	}
	p.Review()
}

// How long ended users stay is said by an admin of all sites.
func TestKeepEndedUsers(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	if v := b.get("/admin/routers").page(http.StatusOK).Find("#days").AttrOr("value", ""); v != "7" {
		t.Errorf("%q days", v)
	}
	for _, wrong := range []string{"", "-1", "4000", "x"} {
		a := b.submit("/admin/routers", "form[action$='/ended']", "days", wrong)
		if doc := a.page(http.StatusUnprocessableEntity); !strings.Contains(text(doc.Find("[role=alert]")), "3650") {
			t.Errorf("%q: %s", wrong, text(doc.Find("[role=alert]")))
		}
	}
	b.submit("/admin/routers", "form[action$='/ended']", "days", "30").moved()
	if days, err := p.Store.KeepEndedDays(t.Context()); err != nil || days != 30 {
		t.Error(days, err)
	}
	for _, role := range []string{staff.Kasir, staff.Teknisi} {
		other := p.as(role)
		if a := other.post("/admin/routers/ended", "days", "1"); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", role, a.StatusCode)
		}
		if role == staff.Teknisi && other.get("/admin/routers").page(http.StatusOK).Find("form[action$='/ended']").Length() != 0 {
			t.Error("offered to who may not")
		}
	}
}
