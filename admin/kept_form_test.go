package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/staff"
)

// stale posts a form after the proof of identity has grown old, and returns the page that asks.
func (b *browser) stale(page, form string, pairs ...string) string {
	b.Helper()
	a := b.submit(page, form, pairs...)
	to := a.moved()
	if !strings.HasPrefix(to, "/admin/prove?") || !strings.Contains(to, "&posted=") {
		b.Fatal(to)
	}
	return to
}

// A form that needs a proof of identity is completed after it, once, with all that was typed;
// a mistake in it is shown as ever.
func TestAFormSurvivesTheProof(t *testing.T) {
	p := open(t)
	kasir, admin := p.as(staff.Kasir).onShift(), p.as(staff.Admin)
	o := kasir.sells()
	p.RunAll()
	pays, err := p.Store.Payments(ctx, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: pays[0].Gateway, PaymentKey: pays[0].Key, OrderID: o.ID, Amount: 5000, Typed: "5000", Reason: "mati lampu", Nonce: p.NextNonce(), Actor: actor.Staff("", "siti", nil)})
	if err != nil {
		t.Fatal(err)
	}
	at, form := "/admin/refunds/"+f.ID, "form[action$='/approve']"
	p.Clock.Add(6 * time.Minute)

	// A mistake: the page comes back with it.
	to := admin.stale(at, form, "typed", "4999", "reason", "benar sekali")
	if doc := admin.submit(to, "form[action='/admin/prove']", "password", "salah salah salah").page(http.StatusUnprocessableEntity); doc.Find("input[name=posted]").AttrOr("value", "") == "" {
		t.Fatal("a wrong password loses the form")
	}
	doc := admin.submit(to, "form[action='/admin/prove']", "password", password).page(http.StatusUnprocessableEntity)
	if doc.Find("input[name=reason]").First().AttrOr("value", "") != "benar sekali" || doc.Find("[aria-invalid=true]").AttrOr("name", "") != "typed" {
		t.Fatal(text(doc.Find("main")))
	}

	// Right: it is done, and not again.
	p.Clock.Add(6 * time.Minute)
	to = admin.stale(at, form, "typed", "5000", "reason", "benar")
	if got := kasir.submit(to, "form[action='/admin/prove']", "password", password).moved(); got != at {
		t.Fatal("another account completes it:", got)
	}
	if now, err := p.Store.Refund(ctx, f.ID); err != nil || now.State != order.RefundRequested {
		t.Fatal(now.State, err)
	}
	to = admin.stale(at, form, "typed", "5000", "reason", "benar")
	if got := admin.submit(to, "form[action='/admin/prove']", "password", password).moved(); !strings.HasSuffix(got, "m=refund.approve") {
		t.Fatal(got)
	}
	if got := admin.submit(to, "form[action='/admin/prove']", "password", password).moved(); got != at {
		t.Fatal("it is completed twice:", got)
	}
	p.RunAll()
	if now, err := p.Store.Refund(ctx, f.ID); err != nil || now.State != order.RefundManual {
		t.Fatal(now.State, err)
	}
	if admin.get(at).StatusCode != http.StatusOK {
		t.Error("the session did not survive")
	}
}

// What was kept is gone after a while, and of one person the last few are kept.
func TestKeptFormsAreBounded(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin)
	p.Clock.Add(6 * time.Minute)
	first := admin.stale("/admin/money/rules", "main form", "second_above", "1.000")
	for range 5 {
		p.Clock.Add(time.Second)
		admin.stale("/admin/money/rules", "main form", "second_above", "2.000")
	}
	if got := admin.submit(first, "form[action='/admin/prove']", "password", password).moved(); got != "/admin/money/rules" {
		t.Error(got)
	}
	p.Clock.Add(6 * time.Minute)
	late := admin.stale("/admin/money/rules", "main form", "second_above", "3.000")
	p.Clock.Add(11 * time.Minute)
	if got := admin.submit(late, "form[action='/admin/prove']", "password", password).moved(); got != "/admin/money/rules" {
		t.Error(got)
	}
	if rules, err := p.Store.CounterRules(ctx); err != nil || rules.SecondAbove != 50_000 {
		t.Error(rules, err)
	}
	p.Clock.Add(6 * time.Minute)
	kept := admin.stale("/admin/money/rules", "main form", "second_above", "7.000")
	if got := admin.submit(kept, "form[action='/admin/prove']", "password", password).moved(); !strings.HasSuffix(got, "m=rules.keep") {
		t.Error(got)
	}
	if rules, err := p.Store.CounterRules(ctx); err != nil || rules.SecondAbove != 7_000 {
		t.Error(rules, err)
	}
}

// What would give the panel or the money away is filled in again after the proof.
func TestFormsThatAreNotKept(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin)
	fields := []struct {
		path   string
		values url.Values
	}{
		{"/admin/staff", url.Values{"name": {"siapa"}, "role": {staff.Admin}}},
		{"/admin/policy", url.Values{}},
		{"/admin/setup/gateway", url.Values{"key": {"xnd_development_other"}}},
	}
	csrf := csrfOf(admin)
	p.Clock.Add(6 * time.Minute)
	for _, f := range fields {
		f.values.Set("csrf", csrf)
		to := admin.do(http.MethodPost, f.path, f.values).moved()
		if !strings.HasPrefix(to, "/admin/prove") || strings.Contains(to, "posted=") {
			t.Errorf("%s leads to %s", f.path, to)
		}
	}
}
