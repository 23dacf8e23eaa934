package admin

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	alertspages "gerai/admin/alerts"
	"gerai/internal/actor"
	"gerai/internal/shop/alerts"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// openAlert opens an alert.
func (p *panel) openAlert(kind, subject, detail string) {
	p.Helper()
	if err := p.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { _, err := tx.OpenAlert(ctx, kind, subject, detail); return err }); err != nil {
		p.Fatal(err)
	}
}

func TestAlertPages(t *testing.T) {
	p := open(t)
	admin, kasir, teknisi := p.as(staff.Admin), p.as(staff.Kasir), p.as(staff.Teknisi)
	s, err := p.Store.StaffByName(ctx, "uji-kasir")
	if err != nil {
		t.Fatal(err)
	}
	o := p.Buy("sehari", "qris")
	for kind, about := range map[string]string{"stuck": string(o.ID), "refund_due": string(o.ID), "router_down": "pojok", "stock_low": "sehari", "unmatched_money": "nothing", "factor_removed": s.ID} {
		p.openAlert(kind, about, "uji-kasir")
	}
	p.Clock.Add(90 * time.Minute)
	for name, c := range map[string]struct {
		b     *browser
		shown []string
	}{
		"admin":   {admin, []string{"Pesanan lunas belum aktif", "Pengembalian uang jatuh tempo", "Router tidak tersambung", "Stok voucher menipis", "Uang tanpa pesanan", "Langkah kedua dihapus pemiliknya"}},
		"kasir":   {kasir, []string{"Pesanan lunas belum aktif", "Pengembalian uang jatuh tempo", "Stok voucher menipis"}},
		"teknisi": {teknisi, []string{"Pesanan lunas belum aktif", "Router tidak tersambung"}},
	} {
		c.b.submit("/admin/login", "form", "name", "uji-"+name, "password", password).moved()
		doc := c.b.get("/admin/alerts").page(http.StatusOK)
		said := text(doc.Find("main"))
		if n := doc.Find("form[action$='/ack']").Length(); n != len(c.shown) || !strings.Contains(said, "sudah 1 jam") {
			t.Errorf("%s: %d of %d: %s", name, n, len(c.shown), said)
		}
		board := text(c.b.get("/admin").page(http.StatusOK).Find("#board"))
		for _, want := range c.shown {
			if !strings.Contains(said, want) || !strings.Contains(board, want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
		if strings.Contains(board, "Langkah kedua") != (name == "admin") {
			t.Error(name, board)
		}
	}
	doc := admin.get("/admin/alerts").page(http.StatusOK)
	for _, href := range []string{"/admin/orders/" + string(o.Code), "/admin/routers/pojok", "/admin/vouchers", "/admin/money", "/admin/staff/" + s.ID} {
		if doc.Find("main li a[href='"+href+"']").Length() == 0 {
			t.Errorf("no way to %s", href)
		}
	}
	if n := admin.get("/admin/alerts?kind=router_down").page(http.StatusOK).Find("main li").Length(); n != 1 {
		t.Errorf("%d of one kind", n)
	}
	if n := kasir.get("/admin/alerts?kind=router_down").page(http.StatusOK).Find("main li").Length(); n != 3 {
		t.Errorf("a kind that is not theirs: %d", n)
	}
	only := "/admin/alerts?kind=router_down"
	form := admin.get(only).page(http.StatusOK).Find("form[action$='/ack']")
	act := form.AttrOr("action", "")
	long := admin.submit(only, "form[action$='/ack']", "note", strings.Repeat("x", 301)).page(http.StatusUnprocessableEntity)
	if long.Find("#wrong").Length() != 1 || long.Find("input[aria-invalid]").AttrOr("value", "") == "" {
		t.Error("what was typed is lost, or there is no message")
	}
	if a := kasir.do(http.MethodPost, act, url.Values{"csrf": {kasir.token()}}); a.StatusCode != http.StatusNotFound {
		t.Error("a kasir takes a router's alert", a.StatusCode)
	}
	if to := teknisi.submit(only, "form[action$='/ack']", "note", "saya ke lokasi").moved(); to != "/admin/alerts?m=alert.ack" {
		t.Error(to)
	}
	admin.do(http.MethodPost, act, url.Values{"csrf": {admin.token()}, "note": {"saya"}}).moved()
	said := text(admin.get(only).page(http.StatusOK).Find("main li"))
	if !strings.Contains(said, "Ditangani uji-teknisi") || !strings.Contains(said, "saya ke lokasi") || !strings.Contains(text(admin.get("/admin").page(http.StatusOK).Find("#board")), "ditangani uji-teknisi") {
		t.Error(said)
	}
	admin.submit("/admin/alerts?kind=factor_removed", "form[action$='/ack']").moved()
	if n := admin.get("/admin/alerts?kind=factor_removed").page(http.StatusOK).Find("main li").Length(); n != 0 {
		t.Error("what was seen stays open")
	}
	closed := text(admin.get("/admin/alerts?state=closed").page(http.StatusOK).Find("main"))
	if !strings.Contains(closed, "Langkah kedua dihapus pemiliknya") || !strings.Contains(closed, "Sudah dilihat uji-admin") {
		t.Error(closed)
	}
}

func TestAlertPagesTurn(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	for i := range alertspages.AlertsPerPage + 4 {
		p.Clock.Add(time.Second)
		p.openAlert("unconfirmed_claim", fmt.Sprint("order-", i), "")
	}
	doc := b.get("/admin/alerts").page(http.StatusOK)
	next := doc.Find("a.btn[href*='before=']").AttrOr("href", "")
	if doc.Find("main li.card").Length() != alertspages.AlertsPerPage || next == "" {
		t.Fatal(doc.Find("main li.card").Length(), next)
	}
	if doc := b.get(next).page(http.StatusOK); doc.Find("main li.card").Length() != 4 || doc.Find("a[href*='before=']").Length() != 0 {
		t.Error(text(doc.Find("main")))
	}
	for _, q := range []string{"?before=x", "?before=99999999999999999999.x", "?kind=%00&state=x", "?before=1." + url.QueryEscape("\xff")} {
		if a := b.get("/admin/alerts" + q); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", q, a.StatusCode)
		}
	}
}

var opened = regexp.MustCompile(`(?:OpenAlert|OpenAlertAbout|\.Alert|\.alert|\.clockAlert)\((?:ctx|tx), "([a-z_]+)"|, "(unmatched_money|unconfirmed_claim|external_refund)"\)|\.tell\(ctx, "([a-z_]+)"|\balert[A-Z][A-Za-z]* += "([a-z_]+)"`)

// Every kind of alert that the code opens is known, has a sentence, and is shown to some
// role; no kind is known that nothing opens.
func TestEveryKindOfAlertIsSomebodys(t *testing.T) {
	known := slices.Concat(alerts.AlertKinds(), staff.AlertKinds)
	admin := staff.Principal{Staff: store.Staff{Role: staff.Admin}}.AlertKinds()
	for _, kind := range known {
		if !slices.Contains(admin, kind) || !templates.HasText("alert."+kind) {
			t.Errorf("%s: nobody sees it, or it has no sentence", kind)
		}
	}
	found := map[string]bool{}
	err := fs.WalkDir(os.DirFS("../internal"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile("../internal/" + path)
		for _, m := range opened.FindAllStringSubmatch(string(raw), -1) {
			found[strings.Join(m[1:], "")] = true
		}
		return err
	})
	if err != nil || len(found) < 15 {
		t.Fatal(found, err)
	}
	for kind := range found {
		if !slices.Contains(known, kind) {
			t.Errorf("%s is opened and nothing is said of how it ends", kind)
		}
	}
	// Older versions opened these; databases may hold them.
	retired := []string{"stock_missing", "user_missing"}
	for _, kind := range alerts.AlertKinds() {
		if found[kind] == slices.Contains(retired, kind) {
			t.Errorf("nothing opens %s", kind)
		}
	}
}

// Without the right to acknowledge a refund made at the gateway, its alert cannot be
// closed either.
func TestMoneyThatLeftIsSeenByThoseWhoDecide(t *testing.T) {
	p := open(t)
	kasir, admin := p.as(staff.Kasir), p.as(staff.Admin)
	for _, kind := range []string{"external_refund", "unmatched_money"} {
		p.openAlert(kind, kind, "")
	}
	open, err := p.Store.OpenAlerts(ctx)
	if err != nil || len(open) != 2 {
		t.Fatal(open, err)
	}
	for _, a := range open {
		csrf := kasir.get("/admin/alerts").page(http.StatusOK).Find("input[name=csrf]").First().AttrOr("value", "")
		if got := kasir.do(http.MethodPost, "/admin/alerts/"+a.ID+"/ack", url.Values{"csrf": {csrf}}); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", a.Kind, got.StatusCode)
		}
		if now, err := p.Store.Alert(ctx, a.ID); err != nil || !now.ClosedAt.IsZero() {
			t.Errorf("%s was closed (%v)", a.Kind, err)
		}
		if admin.get("/admin/alerts").page(http.StatusOK).Find("form[action$='/alerts/"+a.ID+"/ack']").Length() != 1 {
			t.Errorf("%s is not the admin's", a.Kind)
		}
	}
}
