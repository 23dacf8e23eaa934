package admin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gerai/internal/actor"
	"gerai/internal/staff"
)

// demand makes a second factor mandatory for roles.
func (p *panel) demand(roles ...string) {
	p.Helper()
	rules := staff.DefaultPolicy
	rules.SecondFactor = roles
	if err := p.accounts.SetPolicy(context.Background(), actor.Named("test"), "", rules); err != nil {
		p.Fatal(err)
	}
}

func (p *panel) code(secret string) string {
	p.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), p.Clock.Now())
	if err != nil {
		p.Fatal(err)
	}
	return code
}

// enrol sets a code app up in the browser and returns its secret and the
// recovery codes.
func (b *browser) enrol() (secret string, codes []string) {
	b.Helper()
	page := b.get("/admin/account/second/app").page(http.StatusOK)
	secret = text(page.Find("details .mono"))
	form := url.Values{}
	for _, name := range []string{"csrf", "pending", "back"} {
		form.Set(name, page.Find("main input[name="+name+"]").AttrOr("value", ""))
	}
	form.Set("code", b.code(secret))
	for _, li := range b.do(http.MethodPost, "/admin/account/second/app", form).page(http.StatusOK).Find(".codes li").EachIter() {
		codes = append(codes, text(li))
	}
	return secret, codes
}

// A session that lacks a required step reaches only the page that completes it, whatever
// the route.
func TestWhoOwesReachesNothing(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	b.enrol()
	half := p.browser()
	if to := half.submit("/admin/login", "form", "name", "uji-admin", "password", password).moved(); to != "/admin" {
		t.Fatal(to)
	}
	p.demand(staff.Kasir)
	unset := p.as(staff.Kasir)
	for name, c := range map[string]struct {
		b    *browser
		debt staff.RequiredStep
		page string
	}{"second": {half, staff.StepTwoFactor, "/admin/second"}, "factor": {unset, staff.StepTwoFactorSetup, "/admin/account/second"}} {
		token := c.b.get(c.page).page(http.StatusOK).Find("input[name=csrf]").First().AttrOr("value", "")
		for _, r := range routes {
			open := false
			for _, d := range r.During {
				open = open || d == c.debt
			}
			if open {
				continue
			}
			var form url.Values
			if r.Method == http.MethodPost {
				form = url.Values{"csrf": {token}}
			}
			if to := c.b.do(r.Method, concrete(r.Path), form).moved(); !strings.HasPrefix(to, c.page) {
				t.Errorf("%s: %s %s leads to %s", name, r.Method, r.Path, to)
			}
		}
		if n := c.b.get(c.page).page(http.StatusOK).Find(".menu a").Length(); n != 0 {
			t.Errorf("%s: the menu shows %d entries", name, n)
		}
	}
}

func TestSecondStepInTheBrowser(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	before := b.cookies["gerai-session"]
	secret, codes := b.enrol()
	if len(codes) != staff.RecoveryCodes || b.cookies["gerai-session"] == before {
		t.Fatal(codes)
	}
	// The form posted again changes nothing and shows no codes.
	if to := b.get("/admin/account/second/app").moved(); to != "/admin/account/second" {
		t.Error(to)
	}
	c := p.browser()
	c.submit("/admin/login?next=/admin/routers", "form", "name", "uji-kasir", "password", password).moved()
	first := c.cookies["gerai-session"]
	if to := c.get("/admin/routers").moved(); to != "/admin/second?next=%2Fadmin%2Frouters" {
		t.Error(to)
	}
	doc := c.submit("/admin/second?next=/admin/routers", "main form[action='/admin/second']", "code", "000000").page(http.StatusUnprocessableEntity)
	if doc.Find("#wrong").Length() != 1 || doc.Find("#code").AttrOr("value", "") != "" {
		t.Error("the wrong code is not told, or shown again")
	}
	p.Clock.Add(time.Minute)
	if to := c.submit("/admin/second?next=/admin/routers", "main form[action='/admin/second']", "code", p.code(secret)).moved(); to != "/admin/routers" {
		t.Error(to)
	}
	if c.cookies["gerai-session"] == first {
		t.Error("the session outlived the step")
	}
	stolen := p.browser()
	stolen.cookies["gerai-session"] = first
	if to := stolen.get("/admin").moved(); !strings.HasPrefix(to, "/admin/login") {
		t.Error("the token from before the second step still works:", to)
	}
	// To prove again takes the factor, no password.
	p.Clock.Add(6 * time.Minute)
	if to := c.submit("/admin/account/second", "form[action$='/app/remove']").moved(); to != "/admin/prove?next=%2Fadmin%2Faccount%2Fsecond" {
		t.Error(to)
	}
	if c.get("/admin/prove").page(http.StatusOK).Find("#password").Length() != 0 {
		t.Error("a password is asked for")
	}
	if to := c.submit("/admin/prove?next=/admin/account/second", "form[action='/admin/prove']", "code", codes[0]).moved(); to != "/admin/account/second" {
		t.Error(to)
	}
	if to := c.submit("/admin/account/second", "form[action$='/app/remove']").moved(); to != "/admin/account/second?m=totp_removed" {
		t.Error(to)
	}
	p.Clock.Add(time.Second)
	d := p.browser()
	d.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved()
	news := text(d.get("/admin").page(http.StatusOK).Find(".news"))
	if !strings.Contains(news, "Aplikasi kode dilepas") || !strings.Contains(news, "Kode pemulihan dipakai") {
		t.Error(news)
	}
	d.submit("/admin", "form.news").moved()
	if d.get("/admin").page(http.StatusOK).Find(".news").Length() != 0 {
		t.Error("told for ever")
	}
}

// Five wrong codes end the session that guesses.
func TestGuessingTheSecondStep(t *testing.T) {
	p := open(t)
	p.as(staff.Kasir).enrol()
	c := p.browser()
	c.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved()
	for range 5 {
		c.submit("/admin/second", "main form[action='/admin/second']", "code", "000000").page(http.StatusUnprocessableEntity)
	}
	if to := c.submit("/admin/second", "main form[action='/admin/second']", "code", "000000").moved(); to != "/admin/login?m=staff.signed_out&next=%2Fadmin" {
		t.Error(to)
	}
}

func TestForcedSetupOpensThePanel(t *testing.T) {
	p := open(t)
	p.demand(staff.Admin)
	b := p.as(staff.Admin)
	if to := b.get("/admin").moved(); to != "/admin/account/second" {
		t.Fatal(to)
	}
	if _, codes := b.enrol(); len(codes) != staff.RecoveryCodes {
		t.Fatal(codes)
	}
	b.get("/admin").page(http.StatusOK)
}
