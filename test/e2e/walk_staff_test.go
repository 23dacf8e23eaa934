package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gerai/internal/staff"
)

// hire creates an account and returns its invitation link.
func (f *floor) hire(t *testing.T, name, role string, pairs ...string) string {
	t.Helper()
	p := f.boss.submit("/admin/staff/new", "main form", append([]string{"name", name, "role", role}, pairs...)...)
	if p.Document == nil || p.Find("#link").Length() == 0 {
		t.Fatalf("hiring %s: %d", name, p.status)
	}
	return strings.TrimPrefix(p.Find("#link").Text(), f.Shop)
}

// enrol sets up an authenticator app for an account.
func (f *floor) enrol(c *panelClient) {
	c.Helper()
	const path = "/admin/account/second/app"
	app := c.page(path)
	code, err := totp.GenerateCode(strings.ReplaceAll(app.Find(".steps .mono").Text(), " ", ""), time.Now().Add(later))
	if err != nil {
		c.Fatal(err)
	}
	if p := c.post(app, path, "main form", "code", code); p.Document == nil || p.Find(".codes").Length() == 0 {
		c.Fatalf("second factor: %d", p.status)
	}
}

// staff creates an account of every kind.
func (f *floor) staff(t *testing.T) {
	begin := func(name, role string) *panelClient {
		link, c := f.hire(t, name, role), newPanelClient(t, f.demo)
		c.does(link, "main form", "password", phrase, "again", phrase)
		return c
	}
	f.kasir, f.teknisi = begin("siti", staff.Kasir), begin("budi", staff.Teknisi)
	f.teknisi.does("/admin/account", "form[action='/admin/account']", "lang", "en") // one of them reads the other language
	rahma := begin("rahma", staff.Kasir)
	f.enrol(rahma)
	nina := begin("nina", staff.Kasir)
	f.enrol(nina)
	nina.does("/admin/account/second", "form[action$='/app/remove']")
	f.enrol(begin("tono", staff.Kasir))
	tono := f.boss.page("/admin/staff").Find("th a:contains(tono)").AttrOr("href", "")
	f.boss.does(tono, "form[action$='/reset-second']", "typed", "tono", "reason", "ponsel hilang")
	f.factored = rahma
	f.halfway = newPanelClient(t, f.demo).signIn("rahma", phrase)
	f.invite = f.hire(t, "dewi", staff.Kasir, "site", "kos")
	f.hire(t, "wati", staff.Admin, "site", "kos")
	agus := f.boss.page("/admin/staff").Find("th a:contains(agus)").AttrOr("href", "")
	f.boss.does(agus, "form[action$='/post']", "role", staff.Admin, "typed", "agus", "reason", "naik jabatan")
	f.hire(t, "joko", staff.Kasir)
	joko := f.boss.page("/admin/staff").Find("th a:contains(joko)").AttrOr("href", "")
	f.boss.does(joko, "form[action$='/disable']", "typed", "joko", "reason", "pindah kerja")
}
