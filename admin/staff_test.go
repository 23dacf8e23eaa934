package admin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/staff"
)

func TestOwnAccountPages(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	other := p.browser()
	other.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved()
	doc := b.submit("/admin/account", "form[action='/admin/account']", "name", "Bukan Nama").page(http.StatusUnprocessableEntity)
	if doc.Find("#name").AttrOr("value", "") != "Bukan Nama" || doc.Find("#name[aria-invalid]").Length() != 1 {
		t.Error("what was typed is lost")
	}
	if to := b.submit("/admin/account", "form[action='/admin/account']", "lang", "en").moved(); to != "/admin/account?m=account_saved" {
		t.Error(to)
	}
	if lang := b.get("/admin/account").page(http.StatusOK).Find("html").AttrOr("lang", ""); lang != "en" {
		t.Error(lang)
	}
	if n := b.get("/admin/account").page(http.StatusOK).Find("tbody tr").Length(); n != 2 {
		t.Errorf("%d sessions", n)
	}
	const fresh = "kopi manis pagi hari"
	doc = b.submit("/admin/account/password", "main form", "current", "salah salah salah", "password", fresh, "again", fresh).page(http.StatusUnprocessableEntity)
	if doc.Find("#current[aria-invalid]").Length() != 1 || strings.Contains(text(doc.Find("body")), fresh) || doc.Find("input[value='"+fresh+"']").Length() != 0 {
		t.Error("the message is not at its field, or a password comes back")
	}
	if to := b.submit("/admin/account/password", "main form", "current", password, "password", fresh, "again", fresh).moved(); to != "/admin/account?m=password_changed" {
		t.Error(to)
	}
	if to := other.get("/admin").moved(); !strings.HasPrefix(to, "/admin/login") {
		t.Error("the other session lives:", to)
	}
	other.submit("/admin/login", "form", "name", "uji-kasir", "password", fresh).moved()
	if to := b.submit("/admin/account", "form[action$='end-others']").moved(); to != "/admin/account?m=sessions_ended" {
		t.Error(to)
	}
	if to := other.get("/admin").moved(); !strings.HasPrefix(to, "/admin/login") {
		t.Error(to)
	}
}

func TestHiringByLink(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.submit("/admin/staff/new", "main form", "name", "Budi Santoso", "role", staff.Teknisi, "site", "kos").page(http.StatusUnprocessableEntity)
	if doc.Find("#name").AttrOr("value", "") != "Budi Santoso" || doc.Find("input[value=teknisi][checked]").Length() != 1 || doc.Find("input[value=kos][checked]").Length() != 1 {
		t.Error("what was typed is lost")
	}
	link := text(b.submit("/admin/staff/new", "main form", "name", "budi", "role", staff.Teknisi, "site", "kos").page(http.StatusOK).Find("#link"))
	path, found := strings.CutPrefix(link, "http://shop.test")
	if !found {
		t.Fatal(link)
	}
	if a := b.submit("/admin/staff/new", "main form", "name", "budi", "role", staff.Teknisi); a.StatusCode != http.StatusConflict || strings.Contains(string(a.body), "invite?token") {
		t.Error("added twice:", a.StatusCode)
	}
	c := p.browser()
	c.submit(path, "main form", "password", "password1234", "again", "password1234").page(http.StatusUnprocessableEntity)
	if to := c.submit(path, "main form", "password", "kopi manis pagi hari", "again", "kopi manis pagi hari").moved(); to != "/admin" {
		t.Error(to)
	}
	if who := text(c.get("/admin").page(http.StatusOK).Find(".who summary")); who != "budi teknisi" {
		t.Error(who)
	}
	doc = p.browser().get(path).page(http.StatusNotFound)
	if !strings.Contains(text(doc.Find("main")), "sudah dipakai") {
		t.Error(text(doc.Find("main")))
	}
	// His routers are those of his site.
	routers := text(c.get("/admin/routers").page(http.StatusOK).Find("tbody"))
	if !strings.Contains(routers, "melati-a") || strings.Contains(routers, "pojok") {
		t.Error(routers)
	}
}

// Acts on accounts need the name, a reason and a fresh proof; missing any of
// them nothing happens.
func TestActsOnAccountsAreConfirmed(t *testing.T) {
	p := open(t)
	b, kasir := p.as(staff.Admin), p.as(staff.Kasir)
	siti, err := p.Store.StaffByName(context.Background(), "uji-kasir")
	if err != nil {
		t.Fatal(err)
	}
	page := "/admin/staff/" + siti.ID
	disable := "form[action$='/disable']"
	for _, pairs := range [][]string{{}, {"typed", "uji-kasir"}, {"typed", "uji-admin", "reason", "pindah kerja"}, {"reason", "pindah kerja"}} {
		doc := b.submit(page, disable, pairs...).page(http.StatusUnprocessableEntity)
		if doc.Find("#disable[open] #wrong").Length() != 1 || doc.Find("#wrong").Length() != 1 {
			t.Errorf("%v: the form is not shown again with its message", pairs)
		}
	}
	p.Clock.Add(6 * time.Minute)
	b.submit("/admin/prove?next="+page, "main form", "password", password).moved()
	form := b.get(page).page(http.StatusOK).Find(disable)
	token := form.Find("input[name=csrf]").AttrOr("value", "")
	p.Clock.Add(6 * time.Minute)
	complete := url.Values{"csrf": {token}, "typed": {"uji-kasir"}, "reason": {"pindah kerja"}, "back": {page}}
	if to := b.do(http.MethodPost, page+"/disable", complete).moved(); !strings.HasPrefix(to, "/admin/prove?next=") {
		t.Error("without a fresh proof:", to)
	}
	kasir.get("/admin").page(http.StatusOK)
	b.submit("/admin/prove?next="+page, "main form", "password", password).moved()
	if to := b.submit(page, disable, "typed", "uji-kasir", "reason", "pindah kerja").moved(); to != page+"?m=staff_disabled" {
		t.Error(to)
	}
	if to := kasir.get("/admin").moved(); !strings.HasPrefix(to, "/admin/login") {
		t.Error(to)
	}
	// On the last admin nothing happens, and it is said why.
	admin, err := p.Store.StaffByName(context.Background(), "uji-admin")
	if err != nil {
		t.Fatal(err)
	}
	own := "/admin/staff/" + admin.ID
	if to := b.submit(own, disable, "typed", "uji-admin", "reason", "coba coba").moved(); to != own+"?m=staff.last_admin" {
		t.Error(to)
	}
	if said := text(b.get(own + "?m=staff.last_admin").page(http.StatusOK).Find(".note.bad")); !strings.Contains(said, "satu admin") {
		t.Error(said)
	}
}

func TestAccountRules(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.submit("/admin/policy", "main form", "min_length", "8", "allow_from", "203.0.113.0/24").page(http.StatusUnprocessableEntity)
	if doc.Find("#min_length").AttrOr("value", "") != "8" || doc.Find("#allow_from").Text() != "203.0.113.0/24" || doc.Find("#min_length[aria-invalid]").Length() != 1 {
		t.Error("what was typed is lost")
	}
	doc = b.submit("/admin/policy", "main form", "allow_from", "203.0.113.0/24").page(http.StatusUnprocessableEntity)
	if !strings.Contains(text(doc.Find("#wrong")), "terkunci") {
		t.Error(text(doc.Find("#wrong")))
	}
	// The test's own address is 0.0.0.0.
	if to := b.submit("/admin/policy", "main form", "allow_from", "203.0.113.0/24\n0.0.0.0/32", "second_factor", staff.Kasir).moved(); to != "/admin/policy?m=policy_saved" {
		t.Fatal(to)
	}
	b.get("/admin").page(http.StatusOK)
	rules, err := p.accounts.Policy(context.Background())
	if err != nil || len(rules.AllowFrom) != 2 || !rules.Demands(staff.Kasir) {
		t.Errorf("%+v %v", rules, err)
	}
	rules.AllowFrom = []string{"203.0.113.0/24"}
	if err := p.accounts.SetPolicy(context.Background(), actor.Named("test"), "", rules); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/admin", "/admin/login", "/admin/invite?token=x", "/admin/setup?token=x"} {
		doc := b.get(path).page(http.StatusForbidden)
		if !strings.Contains(text(doc.Find("main")), "jaringan ini") || doc.Find(".menu, .who").Length() != 0 {
			t.Error(path, text(doc.Find("main")))
		}
	}
}

func TestFirstAdminInTheBrowser(t *testing.T) {
	p := open(t)
	link, err := p.accounts.SetupToken(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b := p.browser()
	b.get("/admin/setup?token=tebakan").page(http.StatusNotFound)
	path := "/admin/setup?token=" + link
	doc := b.submit(path, "main form", "name", "Ani Wati", "password", "kopi manis pagi hari", "again", "kopi manis pagi hari").page(http.StatusUnprocessableEntity)
	if doc.Find("#name").AttrOr("value", "") != "Ani Wati" {
		t.Error("what was typed is lost")
	}
	if to := b.submit(path, "main form", "name", "ani", "password", "kopi manis pagi hari", "again", "kopi manis pagi hari").moved(); to != "/admin/setup" {
		t.Error(to)
	}
	if who := text(b.get("/admin").page(http.StatusOK).Find(".who summary")); who != "ani admin" {
		t.Error(who)
	}
	p.browser().get(path).page(http.StatusNotFound)
}
