package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/admin/routers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
)

// row finds the one row with this value on a router.
func (p *panel) row(router, menu, field, value string) map[string]string {
	p.Helper()
	for _, r := range p.Routers[router].Rows(menu) {
		if r[field] == value {
			return r
		}
	}
	p.Fatalf("%s of %s has no row with %s %q", menu, router, field, value)
	return nil
}

// writes are the commands that changed something in a menu, with their words.
func writes(sim *routerossim.Router, menu string) (out []string) {
	for _, e := range sim.CommandLog().Entries {
		if c := e.Words[0]; strings.HasPrefix(c, "/"+menu+"/") && !strings.HasSuffix(c, "/print") {
			out = append(out, strings.Join(e.Words, " "))
		}
	}
	return out
}

// Whatever a router holds can be shown, saved unchanged, switched, changed in
// one field and removed: names and comments in another code page, references
// to profiles of any name, control characters, very long names.
func TestWhateverARouterHolds(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	sim := p.Routers["pojok"]
	for _, name := range []string{"5M/5M", "promo (malam)", "Harga \xE9\xFF", "hex:41", "a=b \"c\" <d>", " tepi "} {
		p.api("pojok", "/ip/hotspot/user/profile/add", "=name="+name)
	}
	long := strings.Repeat("panjang-", 400)
	for i, u := range []struct{ name, profile, comment string }{
		{"satu", "5M/5M", "Kam\xE9ra"},
		{"dua (2)/a?b=c&d#e", "promo (malam)", "vc-1-\xE9\nbaris kedua\ttab"},
		{"Jos\xE9", "Harga \xE9\xFF", "utf é 😀"},
		{"baris\nbaru \"x\" <y>", "hex:41", " tepi "},
		{long, "a=b \"c\" <d>", strings.Repeat("c", 900)},
		{"  spasi  ganda  ", " tepi ", "\x81\x8D\x00\x7F"},
	} {
		p.api("pojok", "/ip/hotspot/user/add", "=name="+u.name, "=password=x", "=profile="+u.profile, "=comment="+u.comment)
		id := strings.TrimPrefix(p.row("pojok", "ip/hotspot/user", "name", u.name)[".id"], "*")
		page := "/admin/routers/pojok/users/" + id
		form := "form[action='" + page + "']"
		is := func(what, field, want string) {
			t.Helper()
			if got := p.row("pojok", "ip/hotspot/user", ".id", "*"+id)[field]; got != want {
				t.Errorf("%d, %s: %s is %q, want %q", i, what, field, got, want)
			}
		}
		before := len(writes(sim, "ip/hotspot/user"))
		b.submit(page, form).moved()
		if sent := writes(sim, "ip/hotspot/user")[before:]; len(sent) > 0 {
			t.Errorf("%d: saved unchanged sent %q", i, sent)
		}
		b.submit(page, form, "limit-uptime", "3h").moved()
		sent := writes(sim, "ip/hotspot/user")[before:]
		if len(sent) != 1 || !strings.Contains(sent[0], "limit-uptime=3h") || strings.Contains(sent[0], "comment") || strings.Contains(sent[0], "profile") {
			t.Errorf("%d: one field changed sent %q", i, sent)
		}
		is("one field changed", "name", u.name)
		is("one field changed", "profile", u.profile)
		is("one field changed", "comment", u.comment)
		if to := b.submit(page, "form[action$='/toggle']").moved(); strings.Contains(to, "row_changed") {
			t.Errorf("%d: not switched off: %s", i, to)
		}
		is("switched off", "disabled", "true")
		b.submit(page, "form[action$='/reset']").moved()
		b.submit(page, form, "profile", "promo (malam)").moved()
		is("another profile", "profile", "promo (malam)")

		list := b.get("/admin/routers/pojok/users?fresh=1&by=prefix").page(http.StatusOK)
		if link := list.Find("tbody th a[href='" + page + "']"); link.Length() != 1 || strings.ContainsRune(text(link), '\uFFFD') {
			t.Errorf("%d: listed as %q", i, text(link))
		}
		remove := b.get(page + "/remove").page(http.StatusOK)
		if strings.ContainsRune(text(remove.Find("main")), '\uFFFD') {
			t.Errorf("%d: %s", i, text(remove.Find("main")))
		}
		want := routers.Wanted(u.name)
		if !strings.Contains(text(remove.Find("label[for=typed]")), want) {
			t.Errorf("%d: %q is not asked for", i, want)
		}
		b.submit(page+"/remove", "form[action$='/remove']", "typed", want, "reason", "uji").moved()
		if n := p.count("pojok", "ip/hotspot/user", ".id", "*"+id); n != 0 {
			t.Errorf("%d: still there", i)
		}
	}
}

// What was typed over bytes of another code page is written in that code page.
func TestChangedTextKeepsItsCodePage(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	p.api("pojok", "/ip/hotspot/ip-binding/add", "=mac-address=AA:BB:CC:00:00:07", "=comment=Kam\xE9ra \x80 baris\nkedua")
	id := strings.TrimPrefix(p.row("pojok", "ip/hotspot/ip-binding", "mac-address", "AA:BB:CC:00:00:07")[".id"], "*")
	page := "/admin/routers/pojok/bindings/" + id
	form := "form[action='" + page + "']"
	shown := b.get(page).page(http.StatusOK).Find("#f-comment").AttrOr("value", "")
	if shown != "Kaméra € baris␊kedua" {
		t.Fatalf("shown as %q", shown)
	}
	b.submit(page, form, "comment", shown+" 2").moved()
	if got := p.row("pojok", "ip/hotspot/ip-binding", ".id", "*"+id)["comment"]; got != "Kam\xE9ra \x80 baris\nkedua 2" {
		t.Errorf("written as %q", got)
	}
	// Only a row that did change is refused.
	doc := b.get(page).page(http.StatusOK)
	was := doc.Find(form+" input[name=was]").AttrOr("value", "")
	p.api("pojok", "/ip/hotspot/ip-binding/set", "=.id=*"+id, "=comment=lain")
	if a := b.submit(page, form, "was", was, "comment", "punya saya"); a.StatusCode != http.StatusConflict {
		t.Errorf("a row that another hand changed: %d", a.StatusCode)
	}
	if got := p.row("pojok", "ip/hotspot/ip-binding", ".id", "*"+id)["comment"]; got != "lain" {
		t.Errorf("overwritten with %q", got)
	}
}
