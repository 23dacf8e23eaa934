package admin

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/staff"
)

// copyOf is another browser with everything that the first one holds: what a
// thief of cookies has.
func (b *browser) copyOf() *browser { return &browser{panel: b.panel, cookies: maps.Clone(b.cookies)} }

func (b *browser) isIn() bool {
	b.Helper()
	return b.get("/admin/account").StatusCode == http.StatusOK
}

// A session cookie that was planted before sign-in is not the one that opens, and ends
// with it.
func TestASessionIsNotFixed(t *testing.T) {
	p := open(t)
	thief := p.as(staff.Kasir)
	planted := thief.cookies["gerai-session"]
	if _, err := p.accounts.Add(ctx, actor.Named("test"), "korban", staff.Admin, password); err != nil {
		t.Fatal(err)
	}
	victim := p.browser()
	victim.cookies = map[string]string{"gerai-session": planted}
	victim.submit("/admin/login", "main form", "name", "korban", "password", password).moved()
	if victim.cookies["gerai-session"] == planted || thief.isIn() {
		t.Error("the planted session goes on")
	}
	// A token that was never issued is not accepted either.
	fresh := p.browser()
	fresh.cookies = map[string]string{"gerai-session": strings.Repeat("ab", 32)}
	fresh.submit("/admin/login", "main form", "name", "korban", "password", password).moved()
	if fresh.cookies["gerai-session"] == strings.Repeat("ab", 32) {
		t.Error("the browser chose its own token")
	}
}

// A proof of identity gives the session another token: who copied or planted the
// one from before holds nothing, and what is typed in other tabs stays good.
func TestAProofRenewsTheSession(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	renewed := func(what string, act func()) {
		t.Helper()
		stolen, before := b.copyOf(), b.cookies["gerai-session"]
		tab := csrfOf(b)
		act()
		if b.cookies["gerai-session"] == before || stolen.isIn() {
			t.Errorf("%s: the token from before goes on", what)
		}
		if !b.isIn() {
			t.Fatalf("%s: the person is signed out", what)
		}
		if to := b.do(http.MethodPost, "/admin/account", url.Values{"csrf": {tab}, "name": {"uji-kasir"}, "lang": {"id"}}).moved(); to != "/admin/account?m=account_saved" {
			t.Errorf("%s: the form of another tab leads to %s", what, to)
		}
		// A request that was under way with the old token comes back to its page.
		if to := b.get("/admin/login?next=%2Fadmin%2Faccount").moved(); to != "/admin/account" {
			t.Errorf("%s: %s", what, to)
		}
	}
	renewed("password", func() { b.submit("/admin/prove", "main form", "password", password).moved() })
	const next = "kopi manis pagi hari"
	renewed("change of password", func() {
		b.submit("/admin/account/password", "main form", "current", password, "password", next, "again", next).moved()
	})
	secret, codes := b.enrol()
	p.Clock.Add(time.Minute)
	renewed("code", func() { b.submit("/admin/prove", "form[action='/admin/prove']", "code", p.code(secret)).moved() })
	renewed("recovery code", func() { b.submit("/admin/prove", "form[action='/admin/prove']", "code", codes[0]).moved() })
	if a := b.submit("/admin/prove", "form[action='/admin/prove']", "code", "000000"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Error(a.StatusCode)
	}
}

// A browser that signed in with all factors is known from then on, until the
// password changes elsewhere; signing out does not make it a stranger.
func TestABrowserIsKnownAfterSigningIn(t *testing.T) {
	p := open(t)
	p.as(staff.Admin)
	p.as(staff.Kasir).enrol()
	c := p.browser()
	c.submit("/admin/login", "main form", "name", "uji-kasir", "password", password).moved()
	if c.cookies["gerai-device"] != "" {
		t.Error("known by the password alone")
	}
	kasir, err := p.Store.StaffByName(ctx, "uji-kasir")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.accounts.ResetTwoFactor(ctx, actor.Named("test"), kasir.ID, staff.Confirmation{Typed: "uji-kasir", Reason: "hilang"}); err != nil {
		t.Fatal(err)
	}
	c.submit("/admin/login", "main form", "name", "uji-kasir", "password", password).moved()
	device := c.cookies["gerai-device"]
	c.submit("/admin", "form[action='/admin/logout']").moved()
	if device == "" || c.cookies["gerai-device"] != device {
		t.Fatal("not known")
	}
	for range 60 {
		p.browser().submit("/admin/login", "main form", "name", "siapa", "password", "salah salah salah")
	}
	if a := p.browser().submit("/admin/login", "main form", "name", "uji-kasir", "password", password); a.StatusCode != http.StatusTooManyRequests {
		t.Error("strangers at the address are not slowed:", a.StatusCode)
	}
	if to := c.submit("/admin/login", "main form", "name", "uji-kasir", "password", password).moved(); to != "/admin" {
		t.Error(to)
	}
}

// Signing out ends the session for every copy of its token, and its form tokens.
func TestSigningOutEndsTheSessionEverywhere(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	stolen := b.copyOf()
	token := csrfOf(stolen)
	b.submit("/admin", "form[action='/admin/logout']").moved()
	if _, kept := b.cookies["gerai-session"]; kept || stolen.isIn() {
		t.Error("the session outlives its end")
	}
	if to := stolen.do(http.MethodPost, "/admin/filters", url.Values{"csrf": {token}, "name": {"x"}}).moved(); !strings.HasPrefix(to, "/admin/login") {
		t.Error(to)
	}
	// Nor is the token good for the same browser's next session.
	stolen.submit("/admin/login", "main form", "name", "uji-admin", "password", password).moved()
	if a := stolen.do(http.MethodPost, "/admin/filters", url.Values{"csrf": {token}, "name": {"x"}}); a.StatusCode != http.StatusForbidden {
		t.Errorf("an old session's token: %d", a.StatusCode)
	}
}

// Two sessions of a person know of each other and can be ended one by one; a
// new password or post ends them.
func TestSessionsAreListedAndEnded(t *testing.T) {
	p := open(t)
	admin, b := p.as(staff.Admin), p.as(staff.Kasir)
	second := func() *browser {
		c := p.browser()
		c.submit("/admin/login", "main form", "name", "uji-kasir", "password", password).moved()
		return c
	}
	c := second()
	if n := b.get("/admin/account").page(http.StatusOK).Find("button[name=session]").Length(); n == 0 {
		t.Error("the other session is not listed")
	}
	b.submit("/admin/account", "form[action$='/sessions/end']", "session", b.get("/admin/account").page(http.StatusOK).Find("button[name=session]").AttrOr("value", "")).moved()
	if c.isIn() || !b.isIn() {
		t.Error("not the other session has ended")
	}
	c = second()
	const next = "kopi manis pagi hari"
	b.submit("/admin/account/password", "main form", "current", password, "password", next, "again", next).moved()
	if c.isIn() {
		t.Error("a session outlives its password")
	}
	kasir, err := p.Store.StaffByName(ctx, "uji-kasir")
	if err != nil {
		t.Fatal(err)
	}
	b = p.browser()
	b.submit("/admin/login", "main form", "name", "uji-kasir", "password", next).moved()
	admin.submit("/admin/staff/"+kasir.ID, "form[action$='/post']", "role", staff.Teknisi, "typed", "uji-kasir", "reason", "pindah tugas").moved()
	if b.isIn() {
		t.Error("a session outlives its post")
	}
}

// A session ends after twelve hours even when it is in use; without use it ends much
// sooner.
func TestSessionsRunOut(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	for range 48 {
		p.Clock.Add(14*time.Minute + 50*time.Second)
		if !b.isIn() {
			t.Fatal("a busy session ended early")
		}
	}
	p.Clock.Add(9 * time.Minute)
	if b.isIn() {
		t.Error("older than twelve hours")
	}
}

// Over https the cookies belong to this host alone.
func TestCookiesOfASecureShop(t *testing.T) {
	p := open(t)
	p.as(staff.Admin)
	o := p.handler.Options
	o.BaseURL = "https://shop.test"
	app := p.app
	defer func() { p.app = app }()
	p.app = served(web.New(o))
	b := p.browser()
	token := b.get("/admin/login").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")
	form := url.Values{"csrf": {token}, "name": {"uji-admin"}, "password": {password}}
	req := httptest.NewRequest(http.MethodPost, "/admin/login", strings.NewReader(form.Encode()))
	req.Host = "shop.test"
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://shop.test")
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a := b.send(req)
	a.moved()
	if len(a.Cookies()) == 0 {
		t.Fatal("no session")
	}
	for _, c := range a.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%+v", c)
		}
		if strings.HasSuffix(c.Name, "session") && len(c.Value) < 32 {
			t.Error("a session that can be guessed:", len(c.Value))
		}
	}
}

// Requests that a page repeats on a timer do not keep an unattended session alive; after
// its end they lead to the sign-in page.
func TestAPageLeftOpenKeepsNobodySignedIn(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	board := b.get("/admin").page(http.StatusOK).Find("#board")
	var headers map[string]string
	if err := json.Unmarshal([]byte(board.AttrOr("hx-headers", "{}")), &headers); err != nil {
		t.Fatal(err)
	}
	poll := func() answer {
		sent := []string{"HX-Request", "true"}
		for name, value := range headers {
			sent = append(sent, name, value)
		}
		return b.do(http.MethodGet, board.AttrOr("hx-get", ""), nil, sent...)
	}
	for range 2 {
		p.Clock.Add(14 * time.Minute)
		if poll().page(http.StatusOK).Find("#board").Length() != 1 {
			t.Error("the board does not refresh")
		}
	}
	p.Clock.Add(14 * time.Minute)
	if a := poll(); a.StatusCode != http.StatusNoContent || !strings.HasPrefix(a.Header.Get("HX-Redirect"), "/admin/login?next=%2Fadmin") {
		t.Error(a.StatusCode, a.Header)
	}
	if b.isIn() {
		t.Error("signed in for ever")
	}
}
