package admin

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/store/storetest"
)

// dependent is a field that goes only with some choices: typed with this one it
// is asked about.
type dependent struct{ choice, chosen, field, typed string }

var dependents = map[string][]dependent{
	"/sell":                  counterFields,
	"/orders/:code/pay":      counterFields,
	"/vouchers/sell":         counterFields,
	"/routers":               {{"tls", none, "fingerprint", pinOf('a')}},
	"/routers/:id/edit":      {{"tls", none, "fingerprint", pinOf('a')}},
	"/routers/:id/kit/plan":  {{"user", "", "password", "rahasia"}},
	"/routers/:id/kit/apply": {{"user", "", "password", "rahasia"}},
	"/routers/:id/kit/undo":  {{"user", "", "password", "rahasia"}},
}

var counterFields = []dependent{{"method", "cash", "reference", "TRX-1"}, {"method", "transfer", "given", "50.000"}, {"method", "qris_static", "given", "50.000"}}

func pinOf(c rune) string { return strings.Repeat(string(c), 64) }

// independent are the forms with choices whose fields count with each of them.
var independent = map[string]string{
	"/account":                           "the name is only shown",
	"/catalogue/add/plan":                "every field is kept with each choice, or the plan is refused",
	"/catalogue/plans/:id":               "every field is kept with each choice, or the plan is refused",
	"/catalogue/add/site":                "what belongs to a pass or to failover is kept while that is off",
	"/catalogue/sites/:id":               "what belongs to a pass or to failover is kept while that is off",
	"/catalogue/promotions/new":          "every kind has all fields, and the wrong number is asked about",
	"/catalogue/promotions/:id":          "every kind has all fields, and the wrong number is asked about",
	"/orders/:code/refund/:gateway/:key": "the complaint and the boxes count with any amount",
	"/money/stray/:gateway/:key/refund":  "the complaint and the boxes count with any amount",
	"/vouchers/:id/extend":               "the complaint counts with whatever is added",
	"/shift/:id/cash":                    "both ways have an amount and a reason",
	"/money/rules":                       "each rule is kept for itself",
	"/policy":                            "each rule is kept for itself",
	"/staff":                             "every role has sites and a password",
	"/staff/:id/post":                    "every role has sites",
	"/vouchers/batches/:id/assign":       "a range goes to an outlet or back",
	"/vouchers/batches/:id/print":        "every format has a range; what belongs to CSV is ticked from the beginning",
	"/vouchers/new":                      "both modes have characters, length and prefix; a unit alone says nothing",
	"/vouchers/outlets":                  "an outlet of every site has all fields",
	"/vouchers/print":                    "every part is kept",
	"/vouchers/print/preview":            "every part is kept",
	"/routers/:id/users/:row":            "the router takes each field",
	"/routers/:id/profiles/new":          "the router takes each field",
	"/routers/:id/profiles/:row":         "the router takes each field",
	"/routers/:id/bindings/new":          "the router takes each field",
	"/routers/:id/bindings/:row":         "the router takes each field",
	"/routers/:id/garden/new":            "the router takes each field",
	"/routers/:id/garden/:row":           "the router takes each field",
	"/routers/:id/garden-ip/new":         "the router takes each field",
	"/routers/:id/garden-ip/:row":        "the router takes each field",
	"/catalogue/methods":                 "a minimum and a place are kept while a way to pay is off",
}

// Nothing that was typed vanishes because of a choice: it is asked about at its
// field, the form keeps it and the choice, and nothing changes.
func TestNoChoiceDropsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s, forms := openQuiet(t)
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		if dependents[path] == nil {
			if independent[path] == "" && chooses(forms[path].doc) {
				t.Errorf("%s has a choice beside fields to type into: name those that go only with some of it", path)
			}
			continue
		}
		s.snapshot.Restore()
		for _, d := range dependents[path] {
			s.asks(s.freshSession(forms[path]), d)
		}
	}
}

// chooses reports whether a form has a choice beside a field that is typed into,
// apart from a confirmation.
func chooses(doc *goquery.Selection) bool {
	typed := doc.Find("input,textarea").FilterFunction(func(_ int, x *goquery.Selection) bool {
		name := x.AttrOr("name", "")
		return (typeable(x) || x.AttrOr("type", "") == "password") && name != "typed" && name != "reason"
	})
	return typed.Length() > 0 && doc.Find("select,input[type=radio],input[type=checkbox]").Length() > 0
}

func (s *busyShop) asks(f form, d dependent) {
	s.Helper()
	values, before := s.filled(f), s.snapshot.Tables(passing...)
	values.Set(d.field, d.typed)
	if values.Set(d.choice, d.chosen); d.chosen == none {
		values.Del(d.choice)
	}
	s.routersChanged()
	a := s.post(s.staff[f.who], f, values)
	what := f.route.Path + " " + d.choice + "=" + d.chosen + " " + d.field
	if a.StatusCode != http.StatusUnprocessableEntity {
		s.Errorf("%s: %d %s", what, a.StatusCode, a.Header.Get("Location"))
	} else {
		doc := a.page(http.StatusUnprocessableEntity)
		if at := doc.Find("[aria-invalid=true]").AttrOr("name", ""); at != d.field || text(doc.Find("#wrong")) == "" {
			s.Errorf("%s: asked at %q: %q", what, at, text(doc.Find("#wrong")))
		}
		if chosen := doc.Find("input[type=radio][name='" + d.choice + "'][checked]"); d.choice == "method" && chosen.AttrOr("value", "") != d.chosen {
			s.Errorf("%s: the choice is %q", what, chosen.AttrOr("value", ""))
		}
		s.told(what, f, d.field, a, values)
	}
	if changed := storetest.Differ(before, s.snapshot.Tables(passing...)); len(changed) > 0 || s.routersChanged() {
		s.Errorf("%s: changed %v", what, changed)
		s.snapshot.Restore()
	}
}
