package admin

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gerai/admin/staff"
	"gerai/internal/store/storetest"
)

// passing are tables that a visit alone may change.
var passing = []string{"failed_sign_ins", "sessions", "ceremonies"}

// Every POST of the panel is reached by a form that some account sees, or is listed with
// the reason why not; and the other way round.
func TestEveryActHasAForm(t *testing.T) {
	t.Parallel()
	for _, r := range slices.Concat(staff.PublicRoutes, routes) {
		if r.Method != http.MethodPost {
			continue
		}
		_, filled := samples[r.Path]
		if why := formless[r.Path]; filled == (why != "") {
			t.Errorf("%s needs a sample of its form, or the reason why there is none", r.Path)
		}
	}
	openQuiet(t)
	if len(quiet.changed) > 0 || quiet.onRouter {
		t.Errorf("looking at every page changed %v", quiet.changed)
	}
}

// Every form posted twice as it is does its thing once: the second post changes
// nothing but what its sample allows, and is never an error of ours.
func TestEveryFormPostedTwice(t *testing.T) {
	t.Parallel()
	s := openBusy(t)
	forms := s.allForms()
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		s.snapshot.Restore()
		f := s.freshSession(forms[path])
		values, before := s.filled(f), s.snapshot.Tables(passing...)
		s.routersChanged()
		a := s.post(s.staff[f.who], f, values)
		if a.StatusCode >= http.StatusBadRequest || strings.Contains(a.Header.Get("Location"), "/prove?") {
			t.Errorf("%s: %d %s %s", path, a.StatusCode, a.Header.Get("Location"), alertOf(a))
			continue
		}
		after := s.snapshot.Tables(passing...)
		moved := s.routersChanged()
		if len(storetest.Differ(before, after)) == 0 && !moved && !slices.Contains(harmless, path) {
			t.Errorf("%s: answered %d %s and did nothing", path, a.StatusCode, a.Header.Get("Location"))
		}
		b := s.post(s.staff[f.who], f, values)
		if b.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s: the second post: %d", path, b.StatusCode)
		}
		again := slices.DeleteFunc(storetest.Differ(after, s.snapshot.Tables(passing...)), func(table string) bool {
			return slices.Contains(samples[path].again, table) || table == "audit_head" && slices.Contains(samples[path].again, auditNote)
		})
		if s.routersChanged() && !slices.Contains(samples[path].again, onRouter) {
			again = append(again, onRouter)
		}
		if len(again) > 0 {
			t.Errorf("%s: the second post (%d %s) changed %v", path, b.StatusCode, b.Header.Get("Location"), again)
		}
	}
}

// harmless are the forms that only look, and are not noted.
var harmless = []string{"/logout", "/prove", "/account/sessions/end", "/routers/:id/kit/check", "/routers/:id/kit/plan", "/vouchers/print/preview"}

// alertOf is what a page says went wrong.
func alertOf(a answer) string {
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return ""
	}
	return text(a.page(a.StatusCode).Find("[role=alert], .note.bad"))
}
