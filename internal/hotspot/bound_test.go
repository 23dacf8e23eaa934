package hotspot

import (
	"testing"
	"time"
)

func TestBoundInComments(t *testing.T) {
	end, after := Bound{EndsAt: 1795485600}, Bound{After: 24 * time.Hour}
	for _, c := range []struct {
		base, mark string
		bound      Bound
		comment    string
	}{
		{"up-123-11.24.26-gerai.ABCD2345", "gerai.ABCD2345", end, "up-123-11.24.26-until1795485600-gerai.ABCD2345"},
		{"vc-123-11.24.26-gb.K7M4XQ.warung", "gb.K7M4XQ", after, "vc-123-11.24.26-after00086400-gb.K7M4XQ.warung"},
		{"up-123-11.24.26-gerai.ABCD2345", "gerai.ABCD2345", Bound{}, "up-123-11.24.26-gerai.ABCD2345"},
		{"nov/24/2026 10:11:12", "gerai.ABCD2345", end, "nov/24/2026 10:11:12 -until1795485600"},
		{"2026-11-24 10:11:12", "gerai.ABCD2345", end, "2026-11-24 10:11:12 -until1795485600"},
		{"", "gerai.ABCD2345", end, "-until1795485600"},
		{"lunas", "", after, "lunas-after00086400"},
	} {
		comment := c.bound.Comment(c.base, c.mark)
		base, bound := SplitBound(comment)
		if comment != c.comment || base != c.base || bound != c.bound {
			t.Errorf("%q with %+v is %q, then %q with %+v", c.base, c.bound, comment, base, bound)
		}
	}
	if got := (Bound{After: 40000 * 24 * time.Hour}).Comment("x-m", "m"); got != "x-m" {
		t.Error("more than the form holds", got)
	}
	for comment, want := range map[string]string{
		"lunas up-1-until1795485600-gerai.X untuk Budi": "lunas up-1-gerai.X untuk Budi", "note-until": "note-until", "a-until12345": "a-until12345", "a-after1": "a-after1",
	} {
		if base, _ := SplitBound(comment); base != want {
			t.Errorf("%q is %q", comment, base)
		}
	}
	for _, c := range []struct {
		want, have Bound
		covers     bool
	}{{end, end, true}, {end, Bound{EndsAt: end.EndsAt - 60}, true}, {end, Bound{EndsAt: end.EndsAt - 61}, false}, {end, Bound{EndsAt: end.EndsAt + 1}, false}, {end, after, false},
		{after, after, true}, {after, end, false}, {Bound{}, end, false}, {Bound{}, Bound{}, true}, {end, Bound{}, false}, {Bound{After: 40000 * 24 * time.Hour}, Bound{}, true}} {
		if got := c.want.Covers(c.have); got != c.covers {
			t.Errorf("%+v covers %+v: %t", c.want, c.have, got)
		}
	}
}
