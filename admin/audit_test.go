package admin

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/staff"
	"gerai/internal/store"
)

func TestAuditPage(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	ctx := context.Background()
	for range 60 {
		if err := p.Store.InTx(ctx, actor.Named("staff:uji-admin"), func(tx *store.Tx) error {
			tx.Audit("plan.save", "plan:sehari", map[string]any{"before": map[string]any{"price": 5000, "name": "1 Hari"}, "after": map[string]any{"price": 6000, "name": "1 Hari"}, "reason": "naik <b>"})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.accounts.Anchor(ctx); err != nil {
		t.Fatal(err)
	}
	doc := b.get("/admin/audit?actor=uji-admin&action=plan.save").page(http.StatusOK)
	row := text(doc.Find("tbody tr").First())
	if doc.Find("tbody tr").Length() != 50 || !strings.Contains(row, "price 5000 → 6000") || strings.Contains(row, "name 1 Hari") || !strings.Contains(row, "naik <b>") {
		t.Errorf("%d %s", doc.Find("tbody tr").Length(), row)
	}
	if !strings.Contains(text(doc.Find("details")), "#") {
		t.Error("no anchor")
	}
	older := doc.Find("a[href*='before=']").AttrOr("href", "")
	if n := b.get(older).page(http.StatusOK).Find("tbody tr").Length(); n != 10 || !strings.Contains(older, "actor=uji-admin") {
		t.Error(n, older)
	}
	today := p.Clock.Now().In(p.handler.Zone).Format(time.DateOnly)
	for query, want := range map[string]bool{"text=naik": true, "text=tiada": false, "subject=plan:sehari&from=" + today + "&to=" + today: true, "from=2020-01-01&to=2020-01-02": false, "from=kemarin&before=x&action=plan.": true, "subject=uji-admin": true} {
		if got := b.get("/admin/audit?"+query).page(http.StatusOK).Find("tbody tr").Length() > 0; got != want {
			t.Errorf("%s: %t", query, got)
		}
	}
	a := b.get("/admin/audit/export?action=plan.save")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.body), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 61 || a.Header.Get("Content-Disposition") == "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Error(len(rows), err, a.Header)
	}
	if n := b.get("/admin/audit?action=audit.export").page(http.StatusOK).Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d exports noted", n)
	}
	if _, err := p.accounts.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}

// Nothing of the panel is kept, framed, or read by another site.
func TestPanelHygiene(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	for _, path := range []string{"/admin", "/admin/login", "/admin/nowhere", "/admin/audit", "/admin/staff/nobody"} {
		a := b.do(http.MethodGet, path, nil, "Origin", "https://evil.example")
		h := a.Header
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, h)
		}
		csp := h.Get("Content-Security-Policy")
		for _, rule := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, rule) {
				t.Errorf("%s: %s lacks %s", path, csp, rule)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %s %s", path, csp, h.Get("Access-Control-Allow-Origin"))
		}
	}
	a := b.do(http.MethodOptions, "/admin", nil, "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
	if a.StatusCode < 400 || a.Header.Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("preflight: %d %v", a.StatusCode, a.Header)
	}
	for _, c := range b.do(http.MethodGet, "/admin/login", nil).Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("%+v", c)
		}
	}
}

// The audit trail names the account: a search under a former name, the account's own
// page, and another account that took the name.
func TestTheTrailByPerson(t *testing.T) {
	p := open(t)
	admin, kasir := p.as(staff.Admin), p.as(staff.Kasir)
	kasir.submit("/admin/account", "form[action='/admin/account']", "name", "rini").moved()
	kasir.onShift()
	next, err := p.accounts.Add(ctx, actor.Named("test"), "uji-kasir", staff.Teknisi, password)
	if err != nil {
		t.Fatal(err)
	}
	other := p.browser()
	other.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved()
	rini, err := p.Store.StaffByName(ctx, "rini")
	if err != nil {
		t.Fatal(err)
	}
	count := func(query string) int {
		return admin.get("/admin/audit?action=staff.sign_in&" + query).page(http.StatusOK).Find("tbody tr").Length()
	}
	for query, want := range map[string]int{"actor=rini": 1, "actor=uji-kasir": 2, "actor=staff:uji-kasir": 2, "person=" + rini.ID: 1, "person=" + next.ID: 1, "person=nobody": 0, "actor=tidak-ada": 0} {
		if got := count(query); got != want {
			t.Errorf("%s: %d rows, want %d", query, got, want)
		}
	}
	doc := admin.get("/admin/audit?person=" + rini.ID).page(http.StatusOK)
	said := text(doc.Find("main"))
	if !strings.Contains(said, "Hanya tindakan akun rini. dulu uji-kasir") || !strings.Contains(said, "staff:uji-kasir sekarang rini kasir") || doc.Find("input[name=person]").AttrOr("value", "") != rini.ID {
		t.Error(said)
	}
	if href := admin.get("/admin/staff/"+rini.ID).page(http.StatusOK).Find("main a[href*='/admin/audit']").AttrOr("href", ""); href != "/admin/audit?person="+rini.ID {
		t.Error(href)
	}
	a := admin.get("/admin/audit/export?person=" + rini.ID)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.body), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 4 {
		t.Fatal(rows, err)
	}
	for _, row := range rows[1:] {
		if row[8] != rini.ID || row[9] != "rini" || row[10] != staff.Kasir || row[7] == "" {
			t.Errorf("%q", row)
		}
	}
}
