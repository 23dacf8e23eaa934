package admin

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/internal/store/storetest"
)

// What cannot be taken back: facts of the roles table, by name, so that a route
// that loses its mark is missed.
var irrevocable = []string{
	"/routers/:id/remove", "/routers/:id/secret", "/routers/:id/kit/apply", "/routers/:id/kit/undo",
	"/routers/:id/users/:row/remove", "/routers/:id/profiles/:row/remove", "/routers/:id/bindings/:row/remove", "/routers/:id/garden/:row/remove", "/routers/:id/garden-ip/:row/remove",
	"/orders/:code/cancel", "/orders/:code/force", "/orders/:code/refund/:gateway/:key",
	"/money/stray/:gateway/:key/assign", "/money/stray/:gateway/:key/refund",
	"/refunds/:id/approve", "/refunds/:id/skip", "/refunds/:id/cash", "/refunds/:id/proof",
	"/staff/:id/post", "/staff/:id/disable", "/staff/:id/reset-second", "/staff/:id/link",
	"/vouchers/batches/:id/disable", "/vouchers/:id/disable", "/vouchers/:id/enable",
	"/vouchers/:id/suspend", "/vouchers/:id/unsuspend", "/vouchers/:id/extend", "/vouchers/:id/move", "/vouchers/:id/restore", "/bans/:site/:mac", "/routers/:id/review/restore", "/reconciliation/months/:month/close", "/money/owed/:key/off",
	"/catalogue/plans/:id/retire", "/catalogue/promotions/:id/end", "/setup/gateway/forget",
	"/routers/:id/reboot", // last: it is away for a while
}

func TestWhatCannotBeTakenBackIsMarked(t *testing.T) {
	var marked []string
	for _, r := range routes {
		if r.Confirm == nil {
			continue
		}
		marked = append(marked, r.Path)
		if r.Method != http.MethodPost {
			t.Errorf("%s %s cannot ask for consent", r.Method, r.Path)
		}
	}
	slices.Sort(marked)
	want := slices.Sorted(slices.Values(slices.Concat(irrevocable, []string{"/backups/recovery/end", "/compensations/:site"}))) // which ask only while a recovery stands, and of a known outage
	if !slices.Equal(marked, want) {
		t.Errorf("marked are\n%v\nwant\n%v", marked, want)
	}
}

// Every act that cannot be taken back, with each part of the confirmation missing in
// turn: refused, nothing written anywhere, and the form comes again with what was typed
// and a token that works.
func TestConsentIsWhole(t *testing.T) {
	t.Parallel()
	s := openBusy(t)
	forms := s.allForms()
	for i, path := range irrevocable {
		s.snapshot.Restore()
		f := s.freshSession(forms[path])
		whole := s.filled(f)
		if len(f.doc.Find("li").Nodes)+len(f.doc.Find("p").Nodes)+len(f.doc.Parent().Find("ol li").Nodes) == 0 {
			t.Errorf("%s does not say what it does", path)
		}
		for what, change := range map[string]func(url.Values){
			"no token":              func(v url.Values) { v.Del("token") },
			"a token made up":       func(v url.Values) { v.Set("token", strings.Repeat("A", len(v.Get("token")))) },
			"another thing's token": func(v url.Values) { v.Set("token", s.tokenAs(staff.Admin, forms[irrevocable[(i+2)%len(irrevocable)]])) },
			"nothing typed":         func(v url.Values) { v.Set("typed", " ") },
			"something else typed":  func(v url.Values) { v.Set("typed", "salah") },
			"no reason":             func(v url.Values) { v.Set("reason", "") },
			"hardly a reason":       func(v url.Values) { v.Set("reason", " x ") },
			"a reason without end":  func(v url.Values) { v.Set("reason", strings.Repeat("x", 301)) },
			"another session's own": func(v url.Values) { v.Set("token", s.tokenAs("again", f)) },
		} {
			v := maps.Clone(whole)
			change(v)
			s.refusedAndAsked(path+" with "+what, f, v)
			f = s.freshSession(f)
			whole = s.filled(f)
		}
		start := s.Clock.Now()
		s.Clock.Add(6 * time.Minute)
		s.refusedAs("with an old proof", s.staff[f.who], f, whole, asked)
		// Too late for the token, not for the proof: the form comes again and can
		// be sent as it is.
		s.Clock.Set(start.Add(web.ConfirmationLife + time.Second))
		f.doc = s.refusedAndAsked(path+" after two minutes", f, whole)
		whole.Set("token", f.doc.Find("[name=token]").AttrOr("value", ""))
		if a := s.post(s.staff[f.who], f, whole); a.StatusCode >= http.StatusBadRequest {
			t.Errorf("%s: sent again as it came back: %d %s", path, a.StatusCode, alertOf(a))
		}
		s.refusedAs("a second time", s.staff[f.who], f, whole, []int{http.StatusConflict, http.StatusNotFound})
		s.Clock.Set(start)
	}
}

// refusedAndAsked posts a form that lacks something and returns the one that
// comes back.
func (s *busyShop) refusedAndAsked(what string, f form, values url.Values) *goquery.Selection {
	s.Helper()
	s.routersChanged()
	a := s.post(s.staff[f.who], f, values)
	if !slices.Contains([]int{http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity}, a.StatusCode) {
		s.Fatalf("%s: %d %s", what, a.StatusCode, a.Header.Get("Location"))
	}
	if changed := storetest.Differ(s.routerState, s.snapshot.Tables(append(passing, "audit", "audit_head", "kept_forms")...)); len(changed) > 0 || s.routersChanged() {
		s.Errorf("%s: %d, and changed %v", what, a.StatusCode, changed)
		s.snapshot.Restore()
	}
	doc := a.page(a.StatusCode)
	if text(doc.Find("#wrong")) == "" {
		s.Errorf("%s: no word about it: %s", what, text(doc.Find("main")))
	}
	again := doc.Find("form[method=post]").FilterFunction(func(_ int, x *goquery.Selection) bool { return x.AttrOr("action", "") == f.action })
	for _, name := range []string{"typed", "reason"} {
		if got := again.Find("[name="+name+"]").AttrOr("value", ""); got != values.Get(name) {
			s.Errorf("%s: %s was %q and comes back as %q", what, name, values.Get(name), got)
		}
	}
	if token := again.Find("[name=token]").AttrOr("value", ""); token == "" || token == values.Get("token") {
		s.Errorf("%s: no new token", what)
	}
	return again
}

// tokenAs is the token that another browser of the same person gets for a form.
func (s *busyShop) tokenAs(who string, f form) string {
	s.Helper()
	f.who = who
	return s.freshSession(f).doc.Find("[name=token]").AttrOr("value", "")
}
