package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/staff"
	"gerai/internal/voucher"
)

// Who may do what with one voucher beside ending it, and what its page says of it.
func TestActsOnOneVoucher(t *testing.T) {
	p := open(t)
	boss, kasir, teknisi := p.as(staff.Admin), p.as(staff.Kasir), p.as(staff.Teknisi)
	o := p.Bought()
	v := p.VoucherOf(o)
	at := "/admin/vouchers/" + v.ID
	acts := func(b *browser) (out []string) {
		doc := b.get(at).page(http.StatusOK)
		for _, act := range []string{"suspend", "unsuspend", "extend", "move", "disable"} {
			if doc.Find("p.bar a[href$='/"+act+"']").Length() == 1 {
				out = append(out, act)
			}
		}
		return out
	}
	for _, c := range []struct {
		b    *browser
		want string
	}{{boss, "suspend extend move disable"}, {teknisi, "suspend move"}, {kasir, ""}} {
		if got := strings.Join(acts(c.b), " "); got != c.want {
			t.Errorf("offers %q, want %q", got, c.want)
		}
	}
	// A technician finds it, and sees neither its price nor its password.
	if doc := teknisi.get("/admin/vouchers/find?q=" + v.Username).page(http.StatusOK); doc.Find("tbody a").AttrOr("href", "") != at || doc.Find("nav a[href='/admin/vouchers/find']").Length() == 0 {
		t.Error(text(doc.Find("main")))
	}
	if page := string(teknisi.get(at).body); strings.Contains(page, "5.000") || strings.Contains(page, o.Password) {
		t.Error("a technician sees money or the password")
	}

	does := func(b *browser, act, done string, fields ...string) {
		t.Helper()
		fields = append(fields, "typed", o.Username, "reason", "kartu hilang")
		if to := b.submit(at+"/"+act, "form[action$='/"+act+"']", fields...).moved(); to != at+"?m=voucher."+done {
			t.Fatalf("%s: %s", act, to)
		}
		p.RunAll()
	}
	refused := func(b *browser, act, field string, fields ...string) {
		t.Helper()
		fields = append(fields, "reason", "kartu hilang")
		doc := b.submit(at+"/"+act, "form[action$='/"+act+"']", fields...).page(http.StatusUnprocessableEntity)
		if doc.Find("#"+field+"[aria-invalid]").Length() != 1 || doc.Find("#reason").AttrOr("value", "") != "kartu hilang" {
			t.Errorf("%s: %s", act, text(doc.Find("form.card")))
		}
	}
	refused(teknisi, "suspend", "typed", "typed", "lain")
	does(teknisi, "suspend", "suspended")
	if !p.Disabled("pojok", o.Username) {
		t.Fatal("it still works")
	}
	doc := boss.get(at + "?m=voucher.suspended").page(http.StatusOK)
	if tag := text(doc.Find("p > .tag.warn")); !strings.Contains(tag, "Nonaktif sementara") || !strings.Contains(text(doc.Find("ol.time")), "kartu hilang") {
		t.Error(tag, text(doc.Find("ol.time")))
	}
	if got := strings.Join(acts(teknisi), " "); got != "unsuspend move" {
		t.Error(got)
	}
	if tag := text(boss.get("/admin/vouchers/find?q=" + v.Username).page(http.StatusOK).Find("td .tag")); tag != "Nonaktif sementara" {
		t.Error(tag)
	}
	does(teknisi, "unsuspend", "unsuspended")
	if p.Disabled("pojok", o.Username) {
		t.Fatal("it does not work again")
	}

	form := boss.get(at + "/extend").page(http.StatusOK)
	if form.Find("#validity").Length() != 1 || form.Find("#uptime,#data").Length() != 0 {
		t.Error("asks for what the plan leaves unlimited")
	}
	refused(boss, "extend", "validity", "typed", o.Username)
	refused(boss, "extend", "validity", "typed", o.Username, "validity", "dua")
	refused(boss, "extend", "validity", "typed", o.Username, "validity", "745")
	does(boss, "extend", "extended", "validity", "48")
	if now := p.VoucherOf(o); now.Given != (voucher.Grant{Validity: 48 * time.Hour}) {
		t.Errorf("%+v", now.Given)
	}
	if line := text(boss.get(at).page(http.StatusOK).Find("ol.time li").First()); !strings.Contains(line, "2 hari") || !strings.Contains(line, "kartu hilang") {
		t.Error(line)
	}

	refused(teknisi, "move", "router", "typed", o.Username)
	does(teknisi, "move", "moved", "router", "melati-b")
	if now := p.VoucherOf(o); now.RouterID != "melati-b" || p.Users("pojok") != nil {
		t.Errorf("%+v", now)
	}
	doc = boss.get(at).page(http.StatusOK)
	if where := text(doc.Find("dl")); !strings.Contains(where, "melati-b") || !strings.Contains(where, "Sebelumnya di pojok") || !strings.Contains(text(doc.Find("ol.time")), "pojok → melati-b") {
		t.Error(where, text(doc.Find("ol.time")))
	}
}
